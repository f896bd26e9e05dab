import Testing
import Vocabulary
import WebSocketProtocol

@Suite("One side of a WebSocket: each event in each state, RFC 6455 §5 to §7")
struct ConversationTests {
  /// How far the connection has come before the event; all output has been sent.
  enum Situation: CaseIterable {
    case open
    /// This side has closed with 4000, and waits.
    case weClosed
    /// The peer has closed with 1001, and was answered.
    case peerClosed
    /// Both have closed, this side first.
    case bothClosed
    /// The peer broke a rule.
    case failed
    /// The peer's stream has ended.
    case ended
  }

  enum Happening: CaseIterable {
    case text, fragments, ping, pong, close, emptyClose, violation
    case streamEnd, beforeDeadline, deadline, weSend, weClose
  }

  /// What follows: reports, frames that the peer gets, and the phase.
  struct Outcome: Equatable {
    var reported: [Received] = []
    var sent: [Received] = []
    var phase: Conversation.Phase
  }

  /// A side in a situation, with nothing reported or sent so far.
  private func speaker(_ role: Role, isInPlace: Bool, _ situation: Situation) -> Speaker {
    var side = Speaker(role, isInPlace: isInPlace)
    switch situation {
    case .open: break
    case .weClosed: side.close(.custom, reason: "ours")
    case .peerClosed: side.receive(closeFrame(.goingAway, to: role))
    case .bothClosed:
      side.close(.custom, reason: "ours")
      side.receive(closeFrame(.custom, to: role))
    case .failed: side.receive([0x83, 0])
    case .ended: side.conversation.streamEnded()
    }
    side.flush()
    side.reported = []
    side.peer.received = []
    return side
  }

  private func perform(_ happening: Happening, on side: inout Speaker, role: Role) {
    switch happening {
    case .text: side.receive(frame(.text, "hi", to: role))
    case .fragments:
      side.receive(
        frame(.text, "h", isFinal: false, to: role) + frame(.ping, "mid", to: role)
          + frame(.continuation, "i", to: role))
    case .ping: side.receive(frame(.ping, "are you there", to: role))
    case .pong: side.receive(frame(.pong, "unasked", to: role))
    case .close: side.receive(closeFrame(.normalClosure, reason: "bye", to: role))
    case .emptyClose: side.receive(closeFrame(nil, to: role))
    case .violation: side.receive([0x83, 0])
    case .streamEnd: side.conversation.streamEnded()
    case .beforeDeadline:
      side.wait(.nanoseconds(4_999_999_999))
      side.tick()
    case .deadline:
      side.wait(.seconds(5))
      side.tick()
    case .weSend:
      let payload = Array("hello".utf8)
      side.send(payload, as: .text)
      side.sendFrame(.binary, isFinal: true, payload)
    case .weClose: side.close(.serviceRestart, reason: "restart")
    }
    side.flush()
  }

  private static let violation = ProtocolViolation.reservedOpcode(3)
  private static let fault = Received.close(.protocolError, "opcode 3 is reserved")
  private static let hello = Array("hello".utf8)

  /// What follows in a situation; what is not here changes nothing.
  private static let table: [(Situation, Happening, Outcome)] = [
    (.open, .text, Outcome(reported: [.message(.text, "hi")], phase: .open)),
    (
      .open, .fragments,
      Outcome(
        reported: [.ping("mid"), .message(.text, "hi")], sent: [.pong("mid")], phase: .open)
    ),
    (
      .open, .ping,
      Outcome(reported: [.ping("are you there")], sent: [.pong("are you there")], phase: .open)
    ),
    (.open, .pong, Outcome(reported: [.pong("unasked")], phase: .open)),
    (
      .open, .close,
      Outcome(
        reported: [.close(.normalClosure, "bye")], sent: [.close(.normalClosure, "bye")],
        phase: .ending)
    ),
    (
      .open, .emptyClose,
      Outcome(reported: [.close(nil, "")], sent: [.close(nil, "")], phase: .ending)
    ),
    (
      .open, .violation,
      Outcome(reported: [.violation(violation)], sent: [fault], phase: .ending)
    ),
    (.open, .streamEnd, Outcome(phase: .ended)),
    (
      .open, .weSend,
      Outcome(sent: [.message(.text, hello), .message(.binary, hello)], phase: .open)
    ),
    (
      .open, .weClose,
      Outcome(sent: [.close(.serviceRestart, "restart")], phase: .closing)
    ),

    // What the peer says before it closes too is dropped, and its pings need no answer.
    (.weClosed, .fragments, Outcome(reported: [.ping("mid")], phase: .closing)),
    (.weClosed, .ping, Outcome(reported: [.ping("are you there")], phase: .closing)),
    (.weClosed, .pong, Outcome(reported: [.pong("unasked")], phase: .closing)),
    (.weClosed, .close, Outcome(reported: [.close(.normalClosure, "bye")], phase: .ending)),
    (.weClosed, .emptyClose, Outcome(reported: [.close(nil, "")], phase: .ending)),
    (.weClosed, .violation, Outcome(reported: [.violation(violation)], phase: .ending)),
    (.weClosed, .streamEnd, Outcome(phase: .ended)),
    (.weClosed, .deadline, Outcome(phase: .ended)),

    // Nothing has a meaning any more but the end.
    (.peerClosed, .streamEnd, Outcome(phase: .ended)),
    (.peerClosed, .deadline, Outcome(phase: .ended)),
    (.bothClosed, .streamEnd, Outcome(phase: .ended)),
    (.bothClosed, .deadline, Outcome(phase: .ended)),
    (.failed, .streamEnd, Outcome(phase: .ended)),
    (.failed, .deadline, Outcome(phase: .ended)),
  ]

