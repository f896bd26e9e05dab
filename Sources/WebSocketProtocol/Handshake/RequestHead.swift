/// The head of an HTTP/1.1 request, RFC 9112 §3, as the parser accepted it.
public struct RequestHead: Hashable, Sendable {
  /// The method, such as `GET`; methods are case-sensitive.
  public let method: String

  /// The request target as it was sent: a path and query, or a whole URI.
  public let target: String

  /// The path, still percent-encoded; it begins with a slash.
  public let path: String

  /// The query without its question mark, still percent-encoded; nil if there is no question mark.
  public let query: String?

  /// The host and, if it was given, the port that the client asked for.
  ///
  /// For a target that is a whole URI it is that URI's, whatever the Host field has (RFC 9112
  /// §3.2.2).
  public let host: String

  /// The header fields.
  public let headers: Headers

  /// The version, always `HTTP/1.1`: others are refused.
  public var version: String { "HTTP/1.1" }
}

/// The delimitation of the body that follows a head, RFC 9112 §6.3.
package enum BodyFraming: Hashable, Sendable {
  /// By a count of bytes, 0 if there is no body.
  case byteCount(Int)
  /// By the chunked transfer coding, or another one.
  case transferCoding
}

extension RequestHead {
  /// The delimitation of the request's body.
  ///
  /// - Throws: `HandshakeRefusal.malformedBodyLength` if that is ambiguous: Content-Length more
  ///   than once or not a number, or with Transfer-Encoding, as in request smuggling.
  package func bodyFraming() throws(HandshakeRefusal) -> BodyFraming {
    let (length, count) = headers.first(.contentLength)
    guard !headers.has(.transferEncoding) else {
      guard count == 0 else { throw .malformedBodyLength }
      return .transferCoding
    }
    guard let length else { return .byteCount(0) }
    guard count == 1, let byteCount = HTTPGrammar.decimal(length) else {
      throw .malformedBodyLength
    }
    return .byteCount(byteCount)
  }
}
