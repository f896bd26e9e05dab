/// A client's opening handshake that passed every check of RFC 6455 §4.2.1.
package struct UpgradeRequest: Hashable, Sendable {
  /// The request's head.
  package let head: RequestHead

  /// The Sec-WebSocket-Key as it was sent: the base64 of 16 bytes.
  package let key: String

  /// The origin of the page that opened the connection; nil for a client that is no browser.
  package let origin: String?

  /// The subprotocols offered, the preferred one first.
  package let subprotocols: [String]

  /// The extensions offered, the preferred one first.
  package let extensions: [Extension]

  /// Checks a head.
  ///
  ///     method  Upgrade    Connection  Version  Key       body  lists      → status
  ///     other   –          –           –        –         –     –            405, Allow
  ///     GET     missing    –           –        –         –     –            426, Upgrade
  ///     GET     other      –           –        –         –     –            400
  ///     GET     websocket  other       –        –         –     –            400
  ///     GET     websocket  upgrade     missing  –         –     –            400
  ///     GET     websocket  upgrade     other    –         –     –            426, Version 13
  ///     GET     websocket  upgrade     13       bad       –     –            400
  ///     GET     websocket  upgrade     13       16 bytes  some  –            400
  ///     GET     websocket  upgrade     13       16 bytes  none  malformed    400
  ///     GET     websocket  upgrade     13       16 bytes  none  well-formed  accepted
  ///
  /// The version stands before the key, because clients of older versions have no such key.
  /// Host and the version of HTTP were checked with the head.
  ///
  /// - Throws: the `HandshakeRefusal` of the first check that fails.
  package init(_ head: RequestHead) throws(HandshakeRefusal) {
    let headers = head.headers
    guard head.method == "GET" else { throw .methodNotGET }
    guard headers["Upgrade"] != nil else { throw .missingUpgrade }
    guard headers.list(of: "Upgrade", contains: "websocket") else { throw .upgradeNotWebSocket }
    guard headers.list(of: "Connection", contains: "Upgrade") else { throw .connectionNotUpgrade }
    let versions = headers.values(of: "Sec-WebSocket-Version")
    guard !versions.isEmpty else { throw .missingWebSocketVersion }
    guard versions == ["13"] else { throw .unsupportedWebSocketVersion }
    let keys = headers.values(of: "Sec-WebSocket-Key")
    guard let key = keys.first else { throw .missingKey }
    guard keys.count == 1, Base64.decodedByteCount(key) == 16 else { throw .malformedKey }
    guard try head.bodyFraming() == .byteCount(0) else { throw .unexpectedBody }
    let origins = headers.values(of: "Origin")
    guard origins.count <= 1 else { throw .malformedOrigin }
    guard let subprotocols = Self.subprotocols(in: headers) else { throw .malformedSubprotocols }
    guard let extensions = Self.extensions(in: headers) else { throw .malformedExtensions }
    self.head = head
    self.key = key
    origin = origins.first
    self.subprotocols = subprotocols
    self.extensions = extensions
  }

  /// "The elements that comprise this value MUST be non-empty strings with characters in the
  /// range U+0021 to U+007E not including separator characters and MUST all be unique strings"
  /// (RFC 6455 §4.1).
  private static func subprotocols(in headers: Headers) -> [String]? {
    let subprotocols = headers.listElements(of: "Sec-WebSocket-Protocol")
    guard subprotocols.isEmpty == (headers["Sec-WebSocket-Protocol"] == nil),
      subprotocols.allSatisfy({ HTTPGrammar.isToken($0) }),
      Set(subprotocols).count == subprotocols.count
    else { return nil }
    return subprotocols
  }

  private static func extensions(in headers: Headers) -> [Extension]? {
    let values = headers.values(of: "Sec-WebSocket-Extensions")
    guard let extensions = Extension.parse(values), extensions.isEmpty == values.isEmpty else {
      return nil
    }
    return extensions
  }
}
