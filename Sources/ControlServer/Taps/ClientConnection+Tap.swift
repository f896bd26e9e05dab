internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension ClientConnection {
  /// Whether it is a tap still, and the stream is its own.
  func isTapping(_ stream: TapStream) -> Bool {
    if case .tapping(let current) = mode { current === stream } else { false }
  }

  /// Pushes the next batch, if the last one was taken.
  func push(_ tap: TapStream) {
    if backlogByteCount == 0, let frame = tap.frame(now: loop.reactor.now) { send(frame) }
    if tap.isOver, tap.channel.isOpen {
      let reason = loop.sentence(ofEndOf: tap).cut(to: 120)
      act(on: tap.channel.close(.normalClosure, reason: reason, now: loop.reactor.now), tap)
    }
    scheduleWakeUp()
  }

  /// Performs the channel's actions.
  func act(on actions: [WatchChannel.Action], _ tap: TapStream) {
    // The last options count: each replaces the ones before.
    var options: [UInt8]?
    for action in actions {
      switch action {
      case .send(let frame): send(frame)
      case .text(let json): options = json
      case .end: finish()
      }
    }
    if let options {
      let (criteria, actions) = tap.take(options, now: loop.reactor.now)
      if let criteria { loop.context.server.change(tap.tap, to: criteria) }
      act(on: actions, tap)
    }
    scheduleWakeUp()
  }
}
