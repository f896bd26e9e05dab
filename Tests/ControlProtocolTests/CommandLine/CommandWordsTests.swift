import ControlProtocol
import Testing

@Suite("Words of a command line")
struct CommandWordsTests {
  @Test(
    "They are read as a shell reads them",
    arguments: [
      ("close s-1 --code 1012", ["close", "s-1", "--code", "1012"]), ("", []), ("   ", []),
      ("send --text 'a b'  x", ["send", "--text", "a b", "x"]),
      (#"a"b c"'d e'f"#, ["ab cd ef"]), (#""a\"b\\c\d""#, [#"a"b\c\d"#]),
      (#"'a\'"#, [#"a\"#]), (#"a\ b \"c"#, ["a b", "\"c"]), ("''", [""]),
      (#"$'a\n\x41\'é\\'"#, ["a\nA'é\\"]), ("\"open at the end", ["open at the end"]),
      ("$HOME `x`", ["$HOME", "`x`"]), ("a\\", ["a"]),
      (#""\$HOME \`x\` \'y\'""#, [#"$HOME `x` \'y\'"#]),
    ] as [(String, [String])])
  func read(line: String, words: [String]) {
    #expect(CommandWords(line).texts == words)
  }

  @Test("What the console shows as a command reads back as it was meant")
  func roundTrip() {
    let words = [
      "close", "it's", "a b", "$x", "", "\u{1b}[2J", "日本", "tab\there", "\\", "\"q\"",
      "\u{301}", "'\u{301}'", "`\u{301}", "$\u{301}(x)", "e\u{301}", "\r\n", "-\u{301}",
    ]
    for asciiOnly in [true, false] {
      let line = ShellText.command(words, asciiOnly: asciiOnly)
      // Byte by byte: texts are equal where they only look the same.
      #expect(CommandWords(line).texts.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }
  }

  @Test("The last word is known to be under way, or not")
  func inside() {
    #expect(CommandWords("close s").isInsideWord)
    #expect(!CommandWords("close ").isInsideWord)
    #expect(CommandWords("close \"a ").isInsideWord)
    #expect(CommandWords("close \"a ").words.last?.start == 6)
  }
}
