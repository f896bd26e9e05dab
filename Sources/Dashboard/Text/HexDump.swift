import ControlProtocol

/// Bytes as lines of sixteen: offset, hexadecimal, and ASCII.
package enum HexDump {
  private static let bytesPerLine = 16

  /// The lines, such as `0010  68 65 6c 6c 6f …  hello`, with a dot for bytes that are no ASCII.
  package static func lines(_ bytes: [UInt8], bytesPerLine: Int = bytesPerLine) -> [String] {
    stride(from: 0, to: bytes.count, by: bytesPerLine).map { start in
      let line = bytes[start..<min(start + bytesPerLine, bytes.count)]
      var digits = line.map { HexBytes.text([$0]) }.joined(separator: " ")
      digits += String(repeating: " ", count: 3 * bytesPerLine - 1 - digits.utf8.count)
      let offset = String(start, radix: 16)
      let place = String(repeating: "0", count: max(0, 4 - offset.utf8.count)) + offset
      let text = line.map { (0x20...0x7E).contains($0) ? Character(Unicode.Scalar($0)) : "." }
      return "\(place)  \(digits)  \(String(text))"
    }
  }
}
