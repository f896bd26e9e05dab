/// A JSON value as it came: checked in one pass, and nothing of it decoded but what is asked for.
///
/// It costs the memory of its text, whatever lies in it, and is passed on as it came: numbers keep
/// their digits, members their order.
public struct RawJSON: Sendable {
  /// The text, as it came.
  public let text: String

  /// A value.
  ///
  /// - Parameter maximumDepth: how deep arrays and objects may lie in each other.
  /// - Complexity: O(*n*) in the text's bytes.
  /// - Throws: `JSONText.Fault` for the first thing that is wrong.
  public init(
    _ text: String, maximumDepth: Int = JSONText.maximumDecodedDepth
  ) throws(JSONText.Fault) {
    var text = text
    text.makeContiguousUTF8()
    try JSONText.check(text, maximumDepth: maximumDepth)
    self.text = text
  }

  private init(checked text: String) {
    self.text = text
  }

  /// The text that a string is; nil for any other value, and for one with half of a surrogate pair.
  public var string: String? {
    let bytes = text.utf8Span.span
    var scanner = JSONScanner(maximumDepth: .max)
    scanner.skipSpace(bytes)
    let start = scanner.cursor
    guard start < bytes.count, bytes[start] == UInt8(ascii: "\""),
      (try? scanner.value(bytes)) != nil
    else { return nil }
    return try? JSONText.text(ofString: bytes.extracting(start..<scanner.cursor))
  }

  /// The member of an object that has a name, the last one where several have it; nil if none has,
  /// and for any other value.
  ///
  /// - Complexity: O(*n*) in the text's bytes.
  public subscript(_ name: String) -> RawJSON? {
    let bytes = text.utf8Span.span
    let wanted = Array(name.utf8)
    var scanner = JSONScanner(maximumDepth: .max)
    scanner.skipSpace(bytes)
    guard scanner.cursor < bytes.count, bytes[scanner.cursor] == UInt8(ascii: "{") else {
      return nil
    }
    var found: Range<Int>?
    // The text was checked, so that there is no fault.
    try? scanner.object(bytes) { name, value in
      if JSONText.means(bytes.extracting(name), wanted) { found = value }
    }
    guard let found else { return nil }
    let value = text.utf8.dropFirst(found.lowerBound).prefix(found.count)
    return RawJSON(checked: String(decoding: value, as: UTF8.self))
  }
}

extension JSONText {
  /// Whether a string of JSON, in its quotes, means a text.
  package static func means(_ string: Span<UInt8>, _ text: [UInt8]) -> Bool {
    // No escape is shorter than what it means.
    guard string.count >= text.count + 2 else { return false }
    var hasEscape = false
    for index in 1..<(string.count - 1) where string[index] == UInt8(ascii: "\\") {
      hasEscape = true
      break
    }
    if hasEscape {
      guard let meant = try? Self.text(ofString: string) else { return false }
      return Array(meant.utf8) == text
    }
    guard string.count == text.count + 2 else { return false }
    for index in text.indices where string[index + 1] != text[index] { return false }
    return true
  }
}
