import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Writing frames, RFC 6455 §5.2")
struct FrameEncoderTests {
  @Test(
    "The length takes the fewest bytes",
    arguments: [
      (0, [0x82, 0x00]), (1, [0x82, 0x01]), (125, [0x82, 0x7D]), (126, [0x82, 126, 0, 126]),
      (127, [0x82, 126, 0, 127]), (65535, [0x82, 126, 0xFF, 0xFF]),
      (65536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
      (.max, [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    ] as [(Int, [UInt8])])
  func lengths(payloadByteCount: Int, expected: [UInt8]) {
    for key in [nil, 0x0102_0304] as [UInt32?] {
      var bytes = [UInt8](repeating: 0xEE, count: 20)
      var span = bytes.mutableSpan
      let count = FrameEncoder.encodeHeader(
        .binary, isFinal: true, payloadByteCount: payloadByteCount, maskingKey: key, into: &span,
        at: 3)
      var header = expected
      if key != nil {
        header[1] |= 0x80
        header += [1, 2, 3, 4]
      }
      #expect(Array(bytes[3..<3 + count]) == header)
      #expect(
        bytes[..<3].allSatisfy { $0 == 0xEE } && bytes[(3 + count)...].allSatisfy { $0 == 0xEE })
      #expect(
        FrameEncoder.headerByteCount(payloadByteCount: payloadByteCount, isMasked: key != nil)
          == count)
    }
  }

  @Test(
    "FIN, RSV1 and opcode share the first byte",
    arguments: [
      (.text, true, false, 0x81), (.text, false, false, 0x01), (.binary, true, true, 0xC2),
      (.continuation, false, false, 0x00), (.continuation, true, false, 0x80),
      (.close, true, false, 0x88), (.ping, true, false, 0x89), (.pong, true, false, 0x8A),
    ] as [(Opcode, Bool, Bool, UInt8)])
  func firstByte(opcode: Opcode, isFinal: Bool, rsv1: Bool, expected: UInt8) {
    var bytes: [UInt8] = []
    let none: [UInt8] = []
    FrameEncoder.append(
      opcode, isFinal: isFinal, rsv1: rsv1, payload: none.span, maskingKey: nil, to: &bytes)
    #expect(bytes == [expected, 0])
  }

  @Test("The examples of RFC 6455 §5.7")
  func examples() {
    #expect(frame(.text, "Hello", to: .client) == [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
    #expect(
      frame(.text, "Hello", to: .server)
        == [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
    let fragments =
      frame(.text, "Hel", isFinal: false, to: .client) + frame(.continuation, "lo", to: .client)
    #expect(fragments == [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f])
    #expect(
      frame(.binary, pattern(256), to: .client) == [0x82, 0x7E, 0x01, 0x00] + pattern(256))
    #expect(
      frame(.binary, pattern(65536), to: .client)
        == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + pattern(65536))
  }

  @Test("A frame is appended behind what is there")
  func appends() {
    var bytes: [UInt8] = [1, 2, 3]
    let payload: [UInt8] = [0xAA]
    FrameEncoder.append(.binary, payload: payload.span, maskingKey: 0xFF00_0000, to: &bytes)
    #expect(bytes == [1, 2, 3, 0x82, 0x81, 0xFF, 0, 0, 0, 0x55])
  }

  @Test("A close frame without a code is empty; with one it begins with it, RFC 6455 §5.5.1")
  func close() {
    var bytes: [UInt8] = []
    FrameEncoder.appendClose(nil, maskingKey: nil, to: &bytes)
    #expect(bytes == [0x88, 0])
    bytes = []
    FrameEncoder.appendClose(.goingAway, reason: "bye", maskingKey: nil, to: &bytes)
    #expect(bytes == [0x88, 5, 0x03, 0xE9, 0x62, 0x79, 0x65])
  }

  @Test(
    "A reason over 123 bytes is cut at a character's end",
    arguments: [
      (String(repeating: "a", count: 123), 123), (String(repeating: "a", count: 124), 123),
      (String(repeating: "ä", count: 62), 122), (String(repeating: "a", count: 122) + "€", 122),
      (String(repeating: "a", count: 120) + "€", 123),
    ])
  func longReason(reason: String, keptByteCount: Int) {
    var bytes: [UInt8] = []
    FrameEncoder.appendClose(.policyViolation, reason: reason, maskingKey: nil, to: &bytes)
    #expect(bytes.count == 4 + keptByteCount)
    #expect(Array(bytes[4...]) == Array(reason.utf8.prefix(keptByteCount)))
    expectReceived(
      [.close(.policyViolation, String(decoding: bytes[4...], as: UTF8.self))], by: .client,
      from: bytes)
  }
}
