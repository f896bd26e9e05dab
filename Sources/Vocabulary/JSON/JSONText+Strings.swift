extension JSONText {
  /// The text that a string of JSON means.
  ///
  /// - Parameter bytes: the string as it stands, in its quotes, which has been checked.
  /// - Throws: `Fault` for an escape that is half of a surrogate pair, its column counted from the
  ///   opening quote.
  package static func text(ofString bytes: Span<UInt8>) throws(Fault) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var index = 1
    while index < bytes.count - 1 {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        index += 1
        continue
      }
      let escaped = bytes[index + 1]
      guard escaped == UInt8(ascii: "u") else {
        text.append(Self.meaning(ofEscape: escaped))
        index += 2
        continue
      }
      let scalar = try scalar(at: &index, in: bytes)
      text.append(contentsOf: String(Character(scalar)).utf8)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The value of a hexadecimal digit; nil if it is none.
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func meaning(ofEscape byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: byte
    }
  }

  /// Reads `\uXXXX`, or two of them that are one scalar together.
  private static func scalar(
    at index: inout Int, in bytes: Span<UInt8>
  ) throws(Fault) -> Unicode.Scalar {
    let start = index
    guard let first = unit(at: index, in: bytes) else {
      throw Fault(at: start, in: bytes, "\\u wants four hexadecimal digits")
    }
    index += 6
    if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
    guard UTF16.isLeadSurrogate(first), let second = unit(at: index, in: bytes),
      UTF16.isTrailSurrogate(second),
      let scalar = Unicode.Scalar(
        0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else {
      throw Fault(at: start, in: bytes, "this is half of a surrogate pair, which means nothing")
    }
    index += 6
    return scalar
  }

  /// The code unit of the escape at a place; nil if there is none.
  private static func unit(at index: Int, in bytes: Span<UInt8>) -> UInt16? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt16 = 0
    for digit in 2..<6 {
      guard let value = hexadecimal(bytes[index + digit]) else { return nil }
      unit = unit << 4 | UInt16(value)
    }
    return unit
  }
}
