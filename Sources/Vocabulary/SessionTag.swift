/// A tag of a session: a key with a value, such as `user:olga`, or a key alone, such as `vip`.
///
/// Handlers set tags, operators find sessions by them. In lists and filters a tag is one text, key
/// and value with a colon between; two tags are the same if their UTF-8 is.
public struct SessionTag: Hashable, Sendable {
  /// The key.
  public let key: UTF8Name
  /// The value; empty for a key alone.
  public let value: UTF8Name

  /// The most bytes that a key has.
  public static let maximumKeyByteCount = 64
  /// The most bytes that a value has.
  public static let maximumValueByteCount = 256
  /// The most tags that a session has.
  public static let maximumCount = 16

  /// A tag.
  ///
  /// - Throws: `TagError` for a key that is empty, has a colon or is over 64 bytes, and a value over
  ///   256 bytes.
  public init(_ key: String, _ value: String = "") throws(TagError) {
    let byteCounts = (key: key.utf8.count, value: value.utf8.count)
    guard byteCounts.key > 0, !key.utf8.contains(UInt8(ascii: ":")) else { throw .invalidKey }
    guard byteCounts.key <= Self.maximumKeyByteCount else {
      throw .keyTooLong(byteCount: byteCounts.key)
    }
    guard byteCounts.value <= Self.maximumValueByteCount else {
      throw .valueTooLong(byteCount: byteCounts.value)
    }
    self.key = UTF8Name(key)
    self.value = UTF8Name(value)
  }

  /// Key and value as lists show them; not escaped for display.
  public var text: String { value.text.isEmpty ? key.text : "\(key.text):\(value.text)" }
}

/// The reason for which a session was not given a tag.
public enum TagError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key is empty or has a colon, which stands between key and value where tags are shown.
  case invalidKey
  /// The key has more than 64 bytes of UTF-8.
  case keyTooLong(byteCount: Int)
  /// The value has more than 256 bytes of UTF-8.
  case valueTooLong(byteCount: Int)
  /// The session has 16 tags with other keys.
  case tooManyTags(limit: Int)
  /// The session is not open.
  case notOpen

  /// The sentence for a log.
  public var description: String {
    switch self {
    case .invalidKey: "the key of a tag is not empty and has no colon"
    case .keyTooLong(let count):
      "the key has \(count) bytes; that of a tag has at most \(SessionTag.maximumKeyByteCount)"
    case .valueTooLong(let count):
      "the value has \(count) bytes; that of a tag has at most \(SessionTag.maximumValueByteCount)"
    case .tooManyTags(let limit): "the session has \(limit) tags already, which is the most"
    case .notOpen: "the session is not open"
    }
  }
}
