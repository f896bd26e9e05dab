internal import Dispatch
internal import Synchronization

/// The timers of the system's own executor, on which tasks sleep.
package enum SystemTimers {
  /// The two descriptors that they take, and room for those that other threads open at that moment.
  private static let descriptorCount = 8
  private static let isOpen = Mutex(false)

  /// Opens the descriptors of the timers, so that a task can sleep when no descriptor is left.
  ///
  /// libdispatch opens an epoll and an event descriptor at the first wait for a time, and ends the
  /// process where it cannot: a server that clients keep at its limit of descriptors must have them
  /// before. The first call waits for a moment; it comes before threads that open descriptors
  /// themselves.
  ///
  /// - Throws: `SystemError`, such as EMFILE, if there are not enough descriptors.
  package static func open() throws(SystemError) {
    try isOpen.withLock { isOpen throws(SystemError) in
      guard !isOpen else { return }
      try reserve()
      let fired = DispatchSemaphore(value: 0)
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(1)) { fired.signal() }
      fired.wait()
      isOpen = true
    }
  }

  /// Checks that so many descriptors can be opened as the timers take.
  private static func reserve() throws(SystemError) {
    var spare: [Int32] = []
    defer { for descriptor in spare { Syscalls.close(descriptor) } }
    for _ in 0..<descriptorCount { spare.append(try Syscalls.openNothing()) }
  }
}
