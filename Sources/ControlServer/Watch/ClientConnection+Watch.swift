internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

extension ClientConnection {
  /// Pushes a snapshot if one is due and the last one was taken.
  func push(_ watch: Watch) {
    guard conversation.isOpen else { return }
    loop.askForDetails(watch, of: self)
    if backlogByteCount == 0, watch.isDue(loop.reactor.now), loop.hasWindow(watch, of: self) {
      let before = SystemClock.monotonic()
      let (json, cost) = watch.snapshot(from: loop.api)
      let now = SystemClock.monotonic()
      watch.snapshotSent(
        now: loop.reactor.now, pause: loop.pause(after: before.duration(to: now) + cost))
      loop.snapshotMade()
      push(json)
    }
    scheduleWakeUp()
  }
}
