/// Reads the lines of an HTTP head as they come, each byte once, RFC 9112 §2.2.
///
/// Lines end with CRLF alone: a lone CR or LF, which recipients have read differently, is the stuff
/// of request smuggling. A control byte fails where it stands, so that a TLS client on a plain port
/// is refused at its first byte.
struct HeadReader: Sendable {
  /// The fault of a head, of a request's or a response's.
  enum Failure: Error {
    /// A control byte, or a CR or LF alone.
    case malformedLine
    /// A field line against the grammar.
    case malformedField
    /// The head does not end within the limit.
    case tooLarge
    /// More fields than ``HeadReader/maximumFieldCount``.
    case tooManyFields
  }

  /// The most fields a head may have.
  static let maximumFieldCount = 128

  private let maximumByteCount: Int
  private var lineStart = 0
  private var scannedByteCount = 0

  /// The fields so far.
  private(set) var headers = Headers()

  init(maximumByteCount: Int) {
    self.maximumByteCount = maximumByteCount
  }

  /// The bytes of the head so far, up to the line under way.
  var consumedByteCount: Int {
    lineStart
  }

  /// The next line without its CRLF, or nil if it is not complete.
  ///
  /// `bytes` begins with the head's first byte, at each call.
  mutating func nextLine(in bytes: Span<UInt8>) throws(Failure) -> Range<Int>? {
    let end = min(bytes.count, maximumByteCount)
    var index = scannedByteCount
    while index < end, HTTPGrammar.isFieldValueByte(bytes[index]) { index += 1 }
    // A CR that is the last byte is looked at again with the next one.
    scannedByteCount = index
    if index < end {
      guard bytes[index] == HTTPGrammar.carriageReturn else { throw .malformedLine }
      if index + 1 < end {
        guard bytes[index + 1] == HTTPGrammar.lineFeed else { throw .malformedLine }
        defer { lineStart = index + 2 }
        scannedByteCount = index + 2
        return lineStart..<index
      }
    }
    // The head's end would be past the limit even if it were the next byte.
    guard end < maximumByteCount else { throw .tooLarge }
    return nil
  }

  /// Reads field lines up to the empty line that ends the head; false if that has not come.
  mutating func readFields(in bytes: Span<UInt8>) throws(Failure) -> Bool {
    while let line = try nextLine(in: bytes) {
      if line.isEmpty { return true }
      guard let field = HeaderField(line: bytes.extracting(line)) else { throw .malformedField }
      guard headers.count < Self.maximumFieldCount else { throw .tooManyFields }
      headers.append(field)
    }
    return false
  }
}
