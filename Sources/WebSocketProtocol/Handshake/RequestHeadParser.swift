/// Parses the head of HTTP/1.1 requests, strictly and piece by piece, RFC 9112.
///
/// It knows nothing of WebSocket. The caller keeps the bytes and presents all of them, from the
/// head's first one, at each call; the parser remembers how far it has looked.
package struct RequestHeadParser: Sendable {
  /// The state of the head after some input.
  package enum Outcome: Hashable, Sendable {
    /// More bytes are needed.
    case incomplete
    /// The head, and how many bytes it took; the body or the next head begins after them.
    case head(RequestHead, byteCount: Int)
    /// The head was refused: send the refusal's response and close.
    case refused(HandshakeRefusal)
  }

  private let maximumByteCount: Int
  private var reader: HeadReader
  private var requestLine: RequestLine?
  private var hasSkippedEmptyLine = false
  private var refusal: HandshakeRefusal?
  /// Whether the method is HEAD, also of a head that is not complete or was refused: no answer has
  /// content then (RFC 9110 §9.3.2).
  package private(set) var isHEAD = false

  /// A parser for heads of at most `maximumByteCount` bytes, their last CRLF included.
  package init(maximumByteCount: Int) {
    self.maximumByteCount = maximumByteCount
    reader = HeadReader(maximumByteCount: maximumByteCount)
  }

  /// Whether the request line of the head under way has come whole.
  package var hasRequestLine: Bool { requestLine != nil }

  /// Looks at the bytes received since the last call; `bytes` begins with the head's first byte.
  ///
  /// After a head the parser is ready for the next one; after a refusal it repeats it.
  ///
  /// - Complexity: O(bytes not looked at before)
  package mutating func parse(_ bytes: Span<UInt8>) -> Outcome {
    if let refusal { return .refused(refusal) }
    isHEAD = Self.isHEAD(bytes)
    do throws(HandshakeRefusal) {
      guard let head = try head(in: bytes) else { return .incomplete }
      let byteCount = reader.consumedByteCount
      startAnew()
      return .head(head, byteCount: byteCount)
    } catch {
      refusal = error
      return .refused(error)
    }
  }

  /// Whether bytes begin a request whose method is HEAD.
  package static func isHEAD(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    // An empty line may stand before the request line.
    if bytes.count >= 2, bytes[0] == HTTPGrammar.carriageReturn { index = 2 }
    for byte in "HEAD ".utf8 {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Makes the parser ready for the next head; `isHEAD` stays.
  private mutating func startAnew() {
    let wasHEAD = isHEAD
    self = RequestHeadParser(maximumByteCount: maximumByteCount)
    isHEAD = wasHEAD
  }

  private mutating func head(in bytes: Span<UInt8>) throws(HandshakeRefusal) -> RequestHead? {
    if requestLine == nil { requestLine = try readRequestLine(in: bytes) }
    guard let requestLine, try readFields(in: bytes) else { return nil }
    let (host, hostCount) = reader.headers.first(.host)
    guard let host else { throw .missingHost }
    guard hostCount == 1, HTTPGrammar.authority(host) != nil else { throw .malformedHost }
    return RequestHead(
      method: requestLine.method, target: requestLine.target, path: requestLine.path,
      query: requestLine.query, host: requestLine.authority ?? host, headers: reader.headers)
  }

  private mutating func readRequestLine(
    in bytes: Span<UInt8>
  ) throws(HandshakeRefusal) -> RequestLine? {
    while let line = try nextLine(in: bytes) {
      guard line.isEmpty && !hasSkippedEmptyLine else {
        return try RequestLine(bytes.extracting(line))
      }
      // "A server […] SHOULD ignore at least one empty line" before the request line
      // (RFC 9112 §2.2).
      hasSkippedEmptyLine = true
    }
    return nil
  }

  private mutating func nextLine(in bytes: Span<UInt8>) throws(HandshakeRefusal) -> Range<Int>? {
    do throws(HeadReader.Failure) {
      return try reader.nextLine(in: bytes)
    } catch {
      throw HandshakeRefusal(error)
    }
  }

  private mutating func readFields(in bytes: Span<UInt8>) throws(HandshakeRefusal) -> Bool {
    do throws(HeadReader.Failure) {
      return try reader.readFields(in: bytes)
    } catch {
      throw HandshakeRefusal(error)
    }
  }
}
