import EventLoop

/// How long one part of a turn has taken.
struct TurnPart {
  private let end = SystemClock.monotonic().advanced(by: SessionReactor.partDuration)

  /// Whether there is time for another thing to do.
  func goesOn() -> Bool { SystemClock.monotonic() < end }
}
