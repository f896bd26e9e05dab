public import WebSocketEngine

/// A control API that is also served beyond the machine: always over TLS, and to holders of tokens.
public struct RemoteControl: Hashable, Sendable {
  /// The most addresses.
  public static let maximumAddressCount = 8

  /// Where to listen, and what is to hold there: Internet addresses, at least one.
  public var places: [ListenAddress]
  /// The certificates that are shown, and whether clients must show theirs as well.
  public var tls: TLSSettings
  /// The path of the file of tokens: a line for each, `role name token` or
  /// `role name sha256:DIGEST`.
  public var tokens: String

  /// The addresses alone.
  public var addresses: [SocketAddress] {
    get { places.map(\.address) }
    set { places = newValue.map { ListenAddress($0) } }
  }

  /// Where to listen, what to show and whom to serve.
  public init(addresses: [SocketAddress], tls: TLSSettings, tokens: String) {
    self.init(places: addresses.map { ListenAddress($0) }, tls: tls, tokens: tokens)
  }

  /// Where to listen, with what is to hold there, what to show and whom to serve.
  public init(places: [ListenAddress], tls: TLSSettings, tokens: String) {
    self.places = places
    self.tls = tls
    self.tokens = tokens
  }
}
