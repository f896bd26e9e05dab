import TestSupport
import Testing

@testable import WebSocketEngine

@Suite("Policies of upstreams")
struct UpstreamPolicyTests {
  @Test(
    "Policies are read from their text, and written as they are read",
    arguments: [
      ("least-sessions", UpstreamPolicy.leastSessions), ("round-robin", .roundRobin),
      ("hash:address", .hashAddress), ("hash:header:X-User", .hashHeader(name: "X-User")),
    ])
  func parsing(text: String, policy: UpstreamPolicy) throws {
    #expect(try UpstreamPolicy(parsing: text) == policy)
    #expect(policy.description == text)
    #expect(policy.wantsKey == text.hasPrefix("hash:"))
  }

  @Test(
    "A text that is no policy is an error that says what would be right",
    arguments: [
      ("least-session", "the nearest is least-sessions"),
      ("roundrobin", "the nearest is round-robin"),
      ("", "wants least-sessions, round-robin, hash:address or hash:header:NAME"),
      ("random", "random: no such policy; wants"), ("hash", "hash: wants address or header:NAME"),
      ("hash:cookie", "hash: wants address or header:NAME, such as hash:header:X-User"),
      ("hash:header:", "hash:header: wants the name of a header field"),
      ("hash:header:X User", "hash:header: wants the name of a header field"),
      ("hash:header:X:1", "hash:header: wants the name of a header field"),
      ("LEAST-SESSIONS", "the nearest is least-sessions"), ("least-sessions\u{1B}[2J", "\\u{1b}"),
    ])
  func faults(text: String, part: String) throws {
    let fault = try #require(throws: UpstreamPolicy.Fault.self) {
      try UpstreamPolicy(parsing: text)
    }
    #expect(fault.description.contains(part), "\(fault)")
    #expect(!fault.description.contains("\u{1B}"))
  }

  @Test("A key is the same in every run, and differs by every byte")
  func keys() {
    // Written out, since a client must come to the same upstream from each of several engines.
    let weight = UpstreamKey("10.0.0.7".utf8).weight(of: UpstreamKey("ws://a:1".utf8))
    #expect(weight == 17_263_926_976_758_608_763)
    let keys = (0..<10_000).map { UpstreamKey("10.0.\($0 / 256).\($0 % 256)".utf8) }
    #expect(Set(keys).count == keys.count)
  }
}
