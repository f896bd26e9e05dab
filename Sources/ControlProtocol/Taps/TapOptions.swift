public import Vocabulary

/// Which messages a tap shows: the fields of a tap's query, and, as JSON in a text message on the
/// tap itself, what replaces them from there on.
public struct TapOptions: Codable, Equatable, Sendable {
  /// Which way they go; nil: both.
  public var direction: TapDirection?
  /// What they are; nil: anything.
  public var kinds: [TapKind]?
  /// The smallest payload, in bytes, uncompressed.
  public var minimumBytes: Int?
  /// The largest payload, in bytes, uncompressed.
  public var maximumBytes: Int?
  /// What stands in the first 4 KiB of the payload, whatever the case of ASCII letters.
  public var text: String?

  /// The most bytes that `text` has.
  public static let maximumTextByteCount = 128

  /// Options; without any, everything is shown.
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

  /// The options if they can be.
  ///
  /// - Throws: `ControlError` for sizes of which the smallest is over the largest, and for a text
  ///   that is too long.
  public func checked() throws(ControlError) -> TapOptions {
    let (least, most) = (minimumBytes ?? 0, maximumBytes ?? .max)
    guard 0 <= least, least <= most else {
      throw Self.invalid("min is at least 0 and at most max")
    }
    guard (text ?? "").utf8.count <= Self.maximumTextByteCount else {
      throw Self.invalid("text has at most \(Self.maximumTextByteCount) bytes")
    }
    return self
  }

  static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
