/// The fields that an opening handshake looks at, recognised once when a field is made.
///
/// Each check of the handshake so compares a byte instead of a name in any case.
enum HandshakeFieldName: UInt8, CaseIterable, Sendable {
  case host, origin, upgrade, connection, contentLength, transferEncoding
  case webSocketKey, webSocketVersion, webSocketProtocol, webSocketExtensions

  /// The name as the standards write it.
  var text: String {
    switch self {
    case .host: "Host"
    case .origin: "Origin"
    case .upgrade: "Upgrade"
    case .connection: "Connection"
    case .contentLength: "Content-Length"
    case .transferEncoding: "Transfer-Encoding"
    case .webSocketKey: "Sec-WebSocket-Key"
    case .webSocketVersion: "Sec-WebSocket-Version"
    case .webSocketProtocol: "Sec-WebSocket-Protocol"
    case .webSocketExtensions: "Sec-WebSocket-Extensions"
    }
  }

  /// The field of a name in any case, or nil if no handshake looks at it.
  init?(_ name: Span<UInt8>) {
    let candidate: HandshakeFieldName
    switch name.count {
    case 4: candidate = .host
    case 6: candidate = .origin
    case 7: candidate = .upgrade
    case 10: candidate = .connection
    case 14: candidate = .contentLength
    // `Sec-WebSocket-Key` and `Transfer-Encoding` have 17 bytes each; the first one tells them
    // apart.
    case 17:
      candidate =
        HTTPGrammar.lowercased(name[0]) == UInt8(ascii: "s") ? .webSocketKey : .transferEncoding
    case 21: candidate = .webSocketVersion
    case 22: candidate = .webSocketProtocol
    case 24: candidate = .webSocketExtensions
    default: return nil
    }
    guard HTTPGrammar.isEqualIgnoringCase(name, candidate.text.utf8Span.span) else { return nil }
    self = candidate
  }
}
