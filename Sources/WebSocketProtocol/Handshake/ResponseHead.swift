/// The head of a response of HTTP/1.1, or of 1.0 where that is accepted, RFC 9112 §4.
package struct ResponseHead: Hashable, Sendable {
  /// The status.
  package let status: HTTPStatus

  /// The header fields.
  package let headers: Headers

  /// Whether the version is HTTP/1.0.
  package let isHTTP10: Bool

  /// A head from its parts.
  package init(status: HTTPStatus, headers: Headers, isHTTP10: Bool = false) {
    self.status = status
    self.isHTTP10 = isHTTP10
    self.headers = headers
  }
}
