import ControlProtocol
import EventLoop
import Testing

@testable import ControlServer

@Suite("The file of tokens")
struct ControlTokensTests {
  private static let one = "0123456789abcdef0123"
  private static let two = "zyxwvutsrqponmlkjihg"

  private static func digest(_ token: String) -> String {
    SHA256Digest(of: Array(token.utf8).span).description
  }

  private func tokens(_ text: String) throws -> ControlTokens {
    try ControlTokens(Array(text.utf8), from: "t")
  }

  @Test("Each line names a role, somebody, and a token or its digest")
  func lines() throws {
    let tokens = try tokens(
      """
      # who may

      view\tvera  \(Self.one)\r
        operate o.l-g_a@example sha256:\(Self.digest(Self.two))
      """)
    #expect(tokens.holders.map(\.name) == ["vera", "o.l-g_a@example"])
    #expect(tokens.holders.map(\.role) == [.view, .operate])
    #expect(tokens.holder(of: Self.one.utf8)?.name == "vera")
    #expect(tokens.holder(of: Self.two.utf8)?.role == .operate)
    for wrong in ["", String(Self.one.dropLast()), Self.one + "0", Self.one.uppercased()] {
      #expect(tokens.holder(of: wrong.utf8) == nil)
    }
    // The digest itself opens nothing.
    #expect(tokens.holder(of: Self.digest(Self.two).utf8) == nil)
  }

  @Test("A digest is of the token in either case of its digits")
  func upperCase() throws {
    let tokens = try tokens("view v sha256:\(Self.digest(Self.one).uppercased())")
    #expect(tokens.holder(of: Self.one.utf8)?.name == "v")
  }

  @Test(
    "What is wrong is told with its line, and never repeats a token",
    arguments: [
      ("", "there is no token in it"), ("# nothing\n", "there is no token in it"),
      ("view vera", "line 1: wants three words"),
      ("view vera \(one) more", "line 1: wants three words"),
      ("\nadmin vera \(one)", "line 2: the role is view or operate"),
      ("VIEW vera \(one)", "line 1: the role is view or operate"),
      ("view ve/ra \(one)", "line 1: a name has 1 to 64"),
      ("view vera\u{1B} \(one)", "line 1: a name has 1 to 64"),
      ("view \(String(repeating: "v", count: 65)) \(one)", "line 1: a name has 1 to 64"),
      ("view vera short", "line 1: the token has 20 to 256"),
      ("view vera \(String(repeating: "v", count: 257))", "line 1: the token has 20 to 256"),
      ("view vera 0123456789abcdef012\"", "line 1: the token has 20 to 256"),
      ("view vera sha256:00", "line 1: sha256: wants 64 hexadecimal digits"),
      ("view vera sha256:\(String(repeating: "g", count: 64))", "line 1: sha256: wants 64"),
      ("view vera \(one)\noperate vera \(two)", "line 2: the name vera stands above already"),
      ("view vera \(one)\noperate olga \(one)", "line 2: the token is that of vera as well"),
      (
        "view vera \(one)\noperate olga sha256:\(digest(one))",
        "line 2: the token is that of vera as well"
      ),
    ])
  func wrong(text: String, sentence: String) {
    let error = #expect(throws: RemoteControlError.self) { try tokens(text) }
    #expect(error?.description.hasPrefix("t: \(sentence)") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(Self.one) == false)
  }

  @Test("There are 256 tokens at most")
  func limit() throws {
    let lines = (0..<256).map { "view v\($0) \(1_000_000_000_000_000_000 + $0)0" }
    #expect(try tokens(lines.joined(separator: "\n")).holders.count == 256)
    let error = #expect(throws: RemoteControlError.self) {
      try tokens((lines + ["view w \(Self.one)"]).joined(separator: "\n"))
    }
    #expect(error?.description == "t: line 257: there are more than 256 tokens")
  }

  @Test("A holder whose token or role has changed is another one")
  func changes() throws {
    let old = try #require(tokens("view v \(Self.one)").holders.first)
    #expect(try tokens("operate o \(Self.two)\nview v \(Self.one)").contains(old))
    #expect(try !tokens("operate v \(Self.one)").contains(old))
    #expect(try !tokens("view v \(Self.two)").contains(old))
    #expect(try !tokens("view w \(Self.one)").contains(old))
  }
}
