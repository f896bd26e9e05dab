internal import Vocabulary

/// One field of an HTTP head, RFC 9110 §5; a malformed one cannot exist.
public struct HeaderField: Hashable, Sendable {
  /// The name as it was written; it compares without regard to case.
  public let name: String

  /// The value without whitespace around it.
  public let value: String

  /// The field of the opening handshake that it is, by its name; nil if it is none.
  let handshakeName: HandshakeFieldName?

  /// Whether the value came as bytes that are not UTF-8, and were read as ISO-8859-1.
  private let isLatin1: Bool

  /// A field, or nil if the name is not a token or the value has a control character.
  ///
  /// Whitespace around the value is no part of it and is dropped (RFC 9110 §5.5). Only the tab is
  /// allowed among the control characters, so that no value can begin another line.
  public init?(name: some StringProtocol, value: some StringProtocol) {
    guard HTTPGrammar.isToken(name), value.utf8.allSatisfy(HTTPGrammar.isFieldValueByte) else {
      return nil
    }
    let name = String(name)
    self.name = name
    handshakeName = HandshakeFieldName(name.utf8Span.span)
    self.value = String(HTTPGrammar.trimmed(Substring(value)))
    isLatin1 = false
  }

  /// Reads one field line without its line end, RFC 9112 §5; nil if it is malformed.
  ///
  /// A line that begins with whitespace (obs-fold) or has whitespace before the colon is malformed.
  /// A value that is not UTF-8 is read as ISO-8859-1, which such bytes historically were (RFC 9110
  /// §5.5).
  init?(line: Span<UInt8>) {
    var colon = 0
    while colon < line.count, line[colon] != UInt8(ascii: ":") {
      guard HTTPGrammar.isTokenByte(line[colon]) else { return nil }
      colon += 1
    }
    guard colon > 0, colon < line.count else { return nil }
    let rest = line.extracting((colon + 1)...)
    let value = rest.extracting(HTTPGrammar.trimmedRange(of: rest))
    for index in value.indices {
      guard HTTPGrammar.isFieldValueByte(value[index]) else { return nil }
    }
    let name = line.extracting(0..<colon)
    handshakeName = HandshakeFieldName(name)
    // A literal takes no memory, and nearly all clients write the names in this way.
    if let text = handshakeName?.text, name.isEqual(to: text) {
      self.name = text
    } else {
      self.name = String(latin1: name)
    }
    if let text = String(validating: value) {
      self.value = text
      isLatin1 = false
    } else {
      self.value = String(latin1: value)
      isLatin1 = true
    }
  }

  /// Whether two fields have the same name, letter by letter, and the same value.
  public static func == (left: HeaderField, right: HeaderField) -> Bool {
    left.name == right.name && left.value == right.value
  }

  /// Feeds what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(value)
  }
}

extension HeaderField {
  /// Writes the field line with its CRLF; a value that was read is written as the bytes it came as.
  package func write(to bytes: inout [UInt8]) {
    bytes.append(copying: name.utf8Span.span)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(HTTPGrammar.space)
    if isLatin1 {
      for scalar in value.unicodeScalars { bytes.append(UInt8(truncatingIfNeeded: scalar.value)) }
    } else {
      bytes.append(copying: value.utf8Span.span)
    }
    bytes.append(HTTPGrammar.carriageReturn)
    bytes.append(HTTPGrammar.lineFeed)
  }
}

extension HeaderField {
  /// Whether it has a name, without regard to case.
  func isNamed(_ name: String) -> Bool {
    HTTPGrammar.isEqualIgnoringCase(self.name.utf8Span.span, name.utf8Span.span)
  }

  /// Whether the value, as a comma-separated list (RFC 9110 §5.6.1), has an element, in any case.
  func listContains(_ element: String) -> Bool {
    let bytes = value.utf8Span.span
    let element = element.utf8Span.span
    var start = 0
    while start < bytes.count {
      var comma = start
      while comma < bytes.count, bytes[comma] != UInt8(ascii: ",") { comma += 1 }
      let part = bytes.extracting(start..<comma)
      let trimmed = part.extracting(HTTPGrammar.trimmedRange(of: part))
      if !trimmed.isEmpty, HTTPGrammar.isEqualIgnoringCase(trimmed, element) { return true }
      start = comma + 1
    }
    return false
  }

  /// Whether the field has no meaning once the opening handshake is answered: its value is fixed,
  /// or used up (RFC 6455 §4.1).
  package var servesHandshakeAlone: Bool {
    switch handshakeName {
    case .upgrade, .connection, .webSocketKey, .webSocketVersion: true
    default: false
    }
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

  /// The text that `bytes` are in UTF-8 or, where that fails, in ISO-8859-1.
  init(latin1OrUTF8 bytes: Span<UInt8>) {
    self = String(validating: bytes) ?? String(latin1: bytes)
  }

  /// The text that `bytes` are in ISO-8859-1, where each is one character.
  init(latin1 bytes: Span<UInt8>) {
    if bytes.isASCII {
      self.init(latin1OrUTF8: bytes)
    } else {
      self.init()
      for index in bytes.indices { unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    }
  }
}

extension Span<UInt8> {
  fileprivate var isASCII: Bool {
    var union: UInt8 = 0
    for index in indices { union |= self[index] }
    return union < 0x80
  }

  fileprivate func isEqual(to text: String) -> Bool {
    let other = text.utf8Span.span
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
