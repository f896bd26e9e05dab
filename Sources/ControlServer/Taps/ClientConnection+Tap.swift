internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

extension ClientConnection {
  /// Whether it is a tap still, and the stream is its own.
  func isTapping(_ stream: TapStream) -> Bool {
    if case .tapping(let current) = mode { current === stream } else { false }
  }

  /// Pushes the next batch, if the last one was taken.
  func push(_ tap: TapStream) {
    guard conversation.isOpen else { return }
    if backlogByteCount == 0, let json = tap.batch(now: loop.reactor.now) { push(json) }
    if tap.isOver {
      goAway(.normalClosure, reason: loop.sentence(ofEndOf: tap).cut(to: 120))
    }
    scheduleWakeUp()
  }
}
