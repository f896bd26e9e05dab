/// A name that is compared and looked up by the bytes of its UTF-8: of a room, a route, a tag.
///
/// `String` compares by canonical equivalence (UAX #15), for which `K` and the Kelvin sign U+212A
/// are one text with one hash. A client could so choose a name that reaches what another name
/// stands for; and 2ⁿ spellings of *n* letters would all meet in one bucket of a table.
public struct UTF8Name: Sendable {
  /// The name.
  public let text: String

  /// A name.
  public init(_ text: String) {
    self.text = text
  }
}

extension UTF8Name: Hashable {
  /// Whether two names have the same bytes.
  public static func == (left: UTF8Name, right: UTF8Name) -> Bool {
    let (left, right) = (left.text.utf8Span.span, right.text.utf8Span.span)
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        // Bytes are compared eight at a time, since a client chooses the name and its length.
        var index = 0
        while index + 8 <= left.count {
          guard
            unsafe left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
              == right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          else { return false }
          index += 8
        }
        while index < left.count {
          guard unsafe left[index] == right[index] else { return false }
          index += 1
        }
        return true
      }
    }
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    let bytes = text.utf8Span.span
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    hasher.combine(bytes.count)
  }
}

extension UTF8Name: Comparable {
  /// Orders names by their bytes, which is the order of their scalars.
  public static func < (left: UTF8Name, right: UTF8Name) -> Bool {
    let (left, right) = (left.text.utf8Span.span, right.text.utf8Span.span)
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index]
    }
    return left.count < right.count
  }
}

extension UTF8Name: ExpressibleByStringLiteral {
  /// A name written as a literal.
  public init(stringLiteral text: String) { self.init(text) }
}

extension UTF8Name: CustomStringConvertible {
  /// The name; not escaped for display.
  public var description: String { text }
}
