import Testing
import Vocabulary
import WebSocketProtocol

@Suite("One side fails the connection, RFC 6455 §7.1.7")
struct ConversationFailureTests {
  /// Bytes that break a rule, as a side of each role gets them.
  struct Fault {
    var violation: ProtocolViolation
    var bytes: @Sendable (Role) -> [UInt8]
  }

  static let faults: [Fault] = [
    Fault(violation: .reservedBits) { frame(.binary, [1], rsv1: true, to: $0) },
    Fault(violation: .reservedOpcode(11)) { [0x8B, $0 == .server ? 0x80 : 0, 0, 0, 0, 0] },
    Fault(violation: .controlFrameFragmented) { [0x09, $0 == .server ? 0x80 : 0, 0, 0, 0, 0] },
    Fault(violation: .controlFrameTooLong(126)) {
      [0x89, $0 == .server ? 0xFE : 0x7E, 0, 126, 0, 0, 0, 0]
    },
    Fault(violation: .unexpectedContinuation) { frame(.continuation, [1], to: $0) },
    Fault(violation: .expectedContinuation) {
      frame(.binary, [1], isFinal: false, to: $0) + frame(.text, [], to: $0)
    },
    Fault(violation: .textNotUTF8) { frame(.text, [0xC3, 0x28], to: $0) },
    Fault(violation: .closePayloadOneByte) { frame(.close, [3], to: $0) },
    Fault(violation: .closeCodeInvalid(1005)) { frame(.close, [3, 0xED], to: $0) },
    Fault(violation: .closeReasonNotUTF8) { frame(.close, [3, 0xE8, 0xFF], to: $0) },
    Fault(violation: .messageTooBig(limit: 1000, byteCount: 1001)) {
      frame(.binary, pattern(1001), to: $0)
    },
    Fault(violation: .messageTooBig(limit: 1000, byteCount: 1200)) {
      frame(.binary, pattern(600), isFinal: false, to: $0)
        + frame(.continuation, pattern(600), to: $0)
    },
  ]

  @Test(
    "The peer is told the violation's code and rule, and nothing counts any more",
    arguments: bothRoles)
  func faults(role: Role) {
    let more = frame(.ping, "x", to: role) + closeFrame(.normalClosure, to: role)
    for fault in Self.faults {
      for isInPlace in [true, false] {
        var side = Speaker(role, isInPlace: isInPlace, messageByteCount: 1000)
        side.receive(frame(.text, "fine", to: role) + fault.bytes(role) + more)
        side.receive(more)
        side.flush()
        let (reported, sent) = (side.reported, side.sent)
        let violation = fault.violation
        #expect(reported == [.message(.text, Array("fine".utf8)), .violation(violation)])
        #expect(sent == [.close(violation.closeCode, violation.description)])
        let (phase, endsFirst) = (side.conversation.phase, side.conversation.endsFirst)
        #expect(phase == .ending && endsFirst == (role == .server))
        let isAdded = side.send([1])
        #expect(!isAdded)
      }
    }
  }

  @Test("A frame that is masked by the wrong side fails", arguments: bothRoles)
  func wrongMask(role: Role) {
    var side = Speaker(role)
    side.receive(frame(.text, "x", to: role == .server ? .client : .server))
    side.flush()
    let (reported, sent) = (side.reported, side.sent)
    let violation = role == .server ? ProtocolViolation.unmaskedFrame : .maskedFrame
    #expect(reported == [.violation(violation)])
    #expect(sent == [.close(.protocolError, violation.description)])
  }

  @Test("A violation after this side's close frame sends no second one", arguments: bothRoles)
  func failingWhileClosing(role: Role) {
    for fault in Self.faults {
      var side = Speaker(role, messageByteCount: 1000)
      let now = side.now
      side.close(.goingAway)
      side.wait(.seconds(3))
      side.receive(fault.bytes(role))
      side.flush()
      let (reported, sent, deadline) = (side.reported, side.sent, side.conversation.deadline)
      #expect(reported == [.violation(fault.violation)] && sent == [.close(.goingAway, "")])
      let phase = side.conversation.phase
      // The output that was taken has moved it.
      #expect(phase == .ending && deadline == now.advanced(by: .seconds(8)))
    }
  }

  @Test("A peer that broke a rule and ended its side is still told why", arguments: bothRoles)
  func toldBehindTheEnd(role: Role) {
    var side = Speaker(role)
    side.receive([0x83, 0])
    side.conversation.streamEnded()
    let phase = side.conversation.phase
    side.flush()
    let (sent, end) = (side.sent, side.conversation.phase)
    #expect(phase == .ending && end == .ended)
    #expect(sent == [.close(.protocolError, "opcode 3 is reserved")])
  }

  @Test("A peer that goes on and on after a violation is given up at the deadline")
  func endlessInput() {
    var side = Speaker(.server)
    side.receive([0x83, 0])
    side.flush()
    for _ in 0..<5 {
      let phase = side.conversation.phase
      #expect(phase == .ending)
      side.receive(frame(.binary, pattern(1000), to: .server))
      side.tick()
      side.wait(.seconds(1))
    }
    side.tick()
    let (phase, reported) = (side.conversation.phase, side.reported.count)
    #expect(phase == .ended && reported == 1)
  }
}
