import Testing
import Vocabulary
import WebSocketProtocol

@Suite("The end of the stream, RFC 6455 §7.1.4 and §7.1.5")
struct EndOfStreamTests {
  private func end(after bytes: [UInt8], discarding: Bool = false) -> EndOfStream {
    var receiver = Receiver(role: .client)
    receiver.receive(bytes)
    if discarding { receiver.frames.discardInput() }
    let kept = receiver.kept.count
    return receiver.frames.receiveEndOfStream(unconsumedByteCount: kept)
  }

  @Test(
    "Where it ended, and the code that stands for it",
    arguments: [
      ([], .betweenMessages), ([0x81, 1, 0x61], .betweenMessages), ([0x81], .insideFrame),
      ([0x82, 126, 1], .insideFrame), ([0x89, 2, 0x61], .insideFrame),
      ([0x81, 2, 0x61], .insideFrame), ([0x01, 1, 0x61], .insideMessage),
      ([0x01, 1, 0x61, 0x80], .insideFrame), ([0x88, 0], .afterCloseFrame),
      ([0x88, 0, 0x81], .afterCloseFrame), ([0x83], .afterDiscard),
    ] as [([UInt8], EndOfStream)])
  func positions(bytes: [UInt8], expected: EndOfStream) {
    #expect(end(after: bytes) == expected)
    #expect(expected.closeCode == (expected == .afterCloseFrame ? nil : .abnormalClosure))
  }

  @Test("Discarding forgets the message under way but not the peer's close frame")
  func discarding() {
    #expect(end(after: [0x01, 1, 0x61], discarding: true) == .afterDiscard)
    #expect(end(after: [0x88, 0], discarding: true) == .afterCloseFrame)
  }

  @Test("Discarded input is consumed, and what was held is freed")
  func discardInput() {
    var receiver = Receiver(role: .client)
    receiver.receive([0x01, 1, 0x61])
    let (isReceiving, held) = (
      receiver.frames.isReceivingMessage, receiver.frames.bufferedByteCount
    )
    #expect(isReceiving && held == 1)
    receiver.frames.discardInput()
    receiver.receive([0x80, 1, 0x62, 0x88, 0, 0xFF])
    let (received, kept) = (receiver.received, receiver.kept)
    let (isStillReceiving, stillHeld) = (
      receiver.frames.isReceivingMessage, receiver.frames.bufferCapacity
    )
    #expect(received == [] && kept == [] && !isStillReceiving && stillHeld == 0)
  }
}
