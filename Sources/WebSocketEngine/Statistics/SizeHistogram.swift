import Synchronization
import Vocabulary

/// How many messages there were of each size, counted by one reactor and read by any thread.
///
/// One histogram serves one reactor, one route and one direction. Only the reactor's thread calls
/// `record`, so a relaxed load and a relaxed store count without a read-modify-write; a reader may
/// miss the message being counted, never one that came before. The observer merges histograms.
///
/// A cache line of padding stands on both sides of the words, so that two reactors' histograms
/// never share one, wherever the allocator puts them.
package final class SizeHistogram: Sendable {
  /// The words of padding on each side: 128 bytes, since processors fetch lines in pairs.
  private static let padding = 16

  /// The padding, the buckets, the maximum and the padding again.
  private let words: InlineArray<625, Atomic<UInt64>>
  private static let maximumIndex = padding + SizeBuckets.count

  /// A histogram without messages.
  package init() {
    precondition(
      Self.maximumIndex + 1 + Self.padding == 625, "the array holds the buckets of Vocabulary")
    words = InlineArray { _ in Atomic(0) }
  }

  /// Counts a message; called on the reactor's thread only.
  ///
  /// - Parameter size: the payload's length in bytes, at least 0.
  @inline(__always)
  package func record(_ size: Int) {
    let bucket = Self.padding + SizeBuckets.index(of: size)
    words[bucket].store(words[bucket].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    let value = UInt64(truncatingIfNeeded: max(size, 0))
    if value > words[Self.maximumIndex].load(ordering: .relaxed) {
      words[Self.maximumIndex].store(value, ordering: .relaxed)
    }
  }

  /// The counts, by `SizeBuckets`' indices; any thread may ask.
  ///
  /// - Complexity: O(buckets).
  package func snapshot() -> [Int] {
    (0..<SizeBuckets.count).map { index in
      Int(truncatingIfNeeded: words[Self.padding + index].load(ordering: .relaxed))
    }
  }

  /// Adds the counts to others, by `SizeBuckets`' indices; any thread may ask.
  ///
  /// - Precondition: `counts` has `SizeBuckets.count` elements.
  /// - Complexity: O(buckets).
  package func add(to counts: inout [Int]) {
    precondition(counts.count == SizeBuckets.count)
    for index in 0..<SizeBuckets.count {
      counts[index] &+= Int(
        truncatingIfNeeded: words[Self.padding + index].load(ordering: .relaxed))
    }
  }

  /// The largest message ever counted, in bytes, exactly; any thread may ask.
  package var maximum: Int {
    Int(truncatingIfNeeded: words[Self.maximumIndex].load(ordering: .relaxed))
  }
}
