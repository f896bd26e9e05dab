import Testing
import Vocabulary

@Suite("Names of files in texts")
struct FileNameTests {
  @Test(
    "Every name comes out as it went in",
    arguments: [
      [], Array("plain".utf8), Array("größe €𝄞".utf8), [0x63, 0x61, 0x66, 0xE9], [0xFF], [0xC3],
      [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
      Array("\u{10FFE9}x\u{10FFFF}".utf8), Array("\u{10FF7F}".utf8), Array(0x80...0xFF),
    ])
  func roundTrip(bytes: [UInt8]) {
    let text = FileName.text(bytes)
    #expect(FileName.bytes(text) == bytes)
    #expect(FileName.byteCount(text) == bytes.count)
    #expect(FileName.cString(text) == bytes.map { CChar(bitPattern: $0) } + [0])
    #expect(FileName.bytes("/dir/" + text) == Array("/dir/".utf8) + bytes)
  }

  @Test("A solidus parts names also where it makes one character with what comes behind")
  func paths() {
    let path = "/a/\u{301}b//c\u{200D}/"
    #expect(FileName.isAbsolute(path) && FileName.isAbsolute("/\u{301}"))
    #expect(!FileName.isAbsolute("a/") && !FileName.isAbsolute(""))
    #expect(FileName.names(in: path) == ["a", "\u{301}b", "c\u{200D}"])
    #expect(FileName.directory(of: "/a/\u{301}b") == "/a/")
    #expect(FileName.directory(of: "b") == nil)
  }

  @Test("What is UTF-8 is the same text, and what is not is shown by its bytes")
  func shown() {
    #expect(FileName.text(Array("größe".utf8)) == "größe")
    #expect(FileName.shown(FileName.text([0x63, 0xE9, 0x0A])) == #"c\xe9\n"#)
    #expect(FileName.shown("größe") == "größe")
  }
}
