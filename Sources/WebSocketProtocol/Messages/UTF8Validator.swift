/// Validates UTF-8 that arrives in pieces cut anywhere, RFC 6455 §8.1 and RFC 3629 §4.
///
/// Whole characters go through the standard library's `UTF8Span(validating:)` (45 GB/s for
/// ASCII); only a character cut by the end of a piece is stepped through byte by byte, so that
/// a bad byte fails at once and not when its character should have ended.
package struct UTF8Validator: Sendable {
  /// Continuation bytes still to come of the character under way.
  private var missingByteCount: UInt8 = 0
  private var lowestNext: UInt8 = 0x80
  private var highestNext: UInt8 = 0xBF

  /// A validator at the start of a text.
  package init() {}

  /// Whether the text so far does not end inside a character.
  package var isComplete: Bool {
    missingByteCount == 0
  }

  /// Starts over with another text.
  package mutating func reset() {
    self = UTF8Validator()
  }

  /// Takes the next piece; false at the first byte that no valid text could have there.
  ///
  /// After false the validator is of no use until ``reset()``.
  ///
  /// - Complexity: O(`bytes.count`)
  package mutating func consume(_ bytes: Span<UInt8>) -> Bool {
    var start = 0
    while missingByteCount > 0 && start < bytes.count {
      guard step(bytes[start]) else { return false }
      start += 1
    }
    let end = bytes.count - Self.cutByteCount(bytes, from: start)
    guard Self.isValid(bytes.extracting(start..<end)) else { return false }
    for index in end..<bytes.count {
      guard step(bytes[index]) else { return false }
    }
    return true
  }

  /// Whether `bytes` is valid UTF-8 as a whole.
  ///
  /// - Complexity: O(`bytes.count`)
  package static func isValid(_ bytes: Span<UInt8>) -> Bool {
    do {
      _ = try UTF8Span(validating: bytes)
      return true
    } catch {
      return false
    }
  }

  /// How many bytes at the end belong to a character that the end cuts: 0 to 3.
  private static func cutByteCount(_ bytes: Span<UInt8>, from start: Int) -> Int {
    for distance in 1..<4 where bytes.count - distance >= start {
      let byte = bytes[bytes.count - distance]
      if byte < 0x80 { return 0 }
      if byte >= 0xC0 {
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        return length > distance ? distance : 0
      }
    }
    return 0
  }

  /// Steps one byte through the table of RFC 3629 §4.
  private mutating func step(_ byte: UInt8) -> Bool {
    if missingByteCount > 0 {
      guard byte >= lowestNext && byte <= highestNext else { return false }
      missingByteCount -= 1
      (lowestNext, highestNext) = (0x80, 0xBF)
      return true
    }
    (lowestNext, highestNext) = (0x80, 0xBF)
    switch byte {
    case 0x00...0x7F: return true
    case 0xC2...0xDF: missingByteCount = 1
    case 0xE0: (missingByteCount, lowestNext) = (2, 0xA0)
    case 0xED: (missingByteCount, highestNext) = (2, 0x9F)
    case 0xE1...0xEF: missingByteCount = 2
    case 0xF0: (missingByteCount, lowestNext) = (3, 0x90)
    case 0xF4: (missingByteCount, highestNext) = (3, 0x8F)
    case 0xF1...0xF3: missingByteCount = 3
    default: return false
    }
    return true
  }
}
