extension BodyReader {
  /// The delimitation of a body, RFC 9112 §6.3.
  package enum Framing: Hashable, Sendable {
    /// By a count of bytes, 0 if there is no body.
    case byteCount(Int)
    /// By the chunked transfer coding.
    case chunked
    /// By the end of the stream, which a response alone can have.
    case untilEnd
  }

  /// The reason why a body has no clear end, or none that was found; its description is for a log.
  package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Content-Length and Transfer-Encoding stand together.
    case bothFramings
    /// Content-Length stands there more than once, or is no number.
    case malformedLength
    /// Transfer-Encoding is not `chunked` alone, or stands in a message of HTTP/1.0.
    case unknownCoding
    /// A chunk against the grammar.
    case malformedChunk
    /// A chunk whose size is no number of 63 bits.
    case chunkTooLarge
    /// The first line of a chunk is over the limit.
    case chunkLineTooLong
    /// A trailer against the grammar.
    case malformedTrailer
    /// The trailers are over the limit.
    case trailersTooLarge
    /// The stream ended before the body.
    case cut

    /// A short text about the body.
    package var description: String {
      switch self {
      case .bothFramings: "Content-Length and Transfer-Encoding together"
      case .malformedLength: "Content-Length is no number, or repeated"
      case .unknownCoding: "Transfer-Encoding is not chunked alone"
      case .malformedChunk: "a malformed chunk"
      case .chunkTooLarge: "a chunk's size is too large a number"
      case .chunkLineTooLong:
        "the first line of a chunk has more than \(maximumChunkLineByteCount) bytes"
      case .malformedTrailer: "a malformed trailer"
      case .trailersTooLarge: "the trailers have more than \(maximumTrailerByteCount) bytes"
      case .cut: "the stream ended before it did"
      }
    }
  }
}

extension BodyReader.Framing {
  /// The delimitation of the body of a response to a request that is not HEAD.
  ///
  /// - Throws: the `Fault` of a delimitation that others may read in another way.
  package init(of head: ResponseHead) throws(BodyReader.Fault) {
    let stated = try Self.stated(in: head.headers, isHTTP10: head.isHTTP10)
    // "any response with a 1xx (Informational), 204 (No Content), or 304 (Not Modified) status code
    // is always terminated by the first empty line after the header fields".
    let status = head.status.rawValue
    guard status >= 200, status != 204, status != 304 else {
      self = .byteCount(0)
      return
    }
    self = stated ?? .untilEnd
  }

  /// The delimitation of the body of a request.
  ///
  /// - Throws: the `Fault` of a delimitation that others may read in another way.
  package init(of head: RequestHead) throws(BodyReader.Fault) {
    self = try Self.stated(in: head.headers, isHTTP10: false) ?? .byteCount(0)
  }

  /// The delimitation that the fields state; nil if they state none.
  private static func stated(
    in headers: Headers, isHTTP10: Bool
  ) throws(BodyReader.Fault) -> Self? {
    let (length, lengthCount) = headers.first(.contentLength)
    let (coding, codingCount) = headers.first(.transferEncoding)
    if let coding {
      guard lengthCount == 0 else { throw .bothFramings }
      guard codingCount == 1, HTTPGrammar.lowercased(coding) == "chunked", !isHTTP10 else {
        throw .unknownCoding
      }
      return .chunked
    }
    guard let length else { return nil }
    guard lengthCount == 1, let byteCount = HTTPGrammar.decimal(length) else {
      throw .malformedLength
    }
    return .byteCount(byteCount)
  }
}
