import EventLoop
import Testing

@Suite("A ClientHello as far as it has to be known, RFC 8446 §4.1.2 and §5.1")
struct ClientHelloTests {
  private static let message: [UInt8] = [1, 0, 0, 60] + (0..<60).map { UInt8($0) }

  /// Records of a message, with so many bytes in each.
  private static func records(_ message: [UInt8], each byteCount: Int) -> [UInt8] {
    stride(from: 0, to: message.count, by: byteCount).flatMap { start -> [UInt8] in
      let piece = message[start..<min(start + byteCount, message.count)]
      return [22, 3, 1, UInt8(piece.count >> 8), UInt8(piece.count & 0xFF)] + piece
    }
  }

  private static func look(_ bytes: [UInt8]) -> ClientHello.Outcome {
    ClientHello.look(at: bytes.span)
  }

  @Test("It is whole with its last byte and not before, in any records", arguments: [1, 3, 7, 64])
  func whole(byteCount: Int) {
    let bytes = Self.records(Self.message, each: byteCount)
    for count in 0..<bytes.count {
      #expect(Self.look(Array(bytes[..<count])) == .incomplete, "\(count)")
    }
    #expect(Self.look(bytes) == .whole)
    #expect(Self.look(bytes + [22, 3, 3, 0, 1, 0]) == .whole, "what is behind it is no matter")
  }

  @Test("The longest is 16 KiB in one record; what says that it is longer is none")
  func length() {
    let count = ClientHello.maximumByteCount
    let inner = count - 4
    let header = [1, 0, UInt8(inner >> 8), UInt8(inner & 0xFF)]
    let longest = header + [UInt8](repeating: 7, count: inner)
    let bytes = Self.records(longest, each: count)
    #expect(Self.look(Array(bytes.dropLast())) == .incomplete)
    #expect(Self.look(bytes) == .whole)
    #expect(Self.look([22, 3, 1, 0x40, 0x01, 1]) == .malformed, "a record over 16 KiB")
    #expect(Self.look([22, 3, 1, 0, 4, 1, 0, 0x3F, 0xFD]) == .malformed, "a message over 16 KiB")
    #expect(Self.look([22, 3, 1, 0, 4, 1, 0, 0x3F, 0xFC]) == .incomplete)
  }

  @Test(
    "What no TLS connection begins with is none as soon as that is seen",
    arguments: [
      [0], [0x80, 0x2E, 1], [23, 3, 1], [21], Array("GET".utf8), [22, 2, 1, 0, 5],
      [22, 3, 1, 0, 0], [22, 3, 1, 0, 5, 2], [22, 3, 1, 0, 1, 1, 23],
    ] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    #expect(Self.look(bytes) == .malformed)
  }
}
