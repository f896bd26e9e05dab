public import WebSocketProtocol

/// A refusal of the opening handshake, with the response to the client.
public struct HandshakeRejection: Error, Hashable, Sendable {
  /// The status of the response.
  public let status: HTTPStatus
  /// The text of the response's body, which is sent as `text/plain`.
  public let body: String
  /// Header fields of the response, such as `WWW-Authenticate` or `Location`.
  public let headers: Headers

  /// The fields that the response itself writes.
  private static let reservedNames = [
    "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Upgrade",
  ]

  /// A rejection.
  ///
  /// - Parameters:
  ///   - status: a status that says that the handshake failed; one below 300 would not and is sent
  ///     as 500.
  ///   - body: one line for a person.
  ///   - headers: more fields; those about the connection and the body are left out, because the
  ///     response writes them itself.
  public init(_ status: HTTPStatus = .forbidden, body: String = "", headers: Headers = Headers()) {
    self.status = status.rawValue < 300 ? .internalServerError : status
    self.body = body
    self.headers = Headers(
      headers.filter { field in
        let name = Headers([field])
        return Self.reservedNames.allSatisfy { name[$0] == nil }
      })
  }
}
