import ControlProtocol
import Testing

@Suite("Command lines for a shell")
struct ShellTextTests {
  @Test(
    "A word is quoted as little as it needs",
    arguments: [
      ("s-4k2", "s-4k2"), ("", "\"\""), ("good bye", "\"good bye\""), ("it's", "\"it's\""),
      ("$HOME", "'$HOME'"), ("a'b$c", "'a'\\''b$c'"), ("a\nb", "$'a\\nb'"),
      ("\u{1B}[2J", "$'\\x1b[2J'"), ("\u{202E}x", "$'\\xe2\\x80\\xaex'"), ("日 本", "\"日 本\""),
      ("a\\b", "'a\\b'"), ("!x", "'!x'"), ("'\u{7}", "$'\\'\\x07'"),
      ("`\u{301}x`", "$'`\\xcc\\x81x`'"), ("$\u{301}'x", "$'$\\xcc\\x81\\'x'"),
      ("`e\u{301}`", "$'`e\\xcc\\x81`'"),
    ])
  func quotes(word: String, quoted: String) {
    #expect(ShellText.quoted(word) == quoted)
  }

  @Test("For a terminal without UTF-8 the rest stands as bytes")
  func ascii() {
    #expect(ShellText.quoted("é", asciiOnly: true) == "$'\\xc3\\xa9'")
  }
}
