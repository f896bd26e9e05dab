import Dispatch

/// Blocks a plain thread until an asynchronous body returns; for the edges of the program only.
func blocking(_ body: @escaping @Sendable () async -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    await body()
    isDone.signal()
  }
  isDone.wait()
}
