import Foundation
import TestSupport
import Testing

@Suite("Where an engine listens", .workspace, .limited, .timeLimit(.minutes(15)))
struct ListenTests {
  /// An engine with one listener, and the port that it announces for it.
  private func start(_ address: String, announcing host: String) async throws -> String {
    let process = try Workspace.current.start(
      Program.path, ["serve", "--name", "x", "--listen", address])
    let line = try await eventually("no engine listens: \(process.errors)") {
      try #require(process.exitCode == nil, "it ended: \(process.errors)")
      let text = String(decoding: process.output, as: UTF8.self)
      return text.contains("\n") ? text : nil
    }
    let prefix = "wstop: listening on \(host):"
    try #require(line.hasPrefix(prefix), "\(line)")
    return String(line.dropFirst(prefix.count).prefix { $0.isNumber })
  }

  @Test("All addresses are those of both families", arguments: ["*:0", "[::]:0"])
  func everywhere(address: String) async throws {
    let port = try await start(address, announcing: "*")
    for host in ["127.0.0.1", "[::1]"] {
      let client = try await Client.connect("ws://\(host):\(port)/ws/echo")
      try await client.send(host)
      #expect(try await client.receive() == .text(host))
    }
    // Clients of IPv4 are told by their IPv4 addresses, on a listener that is named as it was bound.
    let sessions = try JSON(try await wstop("sessions", "--name", "x", "--json").output)
    let addresses = sessions["sessions"]?.array.compactMap { $0["address"]?.string } ?? []
    #expect(Set(addresses) == ["127.0.0.1", "::1"])
    let stats = try JSON(try await wstop("stats", "--name", "x", "--json").output)
    #expect(stats["engine"]?["listeners"]?[0]?.string == "*:\(port)")
  }

  @Test("IPv6 alone is IPv6 alone")
  func ipv6Only() async throws {
    let port = try await start("[::]:0,ipv6only", announcing: "[::]")
    let client = try await Client.connect("ws://[::1]:\(port)/ws/echo")
    try await client.send("six")
    #expect(try await client.receive() == .text("six"))
    await #expect(throws: (any Error).self) {
      try await Client.connect("ws://127.0.0.1:\(port)/ws/echo")
    }
  }

  @Test(
    "What is no place to listen is refused with what would be right",
    arguments: [
      ("0:8080", "* for all addresses"), ("*:80,ipv6only", "ipv6only is for [::]:PORT"),
      ("127.0.0.1:80,mode=0600", "mode=0660 for unix:PATH"), ("unix:/x,mode=9", "octal digits"),
    ])
  func faults(address: String, words: String) async throws {
    let outcome = try await wstop("serve", "--name", "x", "--listen", address)
    #expect(outcome.failed(64, "--listen \(address)", words), "\(outcome)")
  }

  @Test("Two listeners that would take the same connections are refused")
  func conflict() async throws {
    let outcome = try await wstop(
      "serve", "--name", "x", "--listen", "[::]:9307", "--listen", "0.0.0.0:9307")
    #expect(outcome.failed(64, "[::]:9307,ipv6only", "0.0.0.0:9307"), "\(outcome)")
  }

  @Test("A Unix listener has the mode that is said", arguments: ["0660", "600", "0777"])
  func mode(mode: String) async throws {
    let path = Workspace.current.path("l.sock")
    _ = try await Engine.start("--listen", "unix:\(path),mode=\(mode)")
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == UInt32(mode, radix: 8))
    let client = try await Client.connect("ws://localhost/ws/echo", unix: path)
    try await client.send("by path")
    #expect(try await client.receive() == .text("by path"))
  }
}
