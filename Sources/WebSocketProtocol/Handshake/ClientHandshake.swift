/// The client's side of the opening handshake, RFC 6455 §4.1.
package struct ClientHandshake: Sendable {
  /// A check of §4.1 that the server's response failed.
  package enum Failure: Error, Hashable, Sendable {
    /// The status is not 101.
    case unexpectedStatus(HTTPStatus)
    /// The Upgrade field is not `websocket`.
    case upgradeNotWebSocket
    /// The Connection field does not list `Upgrade`.
    case connectionNotUpgrade
    /// The Sec-WebSocket-Accept is missing, repeated, or not the one of the key.
    case acceptMismatch
    /// A subprotocol that was not offered, or more than one.
    case subprotocolNotOffered
    /// An extension that was not offered, or a malformed list of them.
    case extensionNotOffered
    /// Parameters of permessage-deflate that a server must not answer with, RFC 7692 §7.1.
    case extensionParametersInvalid
  }

  /// The agreement of the two sides.
  package struct Agreement: Hashable, Sendable {
    /// The subprotocol, if the server chose one.
    package let subprotocol: String?
    /// The extensions in use.
    package let extensions: [Extension]
    /// The parameters of permessage-deflate, if it is used.
    package let deflate: DeflateParameters?
  }

  /// The request, ready to be sent.
  package let request: [UInt8]

  private let key: String
  private let subprotocols: [String]
  private let extensions: [Extension]

  /// The handshake for a target on a host.
  ///
  /// `key` is the nonce of 16 random bytes; `headers` come after the handshake's own.
  ///
  /// - Precondition: `key` has 16 bytes; `host` is a host with an optional port; `target` begins
  ///   with a slash; the subprotocols are tokens; `headers` has none of the handshake's own.
  package init(
    host: String, target: String, key: [UInt8], subprotocols: [String] = [],
    extensions: [Extension] = [], headers: Headers = Headers()
  ) {
    precondition(key.count == 16, "the nonce has 16 bytes (RFC 6455 §4.1)")
    precondition(HTTPGrammar.authority(host) != nil, "the host is malformed")
    precondition(
      target.utf8.first == UInt8(ascii: "/") && target.utf8.allSatisfy(HTTPGrammar.isTargetByte),
      "the target is malformed")
    precondition(
      subprotocols.allSatisfy { HTTPGrammar.isToken($0) }, "a subprotocol is no token")
    self.key = Base64.encode(key.span)
    self.subprotocols = subprotocols
    self.extensions = extensions
    var text = "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n"
    text += "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    text += "Sec-WebSocket-Key: \(self.key)\r\nSec-WebSocket-Version: 13\r\n"
    if !subprotocols.isEmpty {
      text += "Sec-WebSocket-Protocol: \(subprotocols.joined(separator: ", "))\r\n"
    }
    if !extensions.isEmpty {
      let list = extensions.map(\.fieldValue).joined(separator: ", ")
      text += "Sec-WebSocket-Extensions: \(list)\r\n"
    }
    var request = Array(text.utf8)
    for field in headers {
      precondition(Self.allows(field), "a header belongs to the handshake itself")
      field.write(to: &request)
    }
    self.request = request + [HTTPGrammar.carriageReturn, HTTPGrammar.lineFeed]
  }

  /// A nonce of 16 random bytes.
  package static func makeKey() -> [UInt8] {
    // The key is not made by a generator that is passed in: an `inout` of that empty type has no
    // address, and ThreadSanitizer's instrumentation reads it (Swift 6.3.1).
    (0..<16).map { _ in UInt8.random(in: 0...255) }
  }

  /// Whether a field may be added to the handshake's own.
  package static func allows(_ field: HeaderField) -> Bool {
    let name = HTTPGrammar.lowercased(field.name)
    return name != "host" && !HandshakeResponse.reservedNames.contains(name)
  }

  /// Checks the server's response in the order of §4.1.
  ///
  /// - Throws: the `Failure` of the first check that fails.
  package func validate(_ response: ResponseHead) throws(Failure) -> Agreement {
    let headers = response.headers
    guard response.status == .switchingProtocols else {
      throw .unexpectedStatus(response.status)
    }
    let upgrades = headers.listElements(of: "Upgrade")
    guard upgrades.count == 1, headers.list(of: "Upgrade", contains: "websocket") else {
      throw .upgradeNotWebSocket
    }
    guard headers.list(of: "Connection", contains: "Upgrade") else { throw .connectionNotUpgrade }
    guard headers.values(of: "Sec-WebSocket-Accept") == [AcceptKey.make(for: key)] else {
      throw .acceptMismatch
    }
    let values = headers.values(of: "Sec-WebSocket-Extensions")
    guard let accepted = Extension.parse(values),
      accepted.allSatisfy({ one in extensions.contains { $0.name == one.name } })
    else { throw .extensionNotOffered }
    // A field without a name in it chooses nothing.
    let chosen = headers.values(of: "Sec-WebSocket-Protocol").filter { !$0.isEmpty }
    // The token check keeps out texts that only compare equal, such as the Kelvin sign for a K.
    guard chosen.count <= 1,
      chosen.allSatisfy({ HTTPGrammar.isToken($0) && subprotocols.contains($0) })
    else { throw .subprotocolNotOffered }
    return Agreement(
      subprotocol: chosen.first, extensions: accepted, deflate: try deflateParameters(accepted))
  }

  private func deflateParameters(_ accepted: [Extension]) throws(Failure) -> DeflateParameters? {
    let answers = accepted.filter { $0.name == PermessageDeflate.name }
    guard let answer = answers.first else { return nil }
    guard answers.count == 1,
      let parameters = PermessageDeflate.parameters(answered: answer, to: extensions)
    else { throw .extensionParametersInvalid }
    return parameters
  }
}
