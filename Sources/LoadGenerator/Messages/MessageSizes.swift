import Vocabulary

/// The sizes of messages: one size, one of several, or any of a range.
package struct MessageSizes: Hashable, Sendable {
  /// The largest message that can be asked for.
  package static let maximumByteCount = 1 << 30

  /// The named sizes, in bytes.
  package let all: [Int]
  /// Whether any size of a range is meant, and not one of the named ones.
  package let isRange: Bool

  /// Messages of one size, in bytes.
  package init(_ byteCount: Int) {
    all = [byteCount]
    isRange = false
  }

  /// Reads `20`, `20,1KiB,64k` or `16..4KiB`; nil for anything else.
  package init?(_ text: String) {
    let separator = text.contains("..") ? ".." : ","
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let sizes = parts.compactMap { QuantityText.bytes(from: String($0)) }
    guard sizes.count == parts.count, sizes.allSatisfy({ $0 <= Self.maximumByteCount }) else {
      return nil
    }
    isRange = separator == ".."
    guard !isRange || sizes.count == 2 && sizes[0] <= sizes[1] else { return nil }
    all = sizes
  }

  /// The largest size.
  package var largest: Int { all.max() ?? 0 }

  /// The size that a random number chooses, each as likely as any other.
  func size(for random: UInt64) -> Int {
    if isRange {
      return all[0] + Int(random % UInt64(all[1] - all[0] + 1))
    }
    // The commonest case goes without a division.
    return all.count == 1 ? all[0] : all[Int(random % UInt64(all.count))]
  }
}

extension MessageSizes: CustomStringConvertible {
  /// The sizes for people: `20 B`, `20 B, 1.0 KiB`, `16 B to 4.0 KiB`.
  package var description: String {
    all.map { QuantityText.readableBytes($0) }.joined(separator: isRange ? " to " : ", ")
  }
}
