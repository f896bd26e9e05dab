public import Vocabulary
public import WebSocketProtocol

/// The request that opens a session, as middleware and handlers see it.
public struct Request: Sendable {
  /// The name that the session will have; it is used up also if the handshake is refused.
  public let sessionID: SessionID
  /// The pattern of the route, such as `/ws/chat/{room}`.
  public let route: String
  /// The pattern's parameters in the path.
  public let parameters: PathParameters
  /// The client's address without a port, as text; for a Unix socket `unix`.
  ///
  /// Behind a trusted proxy it is the address that the proxy tells, else the far end of the
  /// connection.
  public let remoteAddress: String
  /// The client's port; 0 for a Unix socket, and if a proxy does not tell it.
  public let remotePort: Int
  /// Whether the client's connection is encrypted: here, or as a trusted proxy tells.
  public let isSecure: Bool

  /// The subprotocol that is answered, which must be one of `subprotocols`; nil for none.
  ///
  /// Middleware or the handler sets it.
  public var subprotocol: String?

  /// Header fields for the response that accepts the handshake; those that belong to the handshake
  /// itself must not be among them.
  public var responseHeaders = Headers()

  /// The path as it was sent, still percent-encoded, without the query.
  public let rawPath: String
  private let rawQuery: String?
  /// The host and, if it was given, the port that the client asked for.
  public let host: String
  /// The header fields; of an open session's request without those that carry nothing but the
  /// opening handshake: Upgrade, Connection, Sec-WebSocket-Key and Sec-WebSocket-Version.
  public let headers: Headers

  private(set) var attachments: [ObjectIdentifier: any Sendable] = [:]

  private enum ClientCertificateKey: RequestKey { typealias Value = String }

  /// A request that was routed.
  package init(
    _ upgrade: UpgradeRequest, sessionID: SessionID, route: String, parameters: PathParameters,
    remoteAddress: String, remotePort: Int, isSecure: Bool
  ) {
    let head = upgrade.head
    self.init(
      sessionID: sessionID, route: route, parameters: parameters, remoteAddress: remoteAddress,
      remotePort: remotePort, isSecure: isSecure, rawPath: head.path, rawQuery: head.query,
      host: head.host, headers: head.headers)
  }

  /// A request from its parts.
  init(
    sessionID: SessionID, route: String, parameters: PathParameters, remoteAddress: String,
    remotePort: Int, isSecure: Bool, rawPath: String, rawQuery: String?, host: String,
    headers: Headers, attachments: [ObjectIdentifier: any Sendable] = [:]
  ) {
    self.sessionID = sessionID
    self.route = route
    self.parameters = parameters
    self.remoteAddress = remoteAddress
    self.remotePort = remotePort
    self.isSecure = isSecure
    self.rawPath = rawPath
    self.rawQuery = rawQuery
    self.host = host
    self.headers = headers
    self.attachments = attachments
  }

  /// The path, decoded; a slash that was sent as `%2F` cannot be told from another one here.
  public var path: String {
    do {
      return try PercentEncoding.decode(rawPath)
    } catch {
      return rawPath
    }
  }

  /// The query, read when it is asked for.
  public var query: QueryParameters { QueryParameters(raw: rawQuery) }

  /// The origin of the page that opened the connection; nil for a client that is no browser.
  public var origin: String? { headers["Origin"] }

  /// The subprotocols that the client offers, the preferred one first.
  public var subprotocols: [String] {
    headers.listElements(of: "Sec-WebSocket-Protocol")
  }

  /// The subject of the client's certificate, in the form of RFC 2253, such as `CN=jane,O=ops`; nil
  /// if the listener asked for none or the client has none.
  ///
  /// It was checked against the listener's authorities.
  public package(set) var clientCertificateSubject: String? {
    get { self[ClientCertificateKey.self] }
    set { self[ClientCertificateKey.self] = newValue }
  }

  /// The trusted proxy that told the client's address, as address and port, or `unix`; nil without
  /// one.
  public internal(set) var via: String? {
    get { self[ViaKey.self] }
    set { self[ViaKey.self] = newValue }
  }

  // `via` is an attachment, because most requests have none.
  private enum ViaKey: RequestKey { typealias Value = String }

  /// The key of `via` among the attachments.
  static var viaKey: ObjectIdentifier { ObjectIdentifier(ViaKey.self) }

  /// A value that middleware attached, or nil.
  public subscript<Key: RequestKey>(key: Key.Type) -> Key.Value? {
    get { attachments[ObjectIdentifier(key)] as? Key.Value }
    set { attachments[ObjectIdentifier(key)] = newValue }
  }
}
