internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of the operating system with a name, joined by its owner, or left to its own end.
package final class LoopThread: Sendable {
  private let handle: Mutex<pthread_t?>

  /// Starts a thread that runs `body` once.
  ///
  /// The corresponding C functions are `pthread_create` and `setpriority`.
  ///
  /// - Parameters:
  ///   - name: at most 15 bytes are kept by the kernel.
  ///   - niceness: how nice it is at least, 1 to 19, see sched(7); 0: as nice as its maker.
  /// - Throws: `SystemError`, such as EAGAIN.
  package init(
    name: String, niceness: Int32 = 0, _ body: sending @escaping () -> Void
  ) throws(SystemError) {
    let start = unsafe Unmanaged.passRetained(Start(name: name, niceness: niceness, body: body))
    var thread = pthread_t()
    let number = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        unsafe start.name.withCString { unsafe CLinux_nameThread($0) }
        // The priority is that of the calling thread alone, on Linux; a thread may always make
        // itself nicer.
        let own = __priority_which_t(PRIO_PROCESS.rawValue)
        if start.niceness > max(0, getpriority(own, 0)) { setpriority(own, 0, start.niceness) }
        start.body()
        return nil
      }, start.toOpaque())
    guard number == 0 else {
      unsafe start.release()
      throw SystemError(call: "pthread_create", number: number, subject: name)
    }
    handle = Mutex(thread)
  }

  deinit {
    // A thread that nobody can join any more gives its stack back by itself when it ends.
    if let thread = handle.withLock({ $0.take() }) { pthread_detach(thread) }
  }

  /// Waits until the thread has ended; later calls return at once.
  package func join() {
    guard let thread = handle.withLock({ $0.take() }) else { return }
    pthread_join(thread, nil)
  }

  private final class Start {
    let name: String
    let niceness: Int32
    let body: () -> Void

    init(name: String, niceness: Int32, body: @escaping () -> Void) {
      self.name = name
      self.niceness = niceness
      self.body = body
    }
  }
}
