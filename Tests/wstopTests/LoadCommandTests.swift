import ArgumentParser
import EventLoop
import LoadGenerator
import Testing
import Vocabulary
import WebSocketProtocol

@testable import wstop

@Suite("wstop load: the command line")
struct LoadCommandTests {
  static let url = "ws://127.0.0.1:8080/ws/echo"

  static func parse(_ arguments: String...) throws -> LoadCommand {
    try #require(try WStop.parseAsRoot(["load", url] + arguments) as? LoadCommand)
  }

  /// A plan before any option.
  static func plainPlan() throws -> LoadPlan {
    LoadPlan(
      url: try WebSocketURL("ws://127.0.0.1:9/ws/echo"),
      address: try ResolvedAddress(.internet(host: "127.0.0.1", port: 9)))
  }

  static func plan(_ arguments: String...) throws -> LoadPlan {
    let command = try #require(try WStop.parseAsRoot(["load", url] + arguments) as? LoadCommand)
    var plan = try plainPlan()
    try command.load.apply(to: &plan)
    try command.connection.apply(to: &plan)
    return plan
  }

  @Test("Without options one connection has one binary message of 20 bytes in flight for 10 s")
  func defaults() throws {
    let plan = try Self.plan()
    #expect(plan.connectionCount == 1)
    #expect(plan.activeCount == 1)
    #expect(plan.threadCount == 1)
    #expect(plan.pace == .window(1))
    #expect(plan.replies == .echo)
    #expect(plan.payload.kind == .binary)
    #expect(plan.payload.sizes == MessageSizes(20))
    #expect(plan.duration == .seconds(10))
    #expect(plan.warmUp == .zero)
    #expect(plan.ramp == .zero)
    #expect(plan.reconnectAfter == nil)
  }

  @Test("Everything can be said otherwise")
  func options() throws {
    let plan = try Self.plan(
      "--text", "--size", "16..4KiB", "--connections", "500", "--active", "50", "--rate", "1200/m",
      "--ramp", "5s", "--duration", "1m", "--warm-up", "2s", "--threads", "3", "--replies", "any",
      "--header", "Authorization: Bearer -x", "--header", "X: a:b", "--origin",
      "https://example.com", "--subprotocol", "chat", "--subprotocol", "v2", "--opening", "9",
      "--timeout", "3s", "--from", "127.0.0.2")
    #expect(plan.payload.kind == .text)
    #expect(plan.payload.sizes.largest == 4096)
    #expect(plan.connectionCount == 500)
    #expect(plan.activeCount == 50)
    #expect(plan.pace == .rate(20))
    #expect(plan.ramp == .seconds(5))
    #expect(plan.duration == .seconds(60))
    #expect(plan.warmUp == .seconds(2))
    #expect(plan.threadCount == 3)
    #expect(plan.replies == .any)
    #expect(plan.headers["authorization"] == "Bearer -x")
    #expect(plan.headers["x"] == "a:b")
    #expect(plan.headers["origin"] == "https://example.com")
    #expect(plan.subprotocols == ["chat", "v2"])
    #expect(plan.openingLimit == 9)
    #expect(plan.timeout == .seconds(3))
    #expect(plan.sources.count == 1)
    #expect(try Self.plan("--window", "32", "--reconnect-after", "7").pace == .window(32))
    #expect(try Self.plan("--reconnect-after", "0").reconnectAfter == 0)
    #expect(try Self.plan("--compression").isCompressing)
    #expect(try Self.plan("--threads", "64", "--connections", "2").threadCount == 2)
  }

  @Test("A message of one's own is text, or binary if so wanted")
  func message() throws {
    let text = try Self.plan("--message", "-{\"op\":\"time\"}", "--replies", "any")
    #expect(text.payload.kind == .text)
    #expect(text.payload.sizes == MessageSizes(14))
    #expect(try Self.plan("--message", "x", "--binary").payload.kind == .binary)
  }

  @Test(
    "Nonsense exits with 64 and says what would be right",
    arguments: [
      (["--size", "x"], "16..4KiB"), (["--size", "-1"], "size"),
      (["--size", "2GiB"], "up to 1GiB"),
      (["--size", "9..3"], "wants bytes"), (["--size", "1..2..3"], "wants bytes"),
      (["--size", ""], "wants bytes"), (["--size", "1,"], "wants bytes"),
      (["--text", "--binary"], "exclude"), (["--message", "x", "--size", "1"], "exclude"),
      (["--replies", "maybe"], "echo, any or none"), (["--window", "0"], "1 to 65536"),
      (["--window", "65537"], "1 to 65536"), (["--rate", "0"], "5000/s"),
      (["--rate", "x/s"], "5000/s"), (["--rate", "1e9"], "5000/s"), (["--rate", "5/h"], "5000/s"),
      (["--rate", "10000001"], "10000000/s"), (["--rate", "1/s", "--window", "1"], "exclude"),
      (["--rate", "1/s", "--reconnect-after", "1"], "exclude"),
      (["--reconnect-after", "-1"], "reconnect-after"),
      (["--duration", "0s"], "100ms to 1d"), (["--duration", "25h"], "100ms to 1d"),
      (["--duration", "10"], "such as 10s"), (["--warm-up", "2h"], "0s to 1h"),
      (["--ramp", "x"], "0s to 1h"), (["--timeout", "1ms"], "100ms to 1h"),
      (["--threads", "0"], "1 to 64"), (["--threads", "65"], "1 to 64"),
      (["--connections", "0"], "1 to 1000000"), (["--connections", "1000001"], "1 to 1000000"),
      (["--active", "2"], "0 to the connections"), (["--opening", "0"], "1 to 1000000"),
      (["--insecure"], "wss://"), (["--ca", "/x"], "wss://"),
      (["--compression", "--size", "1..2"], "not a range"),
      (["--header", "x"], "NAME: VALUE"), (["--header", "a b: c"], "NAME: VALUE"),
      (["--header", "Host: x"], "belongs to the handshake"),
      (["--header", "sec-websocket-key: x"], "belongs to the handshake"),
      (["--origin", "a\nb"], "control character"), (["--subprotocol", "a b"], "one word"),
    ] as [([String], String)])
  func usage(arguments: [String], part: String) {
    expectUsage(["load", Self.url] + arguments, part)
  }

  @Test(
    "What is no URL of a WebSocket is refused, and there is no default",
    arguments: [
      ([], "url"), (["127.0.0.1:80"], "ws:// or wss://"), (["http://h/"], "ws:// or wss://"),
      (["ws://"], "HOST:PORT"), (["ws://h:0/"], "port 1 to 65535"),
      (["ws://h/a b"], "percent-encoded"), (["ws://h/#x"], "no fragment"),
    ] as [([String], String)])
  func urls(arguments: [String], part: String) {
    expectUsage(["load"] + arguments, part)
  }

  private func expectUsage(_ arguments: [String], _ part: String) {
    let error = #expect(throws: (any Error).self) { try WStop.parseAsRoot(arguments) }
    guard let error else { return }
    #expect(WStop.exitCode(for: error).rawValue == CommandFailure.usage)
    #expect(WStop.message(for: error).contains(part), "\(WStop.message(for: error))")
  }

  @Test("A local address that is none exits with 64")
  func source() {
    #expect(throws: CommandFailure.self) { try Self.plan("--from", "no such host.") }
  }
}
