internal import CLinux
internal import Glibc

/// Signals as bytes to read, instead of interruptions.
///
/// The corresponding C functions are `pthread_sigmask` and `signalfd`.
package struct SignalDescriptor: ~Copyable {
  private let descriptor: OwnedDescriptor

  /// Blocks the signals in this thread, and in all that it starts from here on.
  ///
  /// - Throws: `SystemError` if the system has no descriptor left.
  package init(_ signals: [Int32]) throws(SystemError) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = OwnedDescriptor(
      owning: try Syscalls.call("signalfd") {
        unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
      })
  }

  /// The descriptor, readable while a signal waits.
  package var number: Int32 { descriptor.number }

  /// The next signal that waits, or nil.
  package func next() -> Int32? {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard unsafe read(descriptor.number, &information, size) == size else { return nil }
    return Int32(information.ssi_signo)
  }

  /// Waits for the next signal.
  package func wait() -> Int32 {
    while true {
      if let signal = next() { return signal }
      var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
      _ = unsafe Glibc.poll(&poll, 1, -1)
    }
  }
}
