/// The request that opens the upstream's side of a relayed session.
///
/// It has a key of its own and offers the gateway's own extensions, since each side of a relayed
/// session is a WebSocket for itself. The client's subprotocols pass as they were offered.
package struct UpstreamRequest: Sendable {
  /// The handshake that the answer is checked against.
  let handshake: ClientHandshake

  /// The request for a client's.
  ///
  /// - Parameters:
  ///   - request: the client's opening handshake.
  ///   - url: the upstream.
  ///   - pattern: the pattern of the route that took the client's path.
  ///   - client: the far end of the client's connection.
  ///   - rules: the route's choice of fields.
  ///   - extensions: the gateway's own offer.
  package init(
    for request: UpgradeRequest, to url: UpstreamURL, pattern: String, client: ForwardedClient,
    rules: UpstreamHeaderRules = UpstreamHeaderRules(), extensions: [Extension] = []
  ) {
    handshake = ClientHandshake(
      host: rules.host(for: request.head, to: url),
      target: url.upstreamTarget(for: request.head.target, pattern: pattern),
      key: ClientHandshake.makeKey(), subprotocols: request.subprotocols, extensions: extensions,
      headers: rules.headers(for: request.head, of: client))
  }

  /// The request, ready to be sent.
  package var bytes: [UInt8] { handshake.request }
}
