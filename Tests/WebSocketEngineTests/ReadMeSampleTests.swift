import Foundation
import TestSupport
import Testing
import WebSocketEngine

/// The program of the README, word for word but for its port.
private func readMe(port: UInt16) throws -> Server {
  final class Echo: SessionHandler {
    func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
      try session.send(message, as: kind)
    }
  }
  var router = Router()
  try router.route("/ws/echo") { _ in Echo() }
  let server = try Server(
    ServerConfiguration(listeners: [.internet(host: "127.0.0.1", port: port)]), routes: router)
  try server.start()
  return server
}

/// The program of the manual's topic `library`, likewise.
private func sample(port: UInt16) throws -> Server {
  final class Echo: SessionHandler {
    func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
      try session.send(message, as: kind)
    }
  }

  var router = Router()
  try router.route("/ws/echo") { _ in Echo() }
  try router.webSocket("/ws/rooms/{room}") { socket in
    let room = socket.request.parameters["room"] ?? "lobby"
    try await socket.accept()
    try await socket.join(room)
    for try await message in socket.messages {
      if case .text(let text) = message {
        try await socket.rooms.broadcast(text, to: room, excluding: socket.id)
      }
    }
  }

  let server = try Server(
    ServerConfiguration(listeners: [.internet(host: "127.0.0.1", port: port)]), routes: router)
  try server.start()
  return server
}

@Suite("The programs in the README and the manual", .limited, .timeLimit(.minutes(10)))
struct ReadMeSampleTests {
  /// The lines of a text that say something, without what is around them.
  private static func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  @Test("They are what is compiled here")
  func compiled() throws {
    let file = URL(filePath: #filePath)
    let root = file.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let here = try [
      file, root.appending(path: "Tests/ControlServerTests/API/ControlSampleTests.swift"),
    ].flatMap { Self.lines(try String(contentsOf: $0, encoding: .utf8)) }
    let manual = try FileManager.default.contentsOfDirectory(
      at: root.appending(path: "Sources/wstop/Manual"), includingPropertiesForKeys: nil)
    var blocks: [[String]] = []
    for page in [root.appending(path: "README.md")] + manual {
      let text = try String(contentsOf: page, encoding: .utf8)
      blocks += text.matches(of: #/```swift\n(.*?)```/#.dotMatchesNewlines()).map { match in
        Self.lines(match.output.1).map {
          $0.replacing("port: 8080", with: "port: port")
            .replacing("\"/run/orders/wstop.sock\"", with: "socket")
        }
      }
    }
    #expect(blocks.count >= 3)
    for block in blocks {
      // What is imported stands at the top of these files.
      let code = block.filter { !$0.hasPrefix("import ") }
      #expect(block.allSatisfy { !$0.hasPrefix("import ") || here.contains($0) })
      #expect(here.indices.contains { here[$0...].starts(with: code) }, "\(code)")
    }
  }

  @Test("That of the README serves an echo")
  func readMeEcho() async throws {
    let server = try readMe(port: 0)
    guard case .internet(_, let port)? = server.addresses.first else {
      throw TestTimeout(what: "a port")
    }
    let client = try await TestClient(port: port)
    try await client.open("/ws/echo")
    try await client.send("hello")
    #expect(try await client.nextAnsweringPings() == .text("hello"))
    await server.shutDown(timeout: .seconds(5))
  }

  @Test("They serve what they seem to: an echo, and rooms that hear their own messages alone")
  func run() async throws {
    let server = try sample(port: 0)
    guard case .internet(_, let port)? = server.addresses.first else {
      throw TestTimeout(what: "a port")
    }
    func client(_ path: String) async throws -> TestClient {
      let client = try await TestClient(port: port)
      try await client.open(path)
      return client
    }
    let echo = try await client("/ws/echo")
    try await echo.send("hello")
    #expect(try await echo.nextAnsweringPings() == .text("hello"))
    let one = try await client("/ws/rooms/attic")
    let two = try await client("/ws/rooms/attic")
    let lobby = try await client("/ws/rooms/lobby")
    try await eventually("three members") {
      server.rooms.memberCount(of: "attic") == 2 && server.rooms.memberCount(of: "lobby") == 1
    }
    try await one.send("in the attic")
    #expect(try await two.nextAnsweringPings() == .text("in the attic"))
    try await two.send("and back")
    #expect(try await one.nextAnsweringPings() == .text("and back"), "nobody hears oneself")
    let other = try await client("/ws/rooms/lobby")
    try await eventually("two in the lobby") { server.rooms.memberCount(of: "lobby") == 2 }
    try await other.send("in the lobby")
    #expect(
      try await lobby.nextAnsweringPings() == .text("in the lobby"),
      "and nothing from the attic before")
    await server.shutDown(timeout: .seconds(5))
  }
}
