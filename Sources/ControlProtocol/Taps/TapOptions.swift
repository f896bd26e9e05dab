public import Vocabulary

/// The filter of a tap's messages: the fields of its query, and, as JSON in a text message on the
/// tap itself, the fields that replace them.
public struct TapOptions: Codable, Equatable, Sendable {
  /// The direction; nil: both.
  public var direction: TapDirection?
  /// The kinds; nil: all.
  public var kinds: [TapKind]?
  /// The smallest payload, in bytes, uncompressed.
  public var minimumBytes: Int?
  /// The largest payload, in bytes, uncompressed.
  public var maximumBytes: Int?
  /// Text in the first 4 KiB of the payload, or, behind an exclamation mark, text that is not there;
  /// read by `TapPattern`, and the case of ASCII letters is ignored.
  public var text: String?

  /// The most bytes in `text`.
  public static let maximumTextByteCount = 128

  /// Options; without any, every message matches.
  public init(
    direction: TapDirection? = nil, kinds: [TapKind]? = nil, minimumBytes: Int? = nil,
    maximumBytes: Int? = nil, text: String? = nil
  ) {
    self.direction = direction
    self.kinds = kinds
    self.minimumBytes = minimumBytes
    self.maximumBytes = maximumBytes
    self.text = text
  }

  /// The options, if they are valid.
  ///
  /// - Throws: `ControlError` if the smallest size is over the largest, the text is too long, or
  ///   there is nothing behind its `!`.
  public func checked() throws(ControlError) -> TapOptions {
    let (least, most) = (minimumBytes ?? 0, maximumBytes ?? .max)
    guard 0 <= least, least <= most else {
      throw Self.invalid("min is at least 0 and at most max")
    }
    guard (text ?? "").utf8.count <= Self.maximumTextByteCount else {
      throw Self.invalid("text has at most \(Self.maximumTextByteCount) bytes")
    }
    let pattern = TapPattern(text ?? "")
    guard !pattern.isNegated || !pattern.text.isEmpty else {
      throw Self.invalid(
        "text is ! alone: behind it stands what messages do not have; \\! is an exclamation mark")
    }
    return self
  }

  static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
