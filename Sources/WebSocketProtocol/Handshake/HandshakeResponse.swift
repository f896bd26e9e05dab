import Vocabulary

/// The 101 that completes the opening handshake, RFC 6455 §4.2.2.
package struct HandshakeResponse: Hashable, Sendable {
  /// The handler's choice that the handshake does not allow.
  package enum Failure: Error, Hashable, Sendable {
    /// The client did not offer the subprotocol.
    case subprotocolNotOffered(String)
    /// The client did not offer the extension.
    case extensionNotOffered(String)
    /// The field belongs to the handshake itself, or would give the 101 a body.
    case reservedHeader(String)
  }

  /// The subprotocol in use, if one was chosen.
  package let subprotocol: String?

  /// The response, ready to be sent.
  package let bytes: [UInt8]

  /// The response to a request.
  ///
  /// - Throws: `Failure` if the choice is none the client offered, or a header is reserved.
  package init(
    to request: UpgradeRequest, subprotocol: String? = nil, extensions: [Extension] = [],
    headers: Headers = Headers()
  ) throws(Failure) {
    var response: [UInt8] = []
    response.reserveCapacity(256)
    func write(_ text: String) { response.append(copying: text.utf8Span.span) }

    write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
    write("Sec-WebSocket-Accept: ")
    write(AcceptKey.make(for: request.key))
    write("\r\n")
    if let subprotocol {
      guard request.subprotocols.contains(where: { UTF8Name($0) == UTF8Name(subprotocol) }) else {
        throw .subprotocolNotOffered(subprotocol)
      }
      write("Sec-WebSocket-Protocol: \(subprotocol)\r\n")
    }
    for accepted in extensions {
      guard request.extensions.contains(where: { $0.name == accepted.name }) else {
        throw .extensionNotOffered(accepted.name)
      }
    }
    if !extensions.isEmpty {
      let list = extensions.map(\.fieldValue).joined(separator: ", ")
      write("Sec-WebSocket-Extensions: \(list)\r\n")
    }
    for field in headers {
      guard !Self.reservedNames.contains(HTTPGrammar.lowercased(field.name)) else {
        throw .reservedHeader(field.name)
      }
      field.write(to: &response)
    }
    write("\r\n")
    self.subprotocol = subprotocol
    bytes = response
  }

  /// The fields that the handshake itself writes, or that a 101 must not have.
  static let reservedNames: Set<String> = [
    "upgrade", "connection", "sec-websocket-accept", "sec-websocket-key",
    "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions",
    "content-length", "transfer-encoding",
  ]
}
