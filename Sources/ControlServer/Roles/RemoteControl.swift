public import WebSocketEngine

/// A control API that is also served beyond the machine: always over TLS, and to holders of tokens.
public struct RemoteControl: Hashable, Sendable {
  /// The most addresses.
  public static let maximumAddressCount = 8

  /// Where to listen: Internet addresses, at least one.
  public var addresses: [SocketAddress]
  /// The certificates that are shown, and whether clients must show theirs as well.
  public var tls: TLSSettings
  /// The path of the file of tokens: a line for each, `role name token` or
  /// `role name sha256:DIGEST`.
  public var tokens: String

  /// Where to listen, what to show and whom to serve.
  public init(addresses: [SocketAddress], tls: TLSSettings, tokens: String) {
    self.addresses = addresses
    self.tls = tls
    self.tokens = tokens
  }
}
