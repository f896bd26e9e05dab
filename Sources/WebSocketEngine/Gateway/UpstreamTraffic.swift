import Synchronization

/// The messages and bytes between the engine and one upstream, counted by each reactor for itself.
///
/// In is what came from the upstream, out what went to it. Every count is a word that only one reactor
/// stores to, by a relaxed load and a relaxed store, as those of `ReactorCounters`.
package final class UpstreamTraffic: Sendable {
  /// The sums over all reactors.
  package struct Counts: Equatable, Sendable {
    /// Whole messages received from the upstream.
    package var messagesIn = 0
    /// Whole messages sent to it.
    package var messagesOut = 0
    /// Payload bytes received from it.
    package var bytesIn = 0
    /// Payload bytes sent to it.
    package var bytesOut = 0

    /// No traffic.
    package init() {}
  }

  /// The counts of one reactor, with a cache line of padding on both sides.
  private final class Slot: Sendable {
    private static let padding = 16
    private let words = InlineArray<36, Atomic<Int>> { _ in Atomic(0) }

    @inline(__always)
    func add(_ amount: Int, at index: Int) {
      let index = Self.padding + index
      words[index].store(words[index].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    func count(at index: Int) -> Int { words[Self.padding + index].load(ordering: .relaxed) }
  }

  private let slots: [Slot]

  /// Counts at zero, for the reactors 0 to `reactorCount` - 1.
  init(reactorCount: Int) {
    slots = (0..<reactorCount).map { _ in Slot() }
  }

  /// Adds the messages and bytes of a turn; called on that reactor's thread only.
  package func add(_ delta: TurnDelta, ofReactor reactor: Int) {
    let slot = slots[reactor]
    slot.add(delta.messagesIn, at: 0)
    slot.add(delta.messagesOut, at: 1)
    slot.add(delta.bytesIn, at: 2)
    slot.add(delta.bytesOut, at: 3)
  }

  /// The sums; any thread may ask.
  package var counts: Counts {
    slots.reduce(into: Counts()) { sum, slot in
      sum.messagesIn &+= slot.count(at: 0)
      sum.messagesOut &+= slot.count(at: 1)
      sum.bytesIn &+= slot.count(at: 2)
      sum.bytesOut &+= slot.count(at: 3)
    }
  }
}
