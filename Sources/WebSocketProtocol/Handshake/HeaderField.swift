/// One field of an HTTP head, RFC 9110 §5; a malformed one cannot exist.
public struct HeaderField: Hashable, Sendable {
  /// The name as it was written; it compares without regard to case.
  public let name: String

  /// The value without whitespace around it.
  public let value: String

  /// A field, or nil if the name is not a token or the value has a control character.
  ///
  /// Whitespace around the value is no part of it and is dropped (RFC 9110 §5.5). Only the tab is
  /// allowed among the control characters, so that no value can begin another line.
  public init?(name: some StringProtocol, value: some StringProtocol) {
    guard HTTPGrammar.isToken(name), value.utf8.allSatisfy(HTTPGrammar.isFieldValueByte) else {
      return nil
    }
    self.name = String(name)
    self.value = String(HTTPGrammar.trimmed(Substring(value)))
  }

  /// Reads one field line without its line end, RFC 9112 §5; nil if it is malformed.
  ///
  /// A line that begins with whitespace (obs-fold) or has whitespace before the colon is
  /// malformed. A value that is not UTF-8 is read as ISO-8859-1, which such bytes historically
  /// were (RFC 9110 §5.5).
  init?(line: Span<UInt8>) {
    var colon = 0
    while colon < line.count, line[colon] != UInt8(ascii: ":") {
      guard HTTPGrammar.isTokenByte(line[colon]) else { return nil }
      colon += 1
    }
    guard colon > 0, colon < line.count else { return nil }
    var (start, end) = (colon + 1, line.count)
    while start < end, HTTPGrammar.isOptionalWhitespace(line[start]) { start += 1 }
    while start < end, HTTPGrammar.isOptionalWhitespace(line[end - 1]) { end -= 1 }
    for index in start..<end {
      guard HTTPGrammar.isFieldValueByte(line[index]) else { return nil }
    }
    name = String(latin1: line.extracting(0..<colon))
    value =
      String(validating: line.extracting(start..<end))
      ?? String(latin1: line.extracting(start..<end))
  }
}

extension HeaderField {
  /// Whether the field says nothing once the opening handshake is answered: its value is fixed, or
  /// used up (RFC 6455 §4.1).
  package var servesHandshakeAlone: Bool {
    HTTPGrammar.isEqualIgnoringCase(name, "Upgrade")
      || HTTPGrammar.isEqualIgnoringCase(name, "Connection")
      || HTTPGrammar.isEqualIgnoringCase(name, "Sec-WebSocket-Key")
      || HTTPGrammar.isEqualIgnoringCase(name, "Sec-WebSocket-Version")
  }
}

extension String {
  /// The text that `bytes` are in UTF-8, or nil if they are not.
  init?(validating bytes: Span<UInt8>) {
    do {
      self.init(copying: try UTF8Span(validating: bytes))
    } catch {
      return nil
    }
  }

  /// The text that `bytes` are in ISO-8859-1, where each is one character.
  init(latin1 bytes: Span<UInt8>) {
    self.init()
    for index in bytes.indices { unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  }
}
