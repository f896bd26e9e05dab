// An operator's view of sessions' messages, on its way from reactors to the control thread.
//
// A session that is not tapped pays nothing for it: its input passes a byte that is asked for
// anyway (`Session.inspection`), its output one bit of the same byte. A tapped session copies the
// first bytes of each message into the tap's queue, behind a mutex. The queue is bounded in count
// and bytes, and so is what a second may bring; beyond that a message costs one relaxed load and
// one counter, and the message that follows says how many were skipped.

import EventLoop
import Synchronization
import Vocabulary

/// A bounded queue of messages that reactors fill and the control thread empties.
package final class Tap: Sendable {
  /// The most bytes that are kept of a payload.
  package static let maximumPayloadByteCount = 4096
  /// The most messages that wait.
  package static let maximumCount = 1024
  /// The most bytes of payloads that wait.
  package static let maximumByteCount = 1 << 20

  private struct State: Sendable {
    var messages: [TappedMessage] = []
    var byteCount = 0
    /// The second that messages are counted in.
    var second = Instant(nanoseconds: .min)
    var countInSecond = 0
  }

  /// The most messages that are taken in a second.
  package let maximumPerSecond: Int
  private let state = Mutex(State())
  /// The time, in nanoseconds of the monotonic clock, until which nothing is taken.
  private let blockedUntil = Atomic(Int64.min)
  private let skipped = Atomic(0)
  private let attached = Atomic(0)

  /// A tap without a session.
  ///
  /// - Parameter maximumPerSecond: at least 1; more are skipped and counted.
  package init(maximumPerSecond: Int) {
    precondition(maximumPerSecond > 0)
    self.maximumPerSecond = maximumPerSecond
  }

  /// How many sessions are tapped; any thread may ask.
  package var sessionCount: Int { attached.load(ordering: .acquiring) }

  func noteSessions(_ change: Int) { attached.wrappingAdd(change, ordering: .releasing) }

  /// Takes a message that the criteria admit, or counts it as skipped; called on reactors' threads.
  ///
  /// - Parameters:
  ///   - make: makes the message to keep, called if it is taken.
  ///   - now: the reactor's time.
  func offer(at now: Instant, _ make: () -> TappedMessage) {
    guard now.nanoseconds >= blockedUntil.load(ordering: .relaxed) else {
      skipped.wrappingAdd(1, ordering: .relaxed)
      return
    }
    // The payload is copied outside of the lock, which other reactors may wait for.
    var message = make()
    let isTaken = state.withLock { state in
      if now >= state.second.advanced(by: .seconds(1)) || state.countInSecond == 0 {
        state.second = now
        state.countInSecond = 0
      }
      guard state.countInSecond < maximumPerSecond else {
        blockedUntil.store(
          state.second.advanced(by: .seconds(1)).nanoseconds, ordering: .relaxed)
        return false
      }
      guard state.messages.count < Self.maximumCount,
        state.byteCount + message.payload.count <= Self.maximumByteCount
      else {
        blockedUntil.store(.max, ordering: .relaxed)
        return false
      }
      message.skippedCount = skipped.exchange(0, ordering: .relaxed)
      state.countInSecond += 1
      state.byteCount += message.payload.count
      state.messages.append(message)
      return true
    }
    if !isTaken { skipped.wrappingAdd(1, ordering: .relaxed) }
  }

  /// Takes the messages that wait, in the order they were seen, and how many were skipped after the
  /// last.
  package func takeAll() -> (messages: [TappedMessage], skippedCount: Int) {
    state.withLock { state in
      var taken: [TappedMessage] = []
      swap(&taken, &state.messages)
      state.byteCount = 0
      if blockedUntil.load(ordering: .relaxed) == .max {
        blockedUntil.store(.min, ordering: .relaxed)
      }
      return (taken, skipped.exchange(0, ordering: .relaxed))
    }
  }
}
