internal import Vocabulary

/// The queue of changes of limits: one is made after the other, so that each knows the values
/// before it; and the reverts to come.
///
/// Confined to the control reactor.
final class LimitChangeQueue {
  /// How many changes wait at most; those of clients that are gone count.
  static let maximumWaitingCount = 64

  /// The trials that revert by themselves.
  var reverts = LimitReverts()
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var isBusy = false

  /// How many changes wait.
  var waitingCount: Int { waiting.count }

  /// Whether no further change of a client is taken.
  var isFull: Bool { waiting.count >= Self.maximumWaitingCount }

  /// Waits until the changes before this one are made; `leave` follows.
  func enter() async {
    guard isBusy else {
      isBusy = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Ends a change: the next one begins.
  func leave() {
    guard !waiting.isEmpty else {
      isBusy = false
      return
    }
    waiting.removeFirst().resume()
  }
}

@available(*, unavailable)
extension LimitChangeQueue: Sendable {}
