internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

extension ControlConnection {
  /// Pushes a picture if one is due and the last one is taken.
  func pushPicture() {
    guard let watch else { return }
    loop.askForDetails(watch, of: self)
    if backlogByteCount == 0, watch.isDue(loop.reactor.now) {
      let before = SystemClock.monotonic()
      let frame = watch.frame(from: loop)
      let now = SystemClock.monotonic()
      watch.pictureSent(now: loop.reactor.now, pause: loop.pause(after: before.duration(to: now)))
      loop.pictureMade()
      send(frame)
    }
    scheduleWakeUp()
  }

  /// Does what the channel asks for.
  func act(on actions: [WatchChannel.Action], _ watch: Watch) {
    for action in actions {
      switch action {
      case .send(let frame): send(frame)
      case .watch(let request): watch.look(at: request, now: loop.reactor.now)
      case .end: finish()
      }
    }
    // Whatever came in this turn is answered with one picture.
    if watch.isDue(loop.reactor.now) || watch.request?.details != nil { loop.pushSoon(self) }
    scheduleWakeUp()
  }

  /// Says goodbye to a watch.
  func goAway() {
    guard let watch else { return }
    act(
      on: watch.channel.close(
        .goingAway, reason: "the engine stops", now: loop.reactor.now), watch)
  }
}
