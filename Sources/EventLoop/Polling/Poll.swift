internal import CLinux
internal import Glibc

/// Waiting for one descriptor, for programs that have nothing else to do.
package enum Poll {
  /// Waits until the descriptor is ready or the time is over, and gives its readiness.
  ///
  /// The corresponding C function is `poll`.
  ///
  /// - Parameter milliseconds: the longest wait; nil: until something happens.
  /// - Returns: nothing if the time is over, or the wait was interrupted by a signal.
  package static func wait(
    for descriptor: Int32, _ interest: Interest, milliseconds: Int32?
  ) -> Readiness {
    // The bits of poll(2) and epoll(7) are the same for the events of both.
    var entry = pollfd(
      fd: descriptor, events: Int16(truncatingIfNeeded: interest.rawValue & 0xFF), revents: 0)
    let count = unsafe poll(&entry, 1, milliseconds ?? -1)
    // EINTR is a wake-up without events; any other failure would be ours.
    precondition(count >= 0 || errno == EINTR, "poll failed")
    return count > 0
      ? Readiness(rawValue: UInt32(UInt16(bitPattern: entry.revents))) : Readiness()
  }
}
