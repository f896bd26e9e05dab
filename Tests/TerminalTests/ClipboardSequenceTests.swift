import Dashboard
import Testing

@testable import Terminal

@Suite("OSC 52")
struct ClipboardSequenceTests {
  @Test("A text goes to the clipboard in base64")
  func plain() throws {
    let text = try #require(ClipboardText("s-4k2"))
    #expect(ClipboardSequence.plain.sequence(for: text) == "\u{1B}]52;c;cy00azI=\u{07}")
  }

  @Test("Through GNU screen it goes in strings that it can hold, each of them ended")
  func screen() throws {
    let text = try #require(ClipboardText(String(repeating: "x", count: 2000)))
    let sequence = ClipboardSequence.throughGNUScreen.sequence(for: text)
    let pieces = sequence.split(separator: "\u{1B}P", omittingEmptySubsequences: true)
    #expect(pieces.count == 6)
    #expect(pieces.allSatisfy { $0.hasSuffix("\u{1B}\\") && $0.utf8.count < 768 })
    let whole = pieces.map { $0.dropLast(2) }.joined()
    #expect(whole == ClipboardSequence.plain.sequence(for: text))
  }
}
