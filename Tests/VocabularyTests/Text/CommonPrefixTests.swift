import Testing
import Vocabulary

@Suite("What texts begin with")
struct CommonPrefixTests {
  @Test(
    "It is the longest that all of them share, by characters",
    arguments: [
      ([], ""), (["route="], "route="), (["route=", "route!=", "route~"], "route"),
      (["in.bytes", "out.bytes"], ""), (["closed", "close"], "close"),
      (["e\u{301}a", "ea"], ""),
    ] as [([String], String)])
  func prefix(texts: [String], common: String) {
    #expect(texts.commonPrefix == common)
  }
}
