import EventLoop

/// The time that one part of a turn may take.
struct TurnPart {
  private let end = SystemClock.monotonic().advanced(by: SessionReactor.partDuration)

  /// Whether there is time for another job.
  func goesOn() -> Bool { SystemClock.monotonic() < end }
}
