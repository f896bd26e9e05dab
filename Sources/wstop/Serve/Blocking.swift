import Dispatch

/// Waits in a plain thread for something asynchronous; for the edges of the program only.
func blocking(_ body: @escaping @Sendable () async -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    await body()
    isDone.signal()
  }
  isDone.wait()
}
