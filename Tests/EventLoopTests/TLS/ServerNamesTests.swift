import Testing

@testable import EventLoop

@Suite("Which certificate answers to which name, RFC 6125 §6.4")
struct ServerNamesTests {
  private let names = ServerNames([
    ["example.com", "www.example.com"], ["*.example.com"], ["*.example.com", "Other.TEST"],
    ["example.com"], [],
  ])

  @Test(
    "A name in a certificate goes before a wildcard, which takes one label",
    arguments: [
      ("example.com", [0, 3]), ("www.example.com", [0]), ("a.example.com", [1, 2]),
      ("A.EXAMPLE.com", [1, 2]), ("a.b.example.com", []), (".example.com", []),
      ("other.test", [2]), ("other.test.", [2]), ("nobody.test", []), ("", []), (".", []),
      ("*.example.com", [1, 2]), ("com", []), ("a.\u{301}.example.com", []),
      ("\u{212A}.example.com", [1, 2]), ("www.\u{301}example.com", []),
    ])
  func lookup(name: String, expected: [Int]) {
    #expect(names.certificates(for: name) == expected)
  }

  @Test("Names of one certificate beyond the limit are not looked at")
  func limit() {
    let many = (0...ServerNames.maximumNameCount).map { "n\($0).test" }
    let names = ServerNames([many])
    #expect(names.certificates(for: "n\(ServerNames.maximumNameCount - 1).test") == [0])
    #expect(names.certificates(for: "n\(ServerNames.maximumNameCount).test").isEmpty)
  }
}
