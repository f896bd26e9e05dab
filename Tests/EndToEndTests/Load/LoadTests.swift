import Foundation
import TestCertificates
import TestSupport
import Testing

@Suite("wstop load", .workspace, .limited, .timeLimit(.minutes(15)))
struct LoadTests {
  /// Runs a load and reads its report.
  static func load(_ url: String, _ arguments: String...) async throws -> JSON {
    let outcome = try await run(Program.path, ["load", url, "--json"] + arguments)
    #expect(outcome.exitCode == 0, "\(outcome)")
    return try JSON(outcome.output)
  }

  /// Runs a load and reads its report, again as long as fewer replies than wanted came in its time:
  /// a machine may stand still for all of that.
  static func load(
    _ url: String, _ arguments: [String], repliesAtLeast count: Int
  ) async throws -> JSON {
    try await eventually("\(count) replies in the time of a load") {
      let outcome = try await run(Program.path, ["load", url, "--json"] + arguments)
      try #require(outcome.exitCode == 0, "\(outcome)")
      let report = try JSON(outcome.output)
      return (report["messages"]?["received"]?.int ?? 0) >= count ? report : nil
    }
  }

  /// How many connections ended with a code.
  static func closes(_ report: JSON, _ code: Int, by who: String) -> Int {
    report["closes"]?.array.first { $0["code"]?.int == code && $0["by"]?.string == who }?["count"]?
      .int ?? 0
  }

  /// How often an error came whose kind has these words.
  static func errors(_ report: JSON, _ words: String) -> Int {
    report["errors"]?.array.filter { $0["kind"]?.string?.contains(words) == true }
      .reduce(0) { $0 + ($1["count"]?.int ?? 0) } ?? 0
  }

  @Test(
    "The engine's echo takes every shape, each byte compared",
    arguments: [
      ["--size", "20", "--window", "32"], ["--size", "0..300", "--text", "--connections", "50"],
      ["--size", "1MB", "--window", "2"], ["--size", "64KiB", "--text", "--threads", "2"],
      ["--rate", "500/s", "--connections", "7", "--warm-up", "200ms"],
    ])
  func echo(arguments: [String]) async throws {
    let engine = try await Engine.start()
    let report = try await Self.load(
      engine.url("/ws/echo"), ["--duration", "700ms"] + arguments, repliesAtLeast: 1)
    let messages = try #require(report["messages"])
    #expect(messages["mismatched"]?.int == 0)
    #expect(messages["unexpected"]?.int == 0)
    #expect(messages["unanswered"]?.int == 0)
    #expect(report["errors"] == .array([]))
    let connections = try #require(report["connections"])
    #expect(connections["opened"] == connections["wanted"])
    #expect(Self.closes(report, 1000, by: "client") == connections["wanted"]?.int)
    #expect((report["replyMicroseconds"]?["p99"]?.number ?? 0) > 0)
    try await until("the engine has no session left") { try await engine.openCount() == 0 }
    // The engine saw what the load says that it sent, and what it sent before the measured time.
    let received = try await engine.json("stats")["traffic"]?["messagesIn"]?.int ?? 0
    #expect(received >= messages["sent"]?.int ?? .max)
  }

  @Test("A server of another make echoes as well, in fragments and with pings too")
  func python() async throws {
    for mode in [PythonServer.Mode.echo, .fragments] {
      let server = try await PythonServer.start(mode)
      let report = try await Self.load(
        server.url,
        ["--duration", "500ms", "--connections", "5", "--size", "2..5KiB", "--text"],
        repliesAtLeast: 1)
      #expect(report["messages"]?["mismatched"]?.int == 0)
      #expect(Self.closes(report, 1000, by: "client") == 5)
    }
  }

