import Testing
import Vocabulary

@Suite("Names that compare by their UTF-8")
struct UTF8NameTests {
  /// Pairs of texts that are equal for `String`, and are other bytes.
  static let lookalikes = [
    ("K", "\u{212A}"), (";", "\u{37E}"), ("`", "\u{1FEF}"), ("Å", "\u{212B}"),
    ("caf\u{E9}", "cafe\u{301}"), ("\u{AC00}", "\u{1100}\u{1161}"), ("a\u{323}\u{307}b", "ạ̇b"),
  ]

  @Test("What is canonically equivalent is another name", arguments: lookalikes)
  func areOthers(_ first: String, _ second: String) {
    #expect(first == second, "the pair is worth the test")
    #expect(first.utf8.elementsEqual(second.utf8) == (UTF8Name(first) == UTF8Name(second)))
    #expect(UTF8Name(first) == UTF8Name(first))
    var table: [UTF8Name: Int] = [UTF8Name(first): 1]
    table[UTF8Name(second), default: 0] += 10
    #expect(table[UTF8Name(first)] == (first.utf8.elementsEqual(second.utf8) ? 11 : 1))
  }

  @Test("Spellings of one text do not share a hash, which a table could be made slow with")
  func hashes() {
    var names: [String] = [""]
    for _ in 0..<10 { names = names.flatMap { [$0 + "\u{E9}", $0 + "e\u{301}"] } }
    #expect(Set(names).count == 1, "for a String they are one")
    #expect(Set(names.map { UTF8Name($0) }).count == 1024)
    #expect(Set(names.map { UTF8Name($0).hashValue }).count > 1000)
  }

  @Test("Zeros in a name count, and where they stand", arguments: 0...17)
  func zeros(count: Int) {
    let zeros = String(repeating: "\0", count: count)
    #expect(UTF8Name(zeros) == UTF8Name(zeros))
    #expect(UTF8Name(zeros) != UTF8Name(zeros + "\0"))
    #expect(UTF8Name(zeros).hashValue != UTF8Name(zeros + "\0").hashValue)
    #expect(UTF8Name(zeros + "a") != UTF8Name("a" + zeros) || count == 0)
  }

  @Test("The order is that of the bytes, the same whatever the texts are equivalent to")
  func order() {
    let names: [UTF8Name] = ["b", "", "a", "aa", "\u{212A}", "K", "e\u{301}", "\u{E9}", "😀"]
    #expect(
      names.sorted().map(\.text.utf8.count) == [0, 1, 1, 2, 1, 3, 2, 3, 4],
      "K, a, aa, b, é in two parts, é in one, the Kelvin sign, an emoji")
    #expect(!(UTF8Name("K") < UTF8Name("K")))
    #expect(UTF8Name("K") < UTF8Name("\u{212A}") && !(UTF8Name("\u{212A}") < UTF8Name("K")))
  }
}
