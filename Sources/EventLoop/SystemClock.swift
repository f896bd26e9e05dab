internal import CLinux
internal import Glibc
package import Vocabulary

/// The system's clocks, read here and nowhere deeper.
package enum SystemClock {
  /// Now, on the clock that never goes back.
  ///
  /// The corresponding C function is `clock_gettime`.
  package static func monotonic() -> Instant {
    Instant(nanoseconds: read(CLOCK_MONOTONIC))
  }

  /// Now, in seconds since 1970.
  package static func secondsSince1970() -> Double {
    Double(read(CLOCK_REALTIME)) * 1e-9
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
