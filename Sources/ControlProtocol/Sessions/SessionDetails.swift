/// Everything known of one session.
public struct SessionDetails: Codable, Equatable, Sendable {
  /// The engine's run, which an act may name.
  public var engine: String
  /// The row of the table.
  public var row: SessionRow
  /// The raw query of its request, or nil; not escaped for display.
  public var query: String?
  /// The subprotocol that was chosen.
  public var subprotocol: String?
  /// The request's headers in their order, values cut at 1 KiB; not escaped for display.
  @Tolerant public var headers: [Header]
  /// The rooms it is in, sorted.
  @Tolerant public var rooms: [String]
  /// The limits in force for it, each with the scope that set it.
  @Tolerant public var limits: [LimitRow]
  /// How the TLS connection was made, such as `TLSv1.3 TLS_AES_256_GCM_SHA384`.
  public var tlsVersion: String?
  /// How its messages are compressed; nil if they are not.
  public var compression: SessionCompression?
  /// Whether an earlier TLS session was resumed; nil for a connection in the clear.
  public var tlsResumed: Bool?
  /// The name that the client asked for in its TLS handshake (SNI); not escaped for display.
  public var serverName: String?
  /// The subject of the client's certificate; not escaped for display.
  public var clientCertificate: String?
  /// The address of the listener that accepted it.
  @Tolerant public var listener: String
  /// The trusted proxy that said who the client is, as address and port; nil without one.
  public var via: String?
  /// The last round trip measured, unsmoothed, in milliseconds.
  public var lastRoundTripMilliseconds: Double?

  /// One header field of a request.
  public struct Header: Codable, Equatable, Sendable {
    /// The field's name as it was sent.
    public var name: String
    /// The field's value.
    public var value: String

    /// A field.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Details around a row.
  public init(
    engine: String, row: SessionRow, query: String? = nil, subprotocol: String? = nil,
    headers: [Header] = [], rooms: [String] = [], limits: [LimitRow] = [],
    tlsVersion: String? = nil, tlsResumed: Bool? = nil, serverName: String? = nil,
    clientCertificate: String? = nil, compression: SessionCompression? = nil,
    listener: String = "", via: String? = nil,
    lastRoundTripMilliseconds: Double? = nil
  ) {
    self.engine = engine
    self.row = row
    self.query = query
    self.subprotocol = subprotocol
    self.headers = headers
    self.rooms = rooms
    self.limits = limits
    self.tlsVersion = tlsVersion
    self.compression = compression
    self.tlsResumed = tlsResumed
    self.serverName = serverName
    self.clientCertificate = clientCertificate
    self.listener = listener
    self.via = via
    self.lastRoundTripMilliseconds = lastRoundTripMilliseconds
  }
}
