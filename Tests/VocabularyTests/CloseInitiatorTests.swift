import Testing
import Vocabulary

@Suite("Who closed a session")
struct CloseInitiatorTests {
  static let table: [(CloseInitiator, String)] = [
    (.peer, "peer"), (.handler, "handler"), (.operator, "operator"), (.shutdown, "shutdown"),
    (.network, "network"), (.upstream, "upstream"),
    (.limit(.messageBytes), "limit:message-bytes"),
    (.protocolViolation("reserved-opcode"), "protocol:reserved-opcode"),
    (.protocolViolation("a:b"), "protocol:a:b"),
    (.timeout(.idleTimeout), "timeout:idle-timeout"),
  ]

  @Test("The text form is read back", arguments: table)
  func roundTrip(initiator: CloseInitiator, text: String) {
    #expect(initiator.description == text)
    #expect(CloseInitiator(text) == initiator)
    #expect(text.hasPrefix(initiator.kind.rawValue))
  }

  @Test("Each limit can be named", arguments: LimitKey.allCases)
  func limits(key: LimitKey) {
    #expect(CloseInitiator(CloseInitiator.limit(key).description) == .limit(key))
    #expect(CloseInitiator(CloseInitiator.timeout(key).description) == .timeout(key))
  }

  @Test(
    "Other text is refused",
    arguments: [
      "", ":", "nobody", "Peer", "peer:x", "limit", "limit:", "limit:nothing", "timeout",
      "protocol",
      "protocol:", "network:x", "upstream:x",
    ])
  func refused(text: String) {
    #expect(CloseInitiator(text) == nil)
  }

  @Test("Kinds are ordered as they are declared")
  func order() {
    #expect(CloseInitiator.Kind.allCases.sorted() == CloseInitiator.Kind.allCases)
    #expect(Set(Self.table.map(\.0.kind)) == Set(CloseInitiator.Kind.allCases))
  }
}
