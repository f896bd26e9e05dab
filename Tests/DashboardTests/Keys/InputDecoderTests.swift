import Testing

@testable import Dashboard

@Suite("Decoding of input")
struct InputDecoderTests {
  private func units(_ text: String) -> [InputDecoder.Unit] {
    text.unicodeScalars.map { .scalar($0) }
  }

  @Test("Characters and control characters are keys")
  func keys() {
    var decoder = InputDecoder()
    #expect(
      decoder.events(from: units("aé日\u{3}\r\n\t\u{7F}\u{8}\u{0}\u{9B}"))
        == [
          .key(.character("a")), .key(.character("é")), .key(.character("日")),
          .key(.control("c")), .key(.enter), .key(.enter), .key(.tab), .key(.backspace),
          .key(.backspace),
        ])
    #expect(decoder.events(from: [.key(.pageUp)]) == [.key(.pageUp)])
  }

  @Test("A paste is one event, whatever is in it, over any number of readings")
  func paste() {
    var decoder = InputDecoder()
    #expect(decoder.events(from: [.pasteBegins] + units("X\u{1B}[3~")) == [])
    #expect(decoder.events(from: [.key(.enter)] + units("\ry\u{3}")) == [])
    #expect(
      decoder.events(from: [.pasteEnds] + units("q"))
        == [.paste("X\u{1B}[3~\n\ny\u{3}"), .key(.character("q"))])
  }

  @Test("An empty paste and an end without a beginning are nothing")
  func emptyPaste() {
    var decoder = InputDecoder()
    #expect(decoder.events(from: [.pasteEnds, .pasteBegins, .pasteEnds]) == [])
  }

  @Test("A paste is cut at its limit, and keys work after it")
  func longPaste() {
    var decoder = InputDecoder()
    let limit = InputDecoder.maximumPasteByteCount
    let events = decoder.events(
      from: [.pasteBegins] + units(String(repeating: "x", count: limit + 10))
        + [.pasteEnds, .key(.up)])
    #expect(events == [.paste(String(repeating: "x", count: limit)), .key(.up)])
  }

  @Test(
    "A sequence that nothing knows presses no keys",
    arguments: [
      "\u{1B}[25;5~", "\u{1B}[I", "\u{1B}[<0;5;5M", "\u{1B}OX", "\u{1B}[", "\u{1B}[12",
    ])
  func unknownSequences(text: String) {
    var decoder = InputDecoder()
    let events = decoder.events(from: units(text + "") + [.key(.up)])
    #expect(events == [.key(.up)])
  }

  @Test("Escape alone is Escape, and a key after it is a key")
  func escape() {
    var decoder = InputDecoder()
    #expect(decoder.events(from: units("\u{1B}")) == [.key(.escape)])
    #expect(decoder.events(from: units("\u{1B}q")) == [.key(.escape), .key(.character("q"))])
    #expect(decoder.events(from: units("\u{1B}\u{1B}")) == [.key(.escape), .key(.escape)])
  }
}
