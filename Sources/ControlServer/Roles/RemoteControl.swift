public import WebSocketEngine

/// The service of the control API beyond the machine: always over TLS, and to holders of tokens.
public struct RemoteControl: Hashable, Sendable {
  /// The most addresses.
  public static let maximumAddressCount = 8

  /// The addresses to listen on, with their options: Internet addresses, at least one.
  public var places: [ListenAddress]
  /// The certificates of the service, and whether clients must show theirs as well.
  public var tls: TLSSettings
  /// The path of the file of tokens: a line for each, `role name token` or
  /// `role name sha256:DIGEST`.
  public var tokens: String

  /// The addresses alone.
  public var addresses: [SocketAddress] {
    get { places.map(\.address) }
    set { places = newValue.map { ListenAddress($0) } }
  }

  /// The addresses, the certificates and the file of tokens.
  public init(addresses: [SocketAddress], tls: TLSSettings, tokens: String) {
    self.init(places: addresses.map { ListenAddress($0) }, tls: tls, tokens: tokens)
  }

  /// The addresses with their options, the certificates and the file of tokens.
  public init(places: [ListenAddress], tls: TLSSettings, tokens: String) {
    self.places = places
    self.tls = tls
    self.tokens = tokens
  }
}
