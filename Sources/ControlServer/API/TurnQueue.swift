internal import EventLoop
internal import Vocabulary

/// Longer work of the control thread, done a step a turn, so that clients' requests and other work
/// have theirs between.
///
/// Confined to the control reactor.
final class TurnQueue {
  /// How long a step takes.
  static let stepDuration = Duration.milliseconds(5)

  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var isOver = false

  /// How much work waits for a turn.
  var count: Int { waiting.count }

  /// Whether no work waits for a turn.
  var isEmpty: Bool { waiting.isEmpty }

  /// Does work until it has a result; nil if its task was cancelled before.
  ///
  /// - Parameter step: goes on until a moment, and gives the result once it has it.
  func finish<Result>(_ step: (_ deadline: Instant) -> Result?) async -> Result? {
    while !Task.isCancelled {
      if let result = step(SystemClock.monotonic().advanced(by: Self.stepDuration)) {
        return result
      }
      await pause()
    }
    return nil
  }

  /// Waits for the next turn.
  func pause() async {
    if isOver { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Lets the work that has waited longest go on.
  func resumeNext() {
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  /// Notes that there are no more turns: work goes on to its end without them.
  func end() {
    isOver = true
    while !isEmpty { resumeNext() }
  }
}

@available(*, unavailable)
extension TurnQueue: Sendable {}
