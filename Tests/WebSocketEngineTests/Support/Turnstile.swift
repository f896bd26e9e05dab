import Synchronization

/// Lets a few servers run at once: more would starve each other on a small machine, and the tests
/// of time limits would measure that.
final class Turnstile: Sendable {
  private struct State: Sendable {
    var freeCount: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  static let servers = Turnstile(count: 3)

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(freeCount: count))
  }

  func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.freeCount == 0 else {
          state.freeCount -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.freeCount += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
