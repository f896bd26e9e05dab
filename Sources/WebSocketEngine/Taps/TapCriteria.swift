package import Vocabulary

/// The criteria of the messages that a tap takes.
package struct TapCriteria: Equatable, Sendable {
  /// The direction; nil: both.
  package var direction: TapDirection?
  /// The kinds; nil: all.
  package var kinds: Set<TapKind>?
  /// The sizes of their payloads, in bytes.
  package var sizes: ClosedRange<Int>
  /// The text in the first bytes of their payloads, whatever the case of ASCII letters; empty: any.
  private let text: [UInt8]
  /// Whether messages without the text are taken, and not those with it.
  private let isTextNegated: Bool

  /// Criteria.
  ///
  /// - Parameters:
  ///   - text: looked for in the first `Tap.maximumPayloadByteCount` bytes, which are all that is
  ///     kept and shown.
  ///   - isTextNegated: whether the messages without it are taken.
  package init(
    direction: TapDirection? = nil, kinds: Set<TapKind>? = nil,
    sizes: ClosedRange<Int> = 0...(.max),
    text: String = "", isTextNegated: Bool = false
  ) {
    self.direction = direction
    self.kinds = kinds
    self.sizes = sizes
    self.text = text.utf8.map(Self.lowered)
    self.isTextNegated = isTextNegated
  }

  /// Whether a message is taken.
  ///
  /// - Complexity: O(1) without a text, else O(kept bytes × the text's).
  func admit(
    _ direction: TapDirection, _ kind: TapKind, byteCount: Int, payload: Span<UInt8>
  ) -> Bool {
    if let wanted = self.direction, wanted != direction { return false }
    if let kinds, !kinds.contains(kind) { return false }
    guard sizes.contains(byteCount) else { return false }
    return text.isEmpty || contains(text, in: payload) != isTextNegated
  }

  private func contains(_ text: [UInt8], in payload: Span<UInt8>) -> Bool {
    let end = min(payload.count, Tap.maximumPayloadByteCount) - text.count
    guard end >= 0 else { return false }
    for start in 0...end where Self.lowered(payload[start]) == text[0] {
      var index = 1
      while index < text.count, Self.lowered(payload[start + index]) == text[index] { index += 1 }
      if index == text.count { return true }
    }
    return false
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
