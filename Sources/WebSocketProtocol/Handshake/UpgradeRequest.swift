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
    guard headers.has(.upgrade) else { throw .missingUpgrade }
    guard headers.list(of: .upgrade, contains: "websocket") else { throw .upgradeNotWebSocket }
    guard headers.list(of: .connection, contains: "upgrade") else { throw .connectionNotUpgrade }
    let (version, versionCount) = headers.first(.webSocketVersion)
    guard let version else { throw .missingWebSocketVersion }
    guard versionCount == 1, version == "13" else { throw .unsupportedWebSocketVersion }
    let (key, keyCount) = headers.first(.webSocketKey)
    guard let key else { throw .missingKey }
    guard keyCount == 1, Base64.decodedByteCount(key) == 16 else { throw .malformedKey }
    guard try head.bodyFraming() == .byteCount(0) else { throw .unexpectedBody }
    let (origin, originCount) = headers.first(.origin)
    guard originCount <= 1 else { throw .malformedOrigin }
    guard let subprotocols = Self.subprotocols(in: headers) else { throw .malformedSubprotocols }
    guard let extensions = Self.extensions(in: headers) else { throw .malformedExtensions }
    self.head = head
    self.key = key
    self.origin = origin
    self.subprotocols = subprotocols
    self.extensions = extensions
  }

  /// The subprotocols; nil for a list that is malformed.
  ///
  /// "The elements that comprise this value MUST be non-empty strings with characters in the
  /// range U+0021 to U+007E not including separator characters and MUST all be unique strings"
  /// (RFC 6455 §4.1). A field with an empty list, which clients and proxies do send, offers
  /// nothing.
  private static func subprotocols(in headers: Headers) -> [String]? {
    guard headers.has(.webSocketProtocol) else { return [] }
    let subprotocols = headers.listElements(of: HandshakeFieldName.webSocketProtocol.text)
    guard subprotocols.allSatisfy({ HTTPGrammar.isToken($0) }),
      Set(subprotocols).count == subprotocols.count
    else { return nil }
    return subprotocols
  }

  private static func extensions(in headers: Headers) -> [Extension]? {
    guard headers.has(.webSocketExtensions) else { return [] }
    return Extension.parse(headers.values(of: HandshakeFieldName.webSocketExtensions.text))
  }
}
