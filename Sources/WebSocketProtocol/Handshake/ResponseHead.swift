/// The head of an HTTP/1.1 response, RFC 9112 §4.
package struct ResponseHead: Hashable, Sendable {
  /// The status.
  package let status: HTTPStatus

  /// The header fields.
  package let headers: Headers

  /// A head from its parts.
  package init(status: HTTPStatus, headers: Headers) {
    self.status = status
    self.headers = headers
  }
}
