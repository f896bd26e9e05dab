import Testing
import Vocabulary

@Suite("Close codes, RFC 6455 §7.4")
struct CloseCodeTests {
  @Test("A code may be sent unless it is reserved or unassigned")
  func mayBeSent() {
    let permitted: Set<UInt16> = Set(1000...1003).union(1007...1014).union(3000...4999)
    for number in UInt16.min...UInt16.max {
      #expect(CloseCode(rawValue: number).mayBeSent == permitted.contains(number))
    }
  }

  @Test(
    "IANA's codes have names",
    arguments: [
      (1000, "normal closure"), (1001, "going away"), (1002, "protocol error"),
      (1003, "unsupported data"), (1005, "no status received"), (1006, "abnormal closure"),
      (1007, "invalid frame payload data"), (1008, "policy violation"), (1009, "message too big"),
      (1010, "mandatory extension"), (1011, "internal error"), (1012, "service restart"),
      (1013, "try again later"), (1014, "bad gateway"), (1015, "TLS handshake"),
      (999, nil), (1004, nil), (1016, nil), (3000, nil), (4000, nil),
    ] as [(UInt16, String?)] as [(UInt16, String?)])
  func names(number: UInt16, name: String?) {
    #expect(CloseCode(rawValue: number).name == name)
  }

  @Test("Codes are ordered by number")
  func order() {
    #expect(CloseCode.normalClosure < .goingAway)
    #expect(!(CloseCode.goingAway < .goingAway))
  }
}
