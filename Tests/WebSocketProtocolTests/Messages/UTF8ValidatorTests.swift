import Testing
import WebSocketProtocol

@Suite("UTF-8 that arrives in pieces, RFC 6455 §8.1 and RFC 3629 §4")
struct UTF8ValidatorTests {
  static let valid: [[UInt8]] = [
    [], [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xEC, 0xBF, 0xBF],
    [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD],
    [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF1, 0x80, 0x80, 0x80],
    [0xF3, 0xBF, 0xBF, 0xBF], [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    Array("κόσμε".utf8), Array("a€𐍈ä".utf8), Array(String(repeating: "wstop ", count: 20).utf8),
    Array(String(repeating: "日本語", count: 20).utf8),
  ]

  /// The bytes, and the index of the first one that no valid text could have there.
  static let invalid: [([UInt8], Int)] = [
    ([0x80], 0), ([0xBF], 0),  // a continuation byte alone
    ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0),  // overlong, two bytes
    ([0xE0, 0x80, 0x80], 1), ([0xE0, 0x9F, 0xBF], 1),  // overlong, three bytes
    ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF0, 0x8F, 0xBF, 0xBF], 1),  // overlong, four bytes
    ([0xED, 0xA0, 0x80], 1), ([0xED, 0xBF, 0xBF], 1),  // surrogates
    ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5, 0x80, 0x80, 0x80], 0),  // over U+10FFFF
    ([0xF8, 0x88, 0x80, 0x80, 0x80], 0), ([0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], 0),
    ([0xFE], 0), ([0xFF], 0),
    ([0xC2, 0x41], 1), ([0xC2, 0xC2], 1),  // cut short
    ([0xE1, 0x41], 1), ([0xE1, 0x80, 0x41], 2), ([0xE1, 0x80, 0xC0], 2),
    ([0xF1, 0x41], 1), ([0xF1, 0x80, 0x41], 2), ([0xF1, 0x80, 0x80, 0x41], 3),
    ([0xF1, 0x80, 0x80, 0xF1], 3), ([0xC2, 0x80, 0x80], 2),
  ]

  /// The index of the first byte that fails when `bytes` come in pieces, or nil.
  private func failure(_ pieces: [ArraySlice<UInt8>]) -> (piece: Int?, isComplete: Bool) {
    var validator = UTF8Validator()
    for (index, piece) in pieces.enumerated() {
      let piece = Array(piece)
      guard validator.consume(piece.span) else { return (index, false) }
    }
    return (nil, validator.isComplete)
  }

  private func isWhollyValid(_ bytes: [UInt8]) -> Bool {
    UTF8Validator.isValid(bytes.span)
  }

  @Test("Valid text is complete in two pieces cut anywhere, and singly", arguments: valid)
  func validText(text: [UInt8]) {
    for bytes in [text, Array("x".utf8) + text + Array("y".utf8), text + text] {
      for cut in 0...bytes.count {
        let (piece, isComplete) = failure([bytes[..<cut], bytes[cut...]])
        #expect(piece == nil && isComplete, "cut at \(cut)")
      }
      let (piece, isComplete) = failure(bytes.indices.map { bytes[$0...$0] })
      #expect(piece == nil && isComplete)
      #expect(isWhollyValid(bytes))
    }
  }

  @Test("Invalid text fails with its first bad byte, whatever the cut", arguments: invalid)
  func invalidText(text: [UInt8], badIndex: Int) {
    for prefix in ["", "a", "abcdefghijklmnopqrstuvwxyz", "ä"] {
      let bytes = Array(prefix.utf8) + text
      let bad = prefix.utf8.count + badIndex
      #expect(!isWhollyValid(bytes))
      #expect(failure(bytes.indices.map { bytes[$0...$0] }).piece == bad)
      // All before the bad byte passes and is not complete where a character is under way.
      #expect(failure([bytes[..<bad]]).piece == nil)
      // The bad byte fails at once, though the character might go on.
      #expect(failure([bytes[...bad]]).piece == 0)
      for cut in 0...bytes.count {
        let expected = cut > bad ? 0 : 1
        #expect(failure([bytes[..<cut], bytes[cut...]]).piece == expected, "cut at \(cut)")
      }
    }
  }

  @Test("Text that ends inside a character is not complete", arguments: valid)
  func truncated(text: [UInt8]) {
    guard text.count >= 2, text.count <= 4, text[0] >= 0xC2 else { return }
    for count in 1..<text.count {
      let (piece, isComplete) = failure([text[..<count]])
      #expect(piece == nil && !isComplete)
      #expect(!isWhollyValid(Array(text[..<count])))
    }
  }

  @Test("After a reset a new text begins")
  func reset() {
    var validator = UTF8Validator()
    let (cut, continuation, whole): ([UInt8], [UInt8], [UInt8]) = ([0xE2, 0x82], [0xAC], [0x41])
    let began = validator.consume(cut.span)
    validator.reset()
    let isComplete = validator.isComplete
    var copy = validator
    let continued = copy.consume(continuation.span)
    let restarted = validator.consume(whole.span)
    #expect(began && isComplete && !continued && restarted)
  }
}
