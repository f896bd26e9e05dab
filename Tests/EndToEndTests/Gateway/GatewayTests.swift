import Foundation
import TestCertificates
import TestSupport
import Testing

@Suite(
  "In front of a server that nobody here wrote", .workspace, .limited, .timeLimit(.minutes(15)))
struct GatewayTests {
  /// An engine that relays everything to a server.
  private func gateway(
    to server: PythonServer, _ arguments: String...
  ) async throws -> Engine {
    try await Engine.start(
      ["--route", "/=\(server.url)", "--set", "ping-interval=off"] + arguments)
  }

  @Test(
    "Messages of all sizes come back, whole, in fragments and compressed by either side",
    arguments: [PythonServer.Mode.echo, .fragments, .deflate])
  func echo(mode: PythonServer.Mode) async throws {
    let engine = try await gateway(to: try await PythonServer.start(mode))
    let client = try await Client.connect(engine.url("/any/path?q=1"))
    try await client.send("hé")
    #expect(try await client.receive() == .text("hé"))
    try await client.send([UInt8]([0, 1, 255]))
    #expect(try await client.receive() == .binary([0, 1, 255]))
    for byteCount in [70_000, 900_000] {
      let digest = try await client.send(byteCount: byteCount)
      #expect(
        try await client.receive()
          == .long(byteCount: byteCount, digest: digest, isText: false))
    }
  }

  @Test("The server's close reaches the client with its code, and is counted as the upstream's")
  func close() async throws {
    let engine = try await gateway(to: try await PythonServer.start(.leave))
    let client = try await Client.connect(engine.url("/"))
    for number in 0..<3 {
      try await client.send("message \(number)")
      #expect(try await client.receive() == .text("message \(number)"))
    }
    #expect(try await client.closed().code == 4001)
    try await until("the close is counted") {
      try await engine.closes(4001, by: "upstream") == 1
    }
  }

  @Test("A refusal of the server's reaches the client")
  func refused() async throws {
    let engine = try await gateway(to: try await PythonServer.start(.busy))
    let client = try await Client.connect(engine.url("/"))
    await #expect(throws: Client.Refused(status: 503)) {
      _ = try await Client.connect(engine.url("/"))
    }
    try await client.send("still there")
    #expect(try await client.receive() == .text("still there"))
  }

  @Test("A server behind TLS is reached if its certificate is of the authorities that are named")
  func overTLS() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let server = try await PythonServer.start(.echo, files: (pair.certificate, pair.privateKey))
    let engine = try await gateway(to: server, "--upstream-authorities", pair.certificate)
    let client = try await Client.connect(engine.url("/"))
    let digest = try await client.send(byteCount: 300_000)
    #expect(
      try await client.receive() == .long(byteCount: 300_000, digest: digest, isText: false))
    let distrusting = try await Engine.start("--route", "/=\(server.url)", name: "y")
    await #expect(throws: Client.Refused(status: 502)) {
      _ = try await Client.connect(distrusting.url("/"))
    }
  }

  @Test("An operator sees the upstream's sessions, sends and closes as with others")
  func operated() async throws {
    let server = try await PythonServer.start(.echo)
    let engine = try await gateway(to: server)
    let client = try await Client.connect(engine.url("/room"))
    try await client.send("hello")
    #expect(try await client.receive() == .text("hello"))
    let upstreams = try await engine.json("upstreams")["upstreams"]?.array
    #expect(upstreams?.first?["sessions"]?.int == 1)
    let id = try await engine.id(of: client)
    let sent = try await engine.wstop("send", id, "--text", "from the operator")
    #expect(sent.exitCode == 0, "\(sent)")
    #expect(try await client.receive() == .text("from the operator"))
    let closed = try await engine.wstop("close", id, "--code", "4005", "--reason", "out")
    #expect(closed.exitCode == 0, "\(closed)")
    #expect(try await client.closed() == Client.Close(4005, "out"))
    try await until("the upstream has no session") {
      try await engine.json("upstreams")["upstreams"]?.array.first?["sessions"]?.int == 0
    }
  }

  @Test("A target that cannot be is refused with what would be right")
  func badTargets() async throws {
    for (route, words) in [
      ("/=ws://", "has no host and port"), ("/=gopher://x", "is no target"),
      ("/x", "wants PATH=HANDLER"), ("/=ws://a?q", "has a query"),
      ("/=ws://a,ws://a", "stands in the list twice"), ("/a/*/b=ws://a", "*"),
    ] {
      let outcome = try await wstop("serve", "--name", "z", "--route", route)
      #expect(outcome.failed(64, words), "\(route): \(outcome)")
    }
    let outcome = try await wstop("serve", "--name", "z", "--upstream-policy", "fewest")
    #expect(outcome.failed(64, "no such policy"), "\(outcome)")
  }
}
