internal import CLinux
internal import Glibc
package import Vocabulary

/// A clock that wakes a reactor at an instant, exact to some microseconds; `Deadlines` are coarser.
///
/// Its descriptor is to be watched edge-triggered, so that nobody has to read it: setting the timer
/// anew makes it ready anew.
package final class Timer {
  private let owned: OwnedDescriptor

  /// A timer that is not set.
  ///
  /// The corresponding C function is `timerfd_create`, on CLOCK_MONOTONIC.
  ///
  /// - Throws: `SystemError` if the system has no descriptor left.
  package init() throws(SystemError) {
    owned = OwnedDescriptor(
      owning: try Syscalls.call("timerfd_create") {
        timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
      })
  }

  /// The descriptor, readable once the instant has passed.
  package var descriptor: Int32 { owned.number }

  /// Sets the one instant at which it passes next; a past instant passes at once.
  ///
  /// The corresponding C function is `timerfd_settime`, with TFD_TIMER_ABSTIME.
  package func set(at instant: Instant) {
    // Zero would disarm it.
    let nanoseconds = max(1, instant.nanoseconds)
    var setting = itimerspec()
    setting.it_value = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    let result = unsafe timerfd_settime(
      owned.number, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    precondition(result == 0, "timerfd_settime failed")
  }
}

@available(*, unavailable)
extension Timer: Sendable {}
