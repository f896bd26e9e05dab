internal import Synchronization

/// Lets so many in at once; the others wait in the order in which they came.
package final class Permits: Sendable {
  /// Those of all tests with `.limited`, in whichever target they are: sockets, threads and
  /// processes of more tests than these would starve each other on a machine of two processors.
  package static let shared = Permits(count: 4)

  private struct State: Sendable {
    var freeCount: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  /// - Parameter count: how many may be in at once.
  package init(count: Int) {
    state = Mutex(State(freeCount: count))
  }

  /// Does something once there is a place for it.
  package func hold<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
  ) async rethrows -> Value {
    await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async {
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

  private func leave() {
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