  private static let initialPhase: [Situation: Conversation.Phase] = [
    .open: .open, .weClosed: .closing, .peerClosed: .ending, .bothClosed: .ending,
    .failed: .ending, .ended: .ended,
  ]

  @Test(
    "Each event in each state, on both sides, in place and as whole messages",
    arguments: Situation.allCases, Happening.allCases)
  func events(situation: Situation, happening: Happening) throws {
    let phase = try #require(Self.initialPhase[situation])
    let entry = Self.table.first { $0.0 == situation && $0.1 == happening }
    let expected = entry?.2 ?? Outcome(phase: phase)
    for role in bothRoles {
      for isInPlace in [true, false] {
        var side = speaker(role, isInPlace: isInPlace, situation)
        let before = side.conversation.phase
        #expect(before == phase)
        perform(happening, on: &side, role: role)
        let outcome = Outcome(
          reported: side.reported, sent: side.sent, phase: side.conversation.phase)
        var wanted = expected
        // Who takes whole messages is not told of control frames.
        if !isInPlace { wanted.reported.removeAll(where: \.isPingOrPong) }
        #expect(outcome == wanted, "\(role), in place: \(isInPlace)")
        let unsentByteCount = side.conversation.outputByteCount
        #expect(unsentByteCount == 0)
      }
    }
  }

  @Test("A deadline stands from the first close frame to the end", arguments: Situation.allCases)
  func deadlines(situation: Situation) {
    for role in bothRoles {
      let side = speaker(role, isInPlace: true, situation)
      let due = side.now.advanced(by: .seconds(5))
      let deadline = side.conversation.deadline
      #expect(deadline == (situation == .open || situation == .ended ? nil : due))
    }
  }

  @Test("The server ends its stream first, the client waits", arguments: Situation.allCases)
  func whoEndsFirst(situation: Situation) {
    for role in bothRoles {
      let side = speaker(role, isInPlace: true, situation)
      let isOver = [.peerClosed, .bothClosed, .failed].contains(situation)
      let (endsFirst, isOpen) = (side.conversation.endsFirst, side.conversation.isOpen)
      #expect(endsFirst == (isOver && role == .server))
      #expect(isOpen == (situation == .open))
    }
  }

  @Test("A stream that ends inside a message or a frame is over as well", arguments: bothRoles)
  func cutStream(role: Role) {
    let whole = frame(.text, "hello", isFinal: false, to: role) + frame(.ping, "x", to: role)
    for count in 0...whole.count {
      for isInPlace in [true, false] {
        var side = Speaker(role, isInPlace: isInPlace)
        side.receive(Array(whole[..<count]))
        side.conversation.streamEnded()
        side.receive(frame(.continuation, "!", to: role))
        let (phase, hasMessage) = (
          side.conversation.phase, side.reported.contains { !$0.isPingOrPong }
        )
        #expect(phase == .ended && !hasMessage, "cut at \(count)")
      }
    }
  }

  @Test("All that came with a close frame and behind it counts up to the frame alone")
  func behindTheClose() {
    for role in bothRoles {
      for isInPlace in [true, false] {
        let bytes =
          frame(.text, "before", to: role) + closeFrame(.goingAway, to: role)
          + frame(.text, "after", to: role) + frame(.ping, "after", to: role) + [0x83, 0]
        for offset in splitOffsets(of: bytes.count) {
          var side = Speaker(role, isInPlace: isInPlace)
          side.receive(Array(bytes[..<offset]))
          side.receive(Array(bytes[offset...]))
          side.flush()
          let (reported, sent) = (side.reported, side.sent)
          #expect(reported == [.message(.text, "before"), .close(.goingAway, "")])
          #expect(sent == [.close(.goingAway, "")])
        }
      }
    }
  }

  @Test("A message under way when this side closes is dropped, in one piece or in many")
  func closedInside() {
    for role in bothRoles {
      for isInPlace in [true, false] {
        var side = Speaker(role, isInPlace: isInPlace)
        side.receive(frame(.text, "to be ", isFinal: false, to: role))
        side.close(.goingAway)
        side.receive(frame(.continuation, "continued", to: role))
        side.receive(frame(.binary, pattern(300), to: role) + closeFrame(.goingAway, to: role))
        let (reported, phase) = (side.reported, side.conversation.phase)
        #expect(reported == [.close(.goingAway, "")] && phase == .ending)
      }
    }
  }
}

extension CloseCode {
  fileprivate static let custom = CloseCode(rawValue: 4000)
}

extension Received {
  fileprivate static func message(_ kind: MessageKind, _ text: String) -> Received {
    .message(kind, Array(text.utf8))
  }

  fileprivate static func ping(_ text: String) -> Received { .ping(Array(text.utf8)) }

  fileprivate static func pong(_ text: String) -> Received { .pong(Array(text.utf8)) }

  fileprivate var isPingOrPong: Bool {
    switch self {
    case .ping, .pong: true
    case .message, .close, .violation: false
    }
  }
}
