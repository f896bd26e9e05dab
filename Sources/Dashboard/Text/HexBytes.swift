/// Bytes as hexadecimal digits, both ways, and as base 64 for the control API.
package enum HexBytes {
  /// What is wrong with hexadecimal text.
  package enum Problem: Error, Equatable, Sendable {
    /// A character that is no digit, at a column from 1.
    case notADigit(column: Int)
    /// The last byte has one digit only.
    case oddDigit
  }

  /// Reads digits; spaces, colons and line ends between bytes are skipped.
  ///
  /// - Throws: `Problem` for the first thing that is wrong.
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

  /// The bytes in base 64 with padding (RFC 4648 §4).
  package static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group = UInt32(bytes[start]) << 16
      if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[start + 2]) }
      for place in 0..<4 {
        let isPadding = place > count
        let sextet = Int(group >> UInt32(18 - 6 * place) & 63)
        result.append(isPadding ? UInt8(ascii: "=") : alphabet[sextet])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
