internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

extension ClientConnection {
  /// Whether it is a WebSocket.
  var isPushing: Bool {
    switch mode {
    case .watching, .tapping: true
    default: false
    }
  }

  /// Pushes a snapshot if one is due and the last one was taken.
  func pushSnapshot() {
    if case .tapping(let tap) = mode { return push(tap) }
    guard let watch else { return }
    loop.askForDetails(watch, of: self)
    if backlogByteCount == 0, watch.isDue(loop.reactor.now), loop.hasWindow(watch, of: self) {
      let before = SystemClock.monotonic()
      let (frame, cost) = watch.frame(from: loop.api)
      let now = SystemClock.monotonic()
      watch.snapshotSent(
        now: loop.reactor.now, pause: loop.pause(after: before.duration(to: now) + cost))
      loop.snapshotMade()
      send(frame)
    }
    scheduleWakeUp()
  }

  /// Performs the channel's actions.
  func act(on actions: [WatchChannel.Action], _ watch: Watch) {
    // The last request counts: each replaces the one before.
    var request: [UInt8]?
    for action in actions {
      switch action {
      case .send(let frame): send(frame)
      case .text(let json): request = json
      case .end: finish()
      }
    }
    if let request { act(on: watch.take(request, now: loop.reactor.now), watch) }
    // All input of this turn is answered with one snapshot.
    if watch.isDue(loop.reactor.now) || watch.request?.details != nil { loop.pushSoon(self) }
    scheduleWakeUp()
  }

  /// Closes the WebSocket of a watch or a tap.
  func goAway(_ code: CloseCode = .goingAway, reason: String = "the engine stops") {
    let now = loop.reactor.now
    switch mode {
    case .watching(let watch):
      act(on: watch.channel.close(code, reason: reason, now: now), watch)
    case .tapping(let tap): act(on: tap.channel.close(code, reason: reason, now: now), tap)
    default: break
    }
  }
}
