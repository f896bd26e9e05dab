import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Protocol violations, RFC 6455 §7.4.1")
struct ProtocolViolationTests {
  private static let all: [(ProtocolViolation, UInt16)] = [
    (.reservedBits, 1002), (.reservedOpcode(3), 1002), (.unmaskedFrame, 1002),
    (.maskedFrame, 1002), (.controlFrameFragmented, 1002), (.controlFrameTooLong(126), 1002),
    (.nonMinimalLength, 1002), (.lengthTopBitSet, 1002), (.unexpectedContinuation, 1002),
    (.expectedContinuation, 1002), (.closePayloadOneByte, 1002), (.closeCodeInvalid(1005), 1002),
    (.compressedControlFrame, 1002), (.compressedContinuation, 1002),
    (.closeReasonNotUTF8, 1007), (.textNotUTF8, 1007), (.deflateDataInvalid, 1007),
    (.messageTooBig(limit: .max, byteCount: .max), 1009),
  ]

  @Test("Each fails the connection with its close code", arguments: all)
  func closeCode(violation: ProtocolViolation, code: UInt16) {
    #expect(violation.closeCode == CloseCode(rawValue: code))
    #expect(violation.closeCode.mayBeSent)
  }

  @Test("Each description fits a close reason, and each name is its own")
  func texts() {
    #expect(Self.all.allSatisfy { $0.0.description.utf8.count <= 123 })
    #expect(Set(Self.all.map { $0.0.name }).count == Self.all.count)
  }
}
