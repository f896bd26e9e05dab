/// Conversions between bytes and hexadecimal digits.
package enum HexBytes {
  /// A fault in hexadecimal text.
  package enum Problem: Error, Equatable, Sendable {
    /// A character that is no digit, at a column from 1.
    case notADigit(column: Int)
    /// The last byte has one digit only.
    case oddDigit
  }

  /// Parses digits; spaces, colons and line ends between bytes are skipped.
  ///
  /// - Throws: `Problem` for the first fault.
  package static func bytes(from text: String) throws(Problem) -> [UInt8] {
    var result: [UInt8] = []
    var high: UInt8?
    for (index, character) in text.enumerated() {
      if character.isWhitespace || character == ":" {
        guard high == nil else { throw .oddDigit }
        continue
      }
      guard character.isASCII, let digit = character.hexDigitValue else {
        throw .notADigit(column: index + 1)
      }
      if let first = high {
        result.append(first << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    guard high == nil else { throw .oddDigit }
    return result
  }

  /// Two digits a byte, in lower case.
  package static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }
}
