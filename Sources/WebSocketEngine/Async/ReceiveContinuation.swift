/// The task that waits in `receive`.
///
/// Resumed exactly once: `AsyncSession` either resumes it at once or keeps it as its receiver,
/// which it gives up before resuming; a session that ends delivers its close. Debug builds check
/// that. In release builds the check is left out, since it allocates with every wait.
@safe
struct ReceiveContinuation: Sendable {
  #if DEBUG
    private let continuation: CheckedContinuation<Message, any Error>
  #else
    private let continuation: UnsafeContinuation<Message, any Error>
  #endif

  /// The continuation of a task that `withUnsafeThrowingContinuation` has suspended.
  init(_ continuation: UnsafeContinuation<Message, any Error>) {
    #if DEBUG
      unsafe self.continuation = CheckedContinuation(continuation: continuation)
    #else
      unsafe self.continuation = continuation
    #endif
  }

  /// Resumes the task with a message.
  func resume(returning message: Message) { resume(with: .success(message)) }

  /// Resumes the task with an error.
  func resume(throwing error: any Error) { resume(with: .failure(error)) }

  private func resume(with result: Result<Message, any Error>) {
    #if DEBUG
      continuation.resume(with: result)
    #else
      unsafe continuation.resume(with: result)
    #endif
  }
}
