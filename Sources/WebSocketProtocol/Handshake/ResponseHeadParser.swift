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
    /// The bytes are no head of an HTTP/1.1 response, or over the limit.
    case malformed
  }

  private let maximumByteCount: Int
  private var reader: HeadReader
  private var status: HTTPStatus?
  private var isMalformed = false

  /// A parser for heads of at most `maximumByteCount` bytes, their last CRLF included.
  package init(maximumByteCount: Int) {
    self.maximumByteCount = maximumByteCount
    reader = HeadReader(maximumByteCount: maximumByteCount)
  }

  /// Looks at the bytes received since the last call; `bytes` begins with the head's first byte.
  ///
  /// After a head the parser is ready for the next one; after a malformed one it stays so.
  ///
  /// - Complexity: O(bytes not looked at before)
  package mutating func parse(_ bytes: Span<UInt8>) -> Outcome {
    guard !isMalformed else { return .malformed }
    do throws(HeadReader.Failure) {
      if status == nil {
        guard let line = try reader.nextLine(in: bytes) else { return .incomplete }
        guard let parsed = Self.status(bytes.extracting(line)) else { throw .malformedLine }
        status = parsed
      }
      guard let status, try reader.readFields(in: bytes) else { return .incomplete }
      let head = ResponseHead(status: status, headers: reader.headers)
      let byteCount = reader.consumedByteCount
      self = ResponseHeadParser(maximumByteCount: maximumByteCount)
      return .head(head, byteCount: byteCount)
    } catch {
      isMalformed = true
      return .malformed
    }
  }

  /// `HTTP/1.1 SP 3DIGIT SP [reason-phrase]`; a missing last space is let pass, as by most.
  private static func status(_ line: Span<UInt8>) -> HTTPStatus? {
    let prefix = Array("HTTP/1.1 ".utf8)
    guard line.count >= prefix.count + 3,
      prefix.indices.allSatisfy({ line[$0] == prefix[$0] }),
      line.count == prefix.count + 3 || line[prefix.count + 3] == HTTPGrammar.space,
      let digits = String(validating: line.extracting(prefix.count..<prefix.count + 3))
    else { return nil }
    return HTTPGrammar.decimal(digits).flatMap(HTTPStatus.init)
  }
}
