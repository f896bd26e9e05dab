import Vocabulary

/// How long the messages are: one size, one of several, or any of a range.
struct MessageSizes: Hashable, Sendable {
  /// The largest message that can be asked for.
  static let maximumByteCount = 1 << 30

  private let sizes: [Int]
  private let isRange: Bool

  /// Messages of one size, in bytes.
  init(_ byteCount: Int) {
    sizes = [byteCount]
    isRange = false
  }

  /// Reads `20`, `20,1KiB,64k` or `16..4KiB`; nil for anything else.
  init?(_ text: String) {
    let separator = text.contains("..") ? ".." : ","
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let sizes = parts.compactMap { QuantityText.bytes(from: String($0)) }
    guard sizes.count == parts.count, sizes.allSatisfy({ $0 <= Self.maximumByteCount }) else {
      return nil
    }
    isRange = separator == ".."
    guard !isRange || sizes.count == 2 && sizes[0] <= sizes[1] else { return nil }
    self.sizes = sizes
  }

  /// The largest of them.
  var largest: Int { sizes.max() ?? 0 }

  /// The size that a random number chooses, each as likely as any other.
  func size(for random: UInt64) -> Int {
    if isRange {
      return sizes[0] + Int(random % UInt64(sizes[1] - sizes[0] + 1))
    }
    // The commonest case, without a division.
    return sizes.count == 1 ? sizes[0] : sizes[Int(random % UInt64(sizes.count))]
  }
}

extension MessageSizes: CustomStringConvertible {
  /// The sizes for people: `20 B`, `20 B, 1.0 KiB`, `16 B to 4.0 KiB`.
  var description: String {
    sizes.map { QuantityText.readableBytes($0) }.joined(separator: isRange ? " to " : ", ")
  }
}
