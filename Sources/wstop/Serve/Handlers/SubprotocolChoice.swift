import WebSocketEngine
import WebSocketProtocol

/// Chooses the first subprotocol that the client offers and the operator has named.
///
/// Of what a client offers the order is its preference (RFC 6455 §4.1); one that offers none of
/// these gets none.
struct SubprotocolChoice: HandshakeMiddleware {
  /// What the operator has named.
  let names: [String]

  func handshake(_ request: inout Request) throws {
    request.subprotocol = request.subprotocols.first(where: names.contains)
  }
}
