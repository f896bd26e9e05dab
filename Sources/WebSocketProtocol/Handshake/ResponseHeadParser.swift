/// Parses the head of an HTTP/1.1 response for the client role, RFC 9112 §4.
///
/// The bytes are presented as to a ``RequestHeadParser``.
package struct ResponseHeadParser: Sendable {
  /// The state of the head after some input.
  package enum Outcome: Hashable, Sendable {
    /// More bytes are needed.
    case incomplete
    /// The head, and how many bytes it took.
    case head(ResponseHead, byteCount: Int)
    /// The bytes are no head of a response in an accepted version, or over the limit.
    case malformed
  }

  private let maximumByteCount: Int
  private let acceptsHTTP10: Bool
  private var reader: HeadReader
  private var statusLine: (status: HTTPStatus, isHTTP10: Bool)?
  /// The fault of a malformed head.
  private(set) var failure: HeadReader.Failure?

  /// A parser for heads of at most `maximumByteCount` bytes, their last CRLF included.
  ///
  /// HTTP/1.0 is accepted where the response is not to open a WebSocket in any case.
  package init(maximumByteCount: Int, acceptsHTTP10: Bool = false) {
    self.maximumByteCount = maximumByteCount
    self.acceptsHTTP10 = acceptsHTTP10
    reader = HeadReader(maximumByteCount: maximumByteCount)
  }

  /// Looks at the bytes received since the last call; `bytes` begins with the head's first byte.
  ///
  /// After a head the parser is ready for the next one; after a malformed one it stays so.
  ///
  /// - Complexity: O(bytes not looked at before)
  package mutating func parse(_ bytes: Span<UInt8>) -> Outcome {
    guard failure == nil else { return .malformed }
    do throws(HeadReader.Failure) {
      if statusLine == nil {
        guard let line = try reader.nextLine(in: bytes) else { return .incomplete }
        guard let parsed = Self.statusLine(bytes.extracting(line)),
          acceptsHTTP10 || !parsed.isHTTP10
        else { throw .malformedLine }
        statusLine = parsed
      }
      guard let statusLine, try reader.readFields(in: bytes) else { return .incomplete }
      let head = ResponseHead(
        status: statusLine.status, headers: reader.headers, isHTTP10: statusLine.isHTTP10)
      let byteCount = reader.consumedByteCount
      self = ResponseHeadParser(maximumByteCount: maximumByteCount, acceptsHTTP10: acceptsHTTP10)
      return .head(head, byteCount: byteCount)
    } catch {
      failure = error
      return .malformed
    }
  }

  /// `HTTP/1.1 SP 3DIGIT SP [reason-phrase]`, or `HTTP/1.0`; a missing last space is let pass, as
  /// by most.
  private static func statusLine(_ line: Span<UInt8>) -> (status: HTTPStatus, isHTTP10: Bool)? {
    let prefix = Array("HTTP/1.1 ".utf8)
    let minorVersion = 7
    guard line.count >= prefix.count + 3,
      prefix.indices.allSatisfy({ line[$0] == prefix[$0] || $0 == minorVersion }),
      line[minorVersion] == prefix[minorVersion] || line[minorVersion] == UInt8(ascii: "0"),
      line.count == prefix.count + 3 || line[prefix.count + 3] == HTTPGrammar.space,
      let digits = String(validating: line.extracting(prefix.count..<prefix.count + 3)),
      let status = HTTPGrammar.decimal(digits).flatMap(HTTPStatus.init)
    else { return nil }
    return (status, line[minorVersion] == UInt8(ascii: "0"))
  }
}
