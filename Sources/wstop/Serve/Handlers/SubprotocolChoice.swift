import WebSocketEngine
import WebSocketProtocol

/// Chooses the first subprotocol of the client's offer that the operator has named.
///
/// The order of the offer is the client's preference (RFC 6455 §4.1); without a match no
/// subprotocol is chosen.
struct SubprotocolChoice: HandshakeMiddleware {
  /// The operator's subprotocols.
  let names: [String]

  func handshake(_ request: inout Request) throws {
    request.subprotocol = request.subprotocols.first(where: names.contains)
  }
}
