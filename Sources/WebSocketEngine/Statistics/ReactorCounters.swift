import Synchronization

/// The totals of one reactor, written by its thread and read by any.
///
/// Every count is a word that only the reactor stores to, by a relaxed load and a relaxed store.
/// A cache line of padding stands on both sides, so that two reactors never share one.
package final class ReactorCounters: Sendable {
  /// The kinds of counts.
  package enum Counter: Int, CaseIterable, Sendable {
    /// Sessions ever opened.
    case opened
    /// Sessions ever closed.
    case closed
    /// Connections whose opening handshake is under way.
    case openingNow
    /// Sessions open now, those that are closing included.
    case openNow
    /// Connections to upstreams open now, those that are closing included.
    case upstreamsNow
    /// Messages received.
    case messagesIn
    /// Messages sent.
    case messagesOut
    /// Payload bytes received.
    case bytesIn
    /// Payload bytes sent.
    case bytesOut
    /// Bytes received on connections.
    case wireIn
    /// Bytes sent on connections.
    case wireOut
    /// Turns that took over 100 ms.
    case slowTurns
    /// Messages not sent to a session because a limit forbade it.
    case droppedMessages
    /// Times that a session was not read from, because it sent more than its rate allows.
    case ratePauses
    /// Turns of the loop.
    case turns
    /// The most output that one session was owed since an observer last asked, in bytes.
    case largestBacklog
  }

  /// The words of padding on each side: 128 bytes, since processors fetch lines in pairs.
  private static let padding = 16

  private let words: InlineArray<64, Atomic<Int>>

  /// Counters at zero.
  package init() {
    precondition(Counter.allCases.count <= 64 - 2 * Self.padding, "the array holds every counter")
    words = InlineArray { _ in Atomic(0) }
  }

  /// Adds to a count, or takes from it; called on the reactor's thread only.
  @inline(__always)
  package func add(_ amount: Int, to counter: Counter) {
    let index = Self.padding + counter.rawValue
    words[index].store(words[index].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  /// Adds the messages and bytes of a session's turn; called on the reactor's thread only.
  package func add(_ delta: TurnDelta) {
    add(delta.messagesIn, to: .messagesIn)
    add(delta.messagesOut, to: .messagesOut)
    add(delta.bytesIn, to: .bytesIn)
    add(delta.bytesOut, to: .bytesOut)
    add(delta.wireIn, to: .wireIn)
    add(delta.wireOut, to: .wireOut)
  }

  /// Raises a maximum; called on the reactor's thread only.
  package func raise(_ counter: Counter, to amount: Int) {
    let index = Self.padding + counter.rawValue
    guard amount > words[index].load(ordering: .relaxed) else { return }
    words[index].store(amount, ordering: .relaxed)
  }

  /// Takes a maximum and begins anew at zero; called by one observer, from any thread.
  ///
  /// A value that the reactor raises it to at the same time is never lost: it counts here or the
  /// next time.
  package func takeMaximum(_ counter: Counter) -> Int {
    words[Self.padding + counter.rawValue].exchange(0, ordering: .relaxed)
  }

  /// A count; any thread may ask.
  package subscript(counter: Counter) -> Int {
    words[Self.padding + counter.rawValue].load(ordering: .relaxed)
  }
}