  @Test("Over TLS the server's certificate is checked, unless that is not wanted")
  func tls() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let server = try await PythonServer.start(
      .echo, files: (certificate: pair.certificate, key: pair.privateKey))
    for arguments in [["--ca", pair.certificate], ["--insecure"]] {
      let report = try await Self.load(
        server.url,
        ["--duration", "500ms", "--connections", "4", "--size", "1,100KiB", "--window", "3"]
          + arguments, repliesAtLeast: 1)
      #expect(report["messages"]?["mismatched"]?.int == 0)
      #expect(report["connections"]?["tls"]?.string?.hasPrefix("TLSv1.3 ") == true)
      #expect(Self.closes(report, 1000, by: "client") == 4)
    }
    let unknown = try await wstop("load", server.url)
    #expect(unknown.failed(69, "TLS: ", "certificate is not accepted"), "\(unknown)")
    let plain = try await PythonServer.start(.echo)
    let mistaken = try await wstop(
      "load", plain.url.replacingOccurrences(of: "ws:", with: "wss:"), "--insecure")
    #expect(mistaken.failed(69, "TLS: "), "\(mistaken)")
    let missing = try await wstop("load", server.url, "--ca", "/nonexistent.pem")
    #expect(missing.failed(64, "/nonexistent.pem"), "\(missing)")
  }

  @Test("Messages are compressed both ways where the server agrees, and go as they are otherwise")
  func compression() async throws {
    let server = try await PythonServer.start(.deflate)
    let report = try await Self.load(
      server.url,
      [
        "--duration", "500ms", "--connections", "3", "--compression", "--text", "--size",
        "1,300,5000,200KiB",
      ], repliesAtLeast: 1)
    #expect(report["messages"]?["mismatched"]?.int == 0)
    #expect(report["connections"]?["compressed"]?.int == 3)
    #expect(report["errors"] == .array([]))
    let without = try await PythonServer.start(.echo)
    let plain = try await Self.load(without.url, "--duration", "300ms", "--compression")
    #expect(plain["connections"]?["compressed"]?.int == 0)
    #expect(plain["messages"]?["mismatched"]?.int == 0)
  }

  @Test("In paced mode a stall of the server shows in the percentiles, in a closed loop hardly")
  func coordinatedOmission() async throws {
    let stalling = try await PythonServer.start(.stall)
    let paced = try await Self.load(stalling.url, "--rate", "200/s", "--duration", "3s")
    // A third of all messages were due while the server stood still for a second.
    #expect((paced["replyMicroseconds"]?["count"]?.int ?? 0) >= 590)
    #expect((paced["replyMicroseconds"]?["p90"]?.number ?? 0) > 300_000)
    #expect((paced["replyMicroseconds"]?["maximum"]?.number ?? 0) > 900_000)
    #expect(paced["mode"]?.string == "paced")
    let other = try await PythonServer.start(.stall)
    let closed = try await Self.load(other.url, "--duration", "3s")
    #expect((closed["replyMicroseconds"]?["p90"]?.number ?? .infinity) < 300_000)
    #expect((closed["replyMicroseconds"]?["maximum"]?.number ?? 0) > 900_000)
  }

  @Test("What is not answered is counted, with the time that it has waited")
  func silence() async throws {
    let server = try await PythonServer.start(.silent)
    let report = try await Self.load(server.url, "--rate", "50/s", "--duration", "1s")
    #expect(report["messages"]?["received"]?.int == 0)
    let unanswered = report["messages"]?["unanswered"]?.int ?? 0
    #expect((49...50).contains(unanswered))
    #expect((report["replyMicroseconds"]?["minimum"]?.number ?? 0) > 4_000_000)
    let oneWay = try await Self.load(
      server.url, "--rate", "50/s", "--duration", "1s", "--replies", "none")
    #expect(oneWay["messages"]?["unanswered"]?.int == 0)
    // Those that a busy machine sends after the end are late, and not among the sent ones.
    #expect((oneWay["lateMicroseconds"]?["count"]?.int ?? 0) >= 49)
  }

  @Test("Echoes that are not what was sent are counted")
  func wrong() async throws {
    let server = try await PythonServer.start(.wrong)
    let report = try await Self.load(server.url, ["--duration", "500ms"], repliesAtLeast: 3)
    let received = report["messages"]?["received"]?.int ?? 0
    let wrong = report["messages"]?["mismatched"]?.int ?? 0
    #expect(wrong > 0)
    #expect(abs(wrong - received / 3) <= 1)
    let any = try await Self.load(server.url, "--duration", "300ms", "--replies", "any")
    #expect(any["messages"]?["mismatched"]?.int == 0)
  }

  @Test("Refusals, and connections that the server closes, are counted by kind and code")
  func refusals() async throws {
    let busy = try await PythonServer.start(.busy)
    let half = try await Self.load(busy.url, "--connections", "10", "--duration", "300ms")
    #expect(half["connections"]?["opened"]?.int == 5)
    #expect(half["connections"]?["failed"]?.int == 5)
    #expect(Self.errors(half, "refused: HTTP 503 Service Unavailable") == 5)
    let leaving = try await PythonServer.start(.leave)
    // It ends with the last connection.
    let left = try await Self.load(leaving.url, "--connections", "4", "--duration", "1m")
    #expect(Self.closes(left, 4001, by: "server") == 4)
    #expect(left["messages"]?["mismatched"]?.int == 0)
  }

  @Test(
    "Where nobody listens, or nothing is at the path, the exit code is 69 and the line says why")
  func nobody() async throws {
    let engine = try await Engine.start()
    let nowhere = try await wstop("load", engine.url("/nowhere"), "--connections", "3")
    #expect(nowhere.failed(69, "no connection could be opened", "HTTP 404"), "\(nowhere)")
    let unused = try UnusedPort()
    let refused = try await wstop(
      "load", "ws://127.0.0.1:\(unused.port)/", "--connections", "3", "--json")
    #expect(refused.failed(69, "Connection refused"), "\(refused)")
    let report = try JSON(refused.output)
    #expect(report["connections"]?["failed"]?.int == 3)
    #expect(Self.errors(report, "connect: Connection refused") == 3)
    let name = try await wstop("load", "ws://no-such-host.invalid/")
    #expect(name.failed(69, "no-such-host.invalid", "cannot be resolved"), "\(name)")
  }

  @Test("A server that accepts and says nothing fails the handshake in time")
  func silentHandshake() async throws {
    let listener = try RawListener()
    let outcome = try await wstop(
      "load", "ws://127.0.0.1:\(listener.port)/", "--timeout", "300ms", "--connections", "2")
    #expect(outcome.failed(69, "the handshake timed out"), "\(outcome)")
  }

  @Test("Ctrl-C ends early, with the report so far")
  func interrupted() async throws {
    let engine = try await Engine.start()
    let process = try Workspace.current.start(
      Program.path, ["load", engine.url("/ws/echo"), "--json", "--duration", "10m"])
    try await until("messages go") {
      (try await engine.json("stats")["traffic"]?["messagesIn"]?.int ?? 0) > 100
    }
    process.signal(SIGINT)
    #expect(try await process.waitForExit() == 0)
    let report = try JSON(process.output)
    #expect(report["interrupted"] == .bool(true))
    #expect((report["messages"]?["received"]?.int ?? 0) > 0)
    #expect((report["seconds"]?.number ?? 600) < 600)
    #expect(Self.closes(report, 1000, by: "client") == 1)
  }

  @Test("A second signal does not wait for replies or closing handshakes")
  func aborted() async throws {
    let engine = try await Engine.start()
    // Alone in a room: nothing is ever answered.
    let process = try Workspace.current.start(
      Program.path,
      ["load", engine.url("/ws/chat/x"), "--json", "--duration", "10m", "--rate", "1000/s"])
    try await until("messages go") {
      (try await engine.json("stats")["traffic"]?["messagesIn"]?.int ?? 0) > 100
    }
    process.signal(SIGINT)
    process.signal(SIGTERM)
    #expect(try await process.waitForExit() == 0)
    let report = try JSON(process.output)
    #expect(report["interrupted"] == .bool(true))
    #expect(Self.closes(report, 1000, by: "client") == 0)
    #expect((report["messages"]?["unanswered"]?.int ?? 0) > 0)
  }

  @Test("Each handshake has its time, and all together as long as it takes")
  func slowOpening() async throws {
    let listener = try RawListener()
    let outcome = try await wstop(
      "load", "ws://127.0.0.1:\(listener.port)/", "--timeout", "100ms", "--connections", "12",
      "--opening", "1", "--threads", "1", "--json")
    #expect(outcome.exitCode == 69, "\(outcome)")
    let report = try JSON(outcome.output)
    #expect(report["connections"]?["failed"]?.int == 12)
    #expect(Self.errors(report, "the handshake timed out") == 12)
  }

  /// A link-local address of this machine with its zone, if it has one.
  private static func linkLocalAddress() throws -> String? {
    let lines = try String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: " ") }
    // The scope of a link is 20, and an address is tentative (40) until nobody else has it.
    guard let line = lines.first(where: { $0.count == 6 && $0[3] == "20" && $0[4] == "80" }),
      let address = line.first
    else { return nil }
    let groups = stride(from: 0, to: 32, by: 4).map { offset in
      address.dropFirst(offset).prefix(4)
    }
    return groups.joined(separator: ":") + "%" + line[5]
  }

  @Test("The zone of a link-local address says by which interface it is reached")
  func zones() async throws {
    if let address = try Self.linkLocalAddress() {
      let engine = try await Engine.start("--listen", "[\(address)]:0")
      let text = String(decoding: engine.process.output, as: UTF8.self)
      let match = try #require(text.firstMatch(of: /\[(fe80:.*)%(.*)\]:([0-9]+)/))
      _ = try await Self.load(
        "ws://[\(match.1)%25\(match.2)]:\(match.3)/ws/echo", ["--duration", "200ms"],
        repliesAtLeast: 1)
    }
    // An interface that there is, with nobody at the address; and one that there is not.
    let lo = try await wstop("load", "ws://[fe80::1%25lo]:9/", "--timeout", "200ms")
    #expect(lo.failed(69, "no connection could be opened"), "\(lo)")
    let none = try await wstop("load", "ws://[fe80::1%25none]:9/")
    #expect(none.failed(69, "fe80::1%none cannot be resolved"), "\(none)")
  }

  @Test("What is no host is refused at once", arguments: ["*", "0", "127.1", "a..b", "a_b-"])
  func hosts(host: String) async throws {
    let outcome = try await wstop("load", "ws://\(host):9/ws/echo")
    #expect(outcome.failed(64, "wants HOST, HOST:PORT or [IPV6]:PORT"), "\(outcome)")
  }

  @Test("More connections than descriptors are refused with what would be right")
  func descriptors() async throws {
    let outcome = try await shell(
      "ulimit -n 200; \"$WSTOP\" load ws://127.0.0.1:9/ --connections 200")
    #expect(outcome.failed(64, "may open 200 descriptors", "ulimit"), "\(outcome)")
  }

  @Test("Only the active ones of many connections send, and all are opened over the ramp")
  func idle() async throws {
    let engine = try await Engine.start()
    let report = try await Self.load(
      engine.url("/ws/echo"), "--connections", "300", "--active", "10", "--duration", "300ms",
      "--ramp", "6s", "--threads", "3")
    #expect(report["connections"]?["opened"]?.int == 300)
    // 300 in 6 s are 50 a second; a machine that stalls at first sees more, but not the thousands
    // that come without a ramp.
    #expect((report["connections"]?["openedPerSecond"]?.number ?? .infinity) < 1000)
    #expect(Self.closes(report, 1000, by: "client") == 300)
  }

  @Test("Connections are closed and opened again")
  func reconnecting() async throws {
    let engine = try await Engine.start()
    let report = try await Self.load(
      engine.url("/ws/echo"),
      ["--connections", "5", "--duration", "500ms", "--reconnect-after", "2"], repliesAtLeast: 21)
    let opened = report["connections"]?["opened"]?.int ?? 0
    #expect(opened > 10)
    #expect(report["connections"]?["failed"]?.int == 0)
    #expect(Self.closes(report, 1000, by: "client") == opened)
    #expect(report["messages"]?["unanswered"]?.int == 0)
  }

  @Test("Headers, origin and subprotocol reach the server")
  func handshake() async throws {
    let engine = try await Engine.start("--allow-origin", "https://example.com")
    let refused = try await wstop("load", engine.url("/ws/echo"), "--origin", "https://evil.test")
    #expect(refused.failed(69, "HTTP 403"), "\(refused)")
    // A machine may stand still for as long as it takes.
    try await until("replies are timed") {
      let outcome = try await wstop(
        "load", engine.url("/ws/echo"), "--origin", "https://example.com", "--header", "X-A: b",
        "--duration", "100ms", "--from", "127.0.0.7")
      #expect(outcome.exitCode == 0, "\(outcome)")
      return outcome.rows.contains { $0.first == "reply.p99" }
    }
  }
}
