import EventLoop
import WebSocketProtocol

/// The texts that a session keeps of its request, in one run of bytes.
///
/// As strings of their own the same texts take five to ten times the memory: every string over 15
/// bytes is an allocation, and every field two. Each text is its length + 1 in seven-bit groups
/// (0: there is none) and its UTF-8; the head's texts first, then the fields' names and values.
struct PackedRequest: ~Copyable, Sendable {
  /// The texts before the fields, in their order.
  enum Text: Int, CaseIterable {
    case path, query, address, subprotocol, host
  }

  private let bytes: PackedBytes

  /// Packs a request, without the fields of the opening handshake alone.
  init(_ request: Request, subprotocol: String?) {
    var bytes: [UInt8] = []
    Self.append(request.rawPath, to: &bytes)
    Self.append(request.query.raw, to: &bytes)
    Self.append(request.remoteAddress, to: &bytes)
    Self.append(subprotocol, to: &bytes)
    // The host is that of the Host field, except with a target that is a whole URI.
    Self.append(request.host == request.headers["Host"] ? nil : request.host, to: &bytes)
    for field in request.headers where !field.servesHandshakeAlone {
      Self.append(field.name, to: &bytes)
      Self.append(field.value, to: &bytes)
    }
    self.bytes = PackedBytes(bytes)
  }

  /// The same texts in memory of their own.
  init(copying request: borrowing PackedRequest) {
    bytes = PackedBytes(request.bytes.withSpan { Array(copying: $0) })
  }

  /// How many bytes they take.
  var byteCount: Int { bytes.withSpan { $0.count } }

  /// One of the texts, or nil if there was none.
  subscript(text: Text) -> String? {
    withBytes(of: text) { Self.string($0) }
  }

  /// Lends one of the texts for reading, without making a string of it; nil if there was none.
  func withBytes<Result>(of text: Text, _ body: (Span<UInt8>) -> Result) -> Result? {
    bytes.withSpan { bytes in
      var cursor = 0
      for _ in 0..<text.rawValue { _ = Self.next(in: bytes, at: &cursor) }
      return Self.next(in: bytes, at: &cursor).map { body(bytes.extracting($0)) }
    }
  }

  /// The fields.
  var headers: Headers {
    bytes.withSpan { bytes in
      var cursor = 0
      for _ in Text.allCases { _ = Self.next(in: bytes, at: &cursor) }
      var headers = Headers()
      while cursor < bytes.count {
        guard let name = Self.next(in: bytes, at: &cursor),
          let value = Self.next(in: bytes, at: &cursor)
        else { preconditionFailure("a field has a name and a value") }
        _ = headers.append(
          name: Self.string(bytes.extracting(name)),
          value: Self.string(bytes.extracting(value)))
      }
      return headers
    }
  }

  /// The value of the first field with a name, or nil; no string is made of other fields.
  ///
  /// - Parameter name: in lower case.
  func field(named name: StaticString) -> String? {
    bytes.withSpan { bytes in
      var cursor = 0
      for _ in Text.allCases { _ = Self.next(in: bytes, at: &cursor) }
      while cursor < bytes.count {
        guard let found = Self.next(in: bytes, at: &cursor),
          let value = Self.next(in: bytes, at: &cursor)
        else { preconditionFailure("a field has a name and a value") }
        if Self.isSame(bytes.extracting(found), name) {
          return Self.string(bytes.extracting(value))
        }
      }
      return nil
    }
  }

  /// Whether a name of letters, digits and hyphens is one in lower case, whatever its own case.
  private static func isSame(_ found: Span<UInt8>, _ name: StaticString) -> Bool {
    guard found.count == name.utf8CodeUnitCount else { return false }
    return name.withUTF8Buffer { name in
      found.indices.allSatisfy { unsafe found[$0] | 0x20 == name[$0] }
    }
  }

  private static func append(_ text: String?, to bytes: inout [UInt8]) {
    guard let text else { return bytes.append(0) }
    var length = text.utf8.count + 1
    while length > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
      length >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: length))
    bytes.append(copying: text.utf8Span.span)
  }

  /// The place of the text at `cursor`, which moves behind it; nil if there is none.
  private static func next(in bytes: Span<UInt8>, at cursor: inout Int) -> Range<Int>? {
    var length = 0
    var shift = 0
    while true {
      let byte = bytes[cursor]
      cursor += 1
      length |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    guard length > 0 else { return nil }
    let start = cursor
    cursor += length - 1
    return start..<cursor
  }

  private static func string(_ bytes: Span<UInt8>) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      preconditionFailure("the bytes were a string's")
    }
  }
}
