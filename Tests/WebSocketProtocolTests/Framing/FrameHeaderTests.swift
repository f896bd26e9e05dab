import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Frame header, RFC 6455 §5.2")
struct FrameHeaderTests {
  @Test("What was encoded decodes to itself, and not before its last byte has come")
  func roundTrip() throws {
    for opcode in Opcode.allCases {
      for payloadByteCount in [0, 1, 125, 126, 127, 65535, 65536, .max] {
        if opcode.isControl && payloadByteCount > 125 { continue }
        for role in bothRoles {
          let header = FrameHeader(
            opcode: opcode, isFinal: true, maskingKey: role == .server ? 0x0102_0304 : nil,
            payloadByteCount: payloadByteCount)
          var bytes = [UInt8](repeating: 0, count: header.byteCount)
          var span = bytes.mutableSpan
          _ = FrameEncoder.encodeHeader(
            opcode, isFinal: true, payloadByteCount: payloadByteCount,
            maskingKey: header.maskingKey, into: &span, at: 0)
          let expectation = FrameHeader.Expectation(
            role: role, isReceivingMessage: opcode == .continuation, receivedByteCount: 0,
            maximumMessageByteCount: .max)
          for end in 0..<bytes.count {
            let early = try FrameHeader.decode(
              from: bytes.span, at: 0, upTo: end, expecting: expectation)
            #expect(early == nil)
          }
          let decoded = try FrameHeader.decode(
            from: bytes.span, at: 0, upTo: bytes.count, expecting: expectation)
          #expect(decoded == header)
        }
      }
    }
  }

  @Test(
    "A reserved bit fails the connection at the first byte", arguments: [0x40, 0x20, 0x10, 0x70])
  func reservedBits(bits: UInt8) {
    for role in bothRoles {
      expectReceived([.violation(.reservedBits)], by: role, from: [0x81 | bits])
      expectReceived([.violation(.reservedBits)], by: role, from: [0x89 | bits])
    }
  }

  @Test(
    "A reserved opcode fails the connection at the first byte",
    arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
  func reservedOpcode(opcode: UInt8) {
    for role in bothRoles {
      expectReceived([.violation(.reservedOpcode(opcode))], by: role, from: [0x80 | opcode])
      expectReceived([.violation(.reservedOpcode(opcode))], by: role, from: [opcode, 0x80, 0])
    }
  }

  @Test(
    "A client's frame must be masked, a server's must not, RFC 6455 §5.1",
    arguments: Opcode.allCases)
  func mask(opcode: Opcode) {
    guard opcode != .continuation else { return }
    expectReceived([.violation(.unmaskedFrame)], by: .server, from: [0x80 | opcode.rawValue, 0])
    expectReceived([.violation(.maskedFrame)], by: .client, from: [0x80 | opcode.rawValue, 0x80])
  }

  @Test("A length in more bytes than it needs fails the connection, for both roles")
  func nonMinimalLength() {
    for (role, bit) in [(Role.server, UInt8(0x80)), (.client, 0)] {
      for length in [0, 1, 125] as [UInt8] {
        expectReceived(
          [.violation(.nonMinimalLength)], by: role, from: [0x82, bit | 126, 0, length])
      }
      for (high, low) in [(0, 0), (0, 126), (0xFF, 0xFF)] as [(UInt8, UInt8)] {
        expectReceived(
          [.violation(.nonMinimalLength)], by: role,
          from: [0x82, bit | 127, 0, 0, 0, 0, 0, 0, high, low])
      }
    }
  }

  @Test("The top bit of a 64-bit length fails the connection, for both roles")
  func lengthTopBit() {
    for (role, bit) in [(Role.server, UInt8(0x80)), (.client, 0)] {
      for first in [0x80, 0xFF] as [UInt8] {
        expectReceived(
          [.violation(.lengthTopBitSet)], by: role,
          from: [0x82, bit | 127, first, 0, 0, 0, 0, 0, 0, 1])
      }
    }
  }

  @Test("The greatest length that fits is over any limit, not an overflow")
  func greatestLength() {
    let bytes: [UInt8] = [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
    expectReceived(
      [.violation(.messageTooBig(limit: 1 << 20, byteCount: .max))], by: .server, from: bytes)
    let fragment = frame(.binary, [1], isFinal: false, to: .server)
    expectReceived(
      [.violation(.messageTooBig(limit: 1 << 20, byteCount: .max))], by: .server,
      from: fragment + [0x80] + bytes[1...])
  }

  @Test("A control frame over 125 bytes fails at its second byte, RFC 6455 §5.5")
  func controlTooLong() {
    for opcode in [Opcode.close, .ping, .pong] {
      let first = 0x80 | opcode.rawValue
      expectReceived([.violation(.controlFrameTooLong(126))], by: .server, from: [first, 0xFE])
      expectReceived([.violation(.controlFrameTooLong(127))], by: .server, from: [first, 0xFF])
      expectReceived([.violation(.controlFrameTooLong(126))], by: .client, from: [first, 0x7E])
      expectReceived([.violation(.controlFrameTooLong(127))], by: .client, from: [first, 0x7F])
    }
    for role in bothRoles {
      let longest = pattern(125)
      expectReceived([.ping(longest)], by: role, from: frame(.ping, longest, to: role))
      expectReceived([.pong(longest)], by: role, from: frame(.pong, longest, to: role))
    }
  }

  @Test("A control frame without FIN fails at its first byte, RFC 6455 §5.5")
  func controlFragmented() {
    for role in bothRoles {
      for first in [0x08, 0x09, 0x0A] as [UInt8] {
        expectReceived([.violation(.controlFrameFragmented)], by: role, from: [first])
      }
    }
  }

  @Test("A violation is reported with the byte that makes it, not later")
  func earliestByte() {
    let cases: [([UInt8], Int)] = [
      ([0xC1, 0x80, 0, 0, 0, 0], 1), ([0x83, 0x80, 0, 0, 0, 0], 1), ([0x09, 0x80], 1),
      ([0x80, 0x80, 0, 0, 0, 0], 1), ([0x81, 0x00], 2), ([0x89, 0xFE, 0, 126], 2),
      ([0x82, 0xFE, 0, 125, 0, 0, 0, 0], 4), ([0x82, 0xFE, 0x04, 0x01, 0, 0, 0, 0], 4),
      ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 10),
      ([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 10),
    ]
    for (bytes, expected) in cases {
      var receiver = Receiver(role: .server, maximumMessageByteCount: 1024)
      var needed = 0
      while receiver.received.isEmpty && needed < bytes.count {
        receiver.receive([bytes[needed]])
        needed += 1
      }
      let received = receiver.received
      #expect(needed == expected && received.count == 1, "\(bytes)")
    }
  }
}
