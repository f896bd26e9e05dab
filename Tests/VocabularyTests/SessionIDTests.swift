import Testing
import Vocabulary

@Suite("Session identifiers")
struct SessionIDTests {
  @Test(
    "The text form is read back",
    arguments: [
      (0, "s-0"), (31, "s-z"), (32, "s-10"), (4706, "s-4k2"), (1 << 40, "s-100000000"),
      (.max, "s-fzzzzzzzzzzzz"),
    ] as [(UInt64, String)] as [(UInt64, String)])
  func roundTrip(number: UInt64, text: String) {
    let id = SessionID(rawValue: number)
    #expect(id.description == text)
    #expect(SessionID(text) == id)
  }

  @Test(
    "Crockford's look-alikes, upper case and leading zeros are read",
    arguments: [
      ("s-1", 1), ("s-i", 1), ("s-I", 1), ("s-l", 1), ("s-L", 1), ("s-o", 0), ("s-O", 0),
      ("S-4K2", 4706), ("s-00004k2", 4706), ("s-v", 27), ("s-w", 28), ("s-x", 29), ("s-y", 30),
    ] as [(String, UInt64)] as [(String, UInt64)])
  func lookalikes(text: String, number: UInt64) {
    #expect(SessionID(text)?.rawValue == number)
  }

  @Test(
    "Other text is refused",
    arguments: [
      "", "s", "s-", "4k2", "x-4k2", "s_4k2", "s-u", "s-U", "s-4 k", "s--1", "s-4k2 ", " s-4k2",
      "s-é", "s-g000000000000", "s-zzzzzzzzzzzzz", "s-00000000000001",
    ])
  func refused(text: String) {
    #expect(SessionID(text) == nil)
  }

  @Test("The reactor is in the identifier", arguments: [0, 1, 63])
  func reactor(index: Int) {
    for sequence: UInt64 in [0, 1, 1 << 50] {
      let id = SessionID(sequence: sequence, reactor: index)
      #expect(id.reactor == index)
      #expect(id.rawValue == sequence * 64 + UInt64(index))
    }
  }

  @Test("Identifiers are ordered by number")
  func order() {
    #expect(SessionID(rawValue: 9) < SessionID(rawValue: 10))
  }
}
