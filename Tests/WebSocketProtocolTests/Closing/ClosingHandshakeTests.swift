import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Closing handshake, RFC 6455 §7")
struct ClosingHandshakeTests {
  private let start = Instant(nanoseconds: 1_000)
  private var handshake = ClosingHandshake(closeTimeout: .seconds(5))

  private func after(_ duration: Duration) -> Instant {
    start.advanced(by: duration)
  }

  @Test("This side begins, the peer answers: clean, with the peer's code")
  mutating func localFirst() {
    #expect(handshake.initiator == nil && handshake.deadline == nil)
    #expect(handshake.closeRequested(.goingAway, now: start) == .sendClose(.goingAway))
    #expect(handshake.initiator == .local && handshake.hasSentClose && !handshake.isClean)
    #expect(handshake.deadline == after(.seconds(5)))
    #expect(handshake.closeReceived(.goingAway, now: after(.seconds(1))) == .disconnect)
    #expect(handshake.isClean && handshake.initiator == .local)
    #expect(handshake.closeCode == .goingAway)
    #expect(handshake.deadline == after(.seconds(6)), "the peer still has to end the stream")
    #expect(handshake.streamEnded() == .disconnect)
    #expect(handshake.isDisconnected && handshake.deadline == nil)
  }

  @Test(
    "The peer begins: its code is echoed, and an empty frame answers an empty one",
    arguments: [
      (1000, 1000, 1000), (1001, 1001, 1001), (4999, 4999, 4999), (nil, nil, 1005),
    ] as [(UInt16?, UInt16?, UInt16)])
  mutating func peerFirst(received: UInt16?, reply: UInt16?, recorded: UInt16) {
    let code = received.map { CloseCode(rawValue: $0) }
    #expect(
      handshake.closeReceived(code, now: start)
        == .replyAndDisconnect(reply.map { CloseCode(rawValue: $0) }))
    #expect(handshake.initiator == .peer && handshake.isClean)
    #expect(handshake.closeCode == CloseCode(rawValue: recorded))
    #expect(handshake.closeRequested(.internalError, now: start) == .none, "one close frame only")
    #expect(handshake.streamEnded() == .disconnect)
  }

  @Test("Both sides begin at once: each takes the other's frame for the answer")
  mutating func simultaneous() {
    #expect(handshake.closeRequested(.normalClosure, now: start) == .sendClose(.normalClosure))
    #expect(handshake.closeReceived(.goingAway, now: start) == .disconnect)
    #expect(handshake.isClean && handshake.initiator == .local)
    #expect(handshake.closeCode == .goingAway)
  }

  @Test("A second request sends no second frame, and does not put the deadline off")
  mutating func requestedTwice() {
    #expect(handshake.closeRequested(.goingAway, now: start) == .sendClose(.goingAway))
    #expect(handshake.closeRequested(.internalError, now: after(.seconds(3))) == .none)
    #expect(handshake.deadline == after(.seconds(5)))
  }

  @Test("A close frame without a code is asked for with nil")
  mutating func withoutCode() {
    #expect(handshake.closeRequested(nil, now: start) == .sendClose(nil))
  }

  @Test("A peer that does not answer is given up at the close timeout, not before")
  mutating func timeout() {
    #expect(handshake.closeRequested(.goingAway, now: start) == .sendClose(.goingAway))
    #expect(handshake.tick(now: after(.nanoseconds(4_999_999_999))) == .none)
    #expect(handshake.tick(now: after(.seconds(5))) == .abandon)
    #expect(!handshake.isClean && handshake.closeCode == .abnormalClosure)
    #expect(handshake.deadline == nil && handshake.tick(now: after(.seconds(9))) == .none)
    #expect(handshake.closeReceived(.goingAway, now: after(.seconds(9))) == .none)
  }

  @Test("A peer that takes output gets another close timeout, but not without end")
  mutating func slowReader() {
    handshake.outputTaken(now: start)
    #expect(handshake.deadline == nil)
    #expect(handshake.closeRequested(.goingAway, now: start) == .sendClose(.goingAway))
    handshake.outputTaken(now: after(.seconds(4)))
    #expect(handshake.deadline == after(.seconds(9)))
    #expect(handshake.tick(now: after(.seconds(5))) == .none)
    handshake.outputTaken(now: after(.seconds(298)))
    #expect(handshake.deadline == after(.seconds(300)))
    handshake.outputTaken(now: after(.seconds(299)))
    #expect(handshake.tick(now: after(.seconds(300))) == .abandon)
    handshake.outputTaken(now: after(.seconds(301)))
    #expect(handshake.deadline == nil)
  }

  @Test("A peer that answered but keeps its stream open is given up too, and it was clean")
  mutating func lingering() {
    #expect(handshake.closeReceived(nil, now: start) == .replyAndDisconnect(nil))
    #expect(handshake.tick(now: after(.seconds(5))) == .abandon)
    #expect(handshake.isClean && handshake.closeCode == .noStatusReceived)
  }

  @Test("A stream that ends without a close frame counts as 1006")
  mutating func abnormal() {
    #expect(handshake.streamEnded() == .disconnect)
    #expect(handshake.closeCode == .abnormalClosure && !handshake.isClean)
    #expect(handshake.initiator == nil)
    #expect(handshake.streamEnded() == .none)
    #expect(handshake.closeRequested(.goingAway, now: start) == .none)
  }

  @Test("A close timeout that changes holds from the next close frame on")
  mutating func changedTimeout() {
    handshake.closeTimeout = .seconds(1)
    #expect(handshake.closeRequested(.goingAway, now: start) == .sendClose(.goingAway))
    #expect(handshake.deadline == after(.seconds(1)))
  }
}
