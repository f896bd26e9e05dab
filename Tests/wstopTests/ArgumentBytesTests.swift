import Testing
import Vocabulary

@testable import wstop

@Suite("Arguments that are no UTF-8")
struct ArgumentBytesTests {
  private static let latin: [UInt8] = [0x63, 0x61, 0x66, 0xE9]

  private func words(_ words: [UInt8]...) throws -> [String] { try ArgumentBytes.words(words) }

  @Test("They are names of files where an option names one, byte by byte")
  func files() throws {
    for option in [
      "--log-file", "--control", "--certificate", "--private-key", "--token-file", "--binary",
      "--ca", "--control-tokens", "--history", "--file", "--client-certificates",
    ] {
      let apart = try words(Array(option.utf8), Self.latin)
      #expect(apart.map(FileName.bytes) == [Array(option.utf8), Self.latin])
      let together = Array("\(option)=/tmp/".utf8) + Self.latin
      #expect(try words(together).map(FileName.bytes) == [together])
    }
    for prefix in ["unix:", "tls:unix:"] {
      let address = Array(prefix.utf8) + Self.latin
      #expect(
        try words(Array("--listen".utf8), address).map(FileName.bytes).last == address)
    }
  }

  @Test(
    "Elsewhere they are refused, with the place and the bytes",
    arguments: [
      ["send", "s-1", "--text"], ["close", "--reason"], ["sessions", "--filter"], [],
      ["serve", "--listen"], ["serve", "--route"], ["load"], ["--log-file", "a"],
      ["send", "--text=--binary"],
    ])
  func refused(before: [String]) {
    let failure = #expect(throws: CommandFailure.self) {
      try ArgumentBytes.words(before.map { Array($0.utf8) } + [Self.latin])
    }
    #expect(failure?.exitCode == CommandFailure.usage)
    #expect(
      failure?.message.hasPrefix(#"argument \#(before.count + 1), "caf\xe9", is no UTF-8"#) == true)
  }

  @Test("Whatever is UTF-8 comes as it is, also the scalars that stand for bytes of files")
  func valid() throws {
    let texts = ["send", "--text", "größe €𝄞 \u{10FFE9}\u{FFFD}", ""]
    #expect(try ArgumentBytes.words(texts.map { Array($0.utf8) }) == texts)
    let name = Array("\u{10FFE9}".utf8)
    #expect(try words(Array("--log-file".utf8), name).map(FileName.bytes).last == name)
  }
}
