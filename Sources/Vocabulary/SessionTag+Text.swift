extension SessionTag {
  /// Whether the text of a tag passes a test, or the key of one that has a value: `tag=user` finds
  /// each session with such a tag, whatever its value.
  package static func hasText(_ text: String, where test: (Span<UInt8>) -> Bool) -> Bool {
    let bytes = text.utf8Span.span
    if test(bytes) { return true }
    for index in bytes.indices where bytes[index] == UInt8(ascii: ":") {
      return test(bytes.extracting(..<index))
    }
    return false
  }
}
