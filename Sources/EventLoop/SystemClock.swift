internal import CLinux
internal import Glibc
package import Vocabulary

/// The system's clocks, read here and nowhere deeper.
package enum SystemClock {
  /// The time on the clock that never goes back.
  ///
  /// The corresponding C function is `clock_gettime`.
  package static func monotonic() -> Instant {
    Instant(nanoseconds: read(CLOCK_MONOTONIC))
  }

  /// The time in seconds since 1970.
  package static func secondsSince1970() -> Double {
    Double(read(CLOCK_REALTIME)) * 1e-9
  }

  /// All clocks at one moment.
  package static func reading() -> ClockReading {
    var reading = ClockReading(monotonic: monotonic(), wall: 0, lasting: 0)
    // The reading is repeated if the thread was interrupted between two clocks, whose distance
    // counts.
    for _ in 0..<3 {
      reading = ClockReading(
        monotonic: monotonic(), wall: read(CLOCK_REALTIME), lasting: read(CLOCK_BOOTTIME))
      if reading.monotonic.duration(to: monotonic()) < .milliseconds(1) { break }
    }
    return reading
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
