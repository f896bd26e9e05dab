import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Long answers", .limited, .timeLimit(.minutes(10)))
struct ListAnswerTests {
  private static let past = Instant(nanoseconds: 0)

  private static func rows(_ count: Int) -> [ControlReply] {
    let ids = (1...count).map { SessionID(sequence: UInt64($0), reactor: 0) }
    return [
      .act(
        ActResult(
          engine: "r1", outcomes: ids.map { SessionOutcome(id: $0, outcome: .noSuchSession) })),
      .groups(
        GroupList(
          engine: "r1", kind: .rooms, total: count + 1, offset: 1,
          groups: ids.map { GroupRow(name: "[\"\($0)\"]") })),
      .limits(
        LimitList(
          engine: "r1",
          limits: ids.map {
            LimitRow(
              key: .messageBytes, value: "9B", defaultValue: "1MiB", source: .default,
              scope: .session($0))
          }, outcome: LimitOutcome())),
    ]
  }

  @Test("A reply that is a long list is encoded in steps, and is the same as at once")
  func replies() throws {
    for reply in Self.rows(123) {
      var answer = try #require(ListAnswer(reply))
      var steps = 1
      var body = answer.step(until: Self.past)
      while body == nil {
        steps += 1
        body = answer.step(until: Self.past)
      }
      #expect(body == HTTPAnswer(reply).body)
      #expect(HTTPAnswer(reply).status == 200)
      #expect(steps == 3)
    }
    for reply in Self.rows(3) { #expect(ListAnswer(reply) == nil) }
  }

  @Test("A list is cut where it would take too much memory")
  func cut() throws {
    let name = String(repeating: "x", count: 1 << 20)
    let list = GroupList(
      engine: "r1", kind: .rooms, total: 100, offset: 0,
      groups: (0..<100).map { GroupRow(name: "\($0)\(name)") })
    var answer = try #require(ListAnswer(.groups(list)))
    let body = answer.step(until: Instant(nanoseconds: .max))
    let cut = try ControlJSON.decode(GroupList.self, from: try #require(body))
    #expect(cut.total == 100 && cut.groups.count == 50)
  }

  @Test("More clients than lists are made for at once all get theirs, and a short answer between")
  func many() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      for _ in 0..<300 { _ = try client.post("/v1/send", #"{"sessions":["s-2"],"ping":true}"#) }
      let expected = try client.get("/v1/events").body
      let clients = try (0..<12).map { _ in try engine.client() }
      for client in clients { try client.send("GET", "/v1/events") }
      #expect(try client.get("/healthz").status == 200)
      #expect(try client.get("/v1/sessions?limit=200").status == 200)
      // A slow machine is an event, which may come behind those that were there.
      for client in clients { #expect(try client.reply().body.starts(with: expected)) }
    }
  }

  @Test("Of a client that asks and asks without reading little is taken")
  func unread() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let stream = try engine.client().stream
      let requests = Array(
        String(repeating: HTTPPeer.request("GET", "/healthz"), count: 2000).utf8)
      var sentByteCount = 0
      // Nothing is taken any more once the socket stays full.
      while sentByteCount < 64 << 20,
        !Poll.wait(for: stream.descriptor, .writable, milliseconds: 3000).isEmpty
      {
        if case .bytes(let count) = Syscalls.send(stream.descriptor, requests.span) {
          sentByteCount += count
        }
      }
      #expect(sentByteCount < 8 << 20, "\(sentByteCount)")
      #expect(try engine.client().get("/healthz").status == 200)
    }
  }
}
