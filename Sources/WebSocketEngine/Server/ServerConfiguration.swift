public import Logging
public import Vocabulary
package import WebSocketProtocol

/// The configuration of a server before it starts.
public struct ServerConfiguration: Sendable {
  /// The listeners.
  public var listeners: [Listener]
  /// How many reactors serve the sessions, 1–64.
  public var reactorCount: Int
  /// The compression of messages with clients that offer permessage-deflate.
  public var compression: CompressionMode
  /// The logger of failures and warnings.
  public var logger: Logger
  /// The secrets in clients' requests, which are neither shown nor logged nor kept.
  public var redaction = Redaction()

  /// The limits it starts with.
  package var limits: LimitSettings
  /// The pages of other origins that may connect.
  package var origins: OriginPolicy
  /// The hosts that it answers to.
  package var hosts: HostPolicy
  /// The proxies whose headers are believed on where a client comes from.
  package var trustedProxies: TrustedProxies

  /// A configuration.
  ///
  /// - Parameters:
  ///   - listeners: the listeners; port 0 lets the system choose.
  ///   - reactorCount: how many reactors serve the sessions, 1–64.
  ///   - settings: limits of the form `KEY=VALUE`.
  ///   - routeSettings: such limits by the pattern of a route; each holds for it while nobody has
  ///     set the same limit for the engine or for the route.
  ///   - environment: variables that set limits, such as `WSTOP_MESSAGE_BYTES`.
  ///   - allowedOrigins: origins whose pages may connect besides the server's own, such as
  ///     `https://example.com` or `https://*.example.com`; or `null`, `file://`, `*`.
  ///   - allowedHosts: hosts that it answers to, such as `example.com`, `*.example.com` or `*`.
  ///     Listeners on a loopback address answer to addresses, `localhost` and the hosts of
  ///     `allowedOrigins` besides; others answer to all hosts if none is given.
  ///   - compression: the compression of messages with clients that offer permessage-deflate.
  ///   - trustedProxies: addresses, CIDR blocks or `unix`, whose X-Forwarded-For, X-Forwarded-Proto
  ///     and PROXY protocol headers tell the client's address; those of others are ignored.
  /// - Throws: `LimitStartError` for a limit that cannot be so, `ConfigurationError` for the rest.
  public init(
    listeners: [Listener], reactorCount: Int = 1, settings: [String] = [],
    routeSettings: [String: [String]] = [:], environment: [String: String] = [:],
    allowedOrigins: [String] = [], allowedHosts: [String] = [],
    compression: CompressionMode = .shared, trustedProxies: [String] = [],
    logger: Logger = Logger(label: "wstop")
  ) throws {
    guard (1...SessionID.maximumReactorCount).contains(reactorCount) else {
      throw ConfigurationError.reactorCount(reactorCount)
    }
    try Self.checkOrigins(allowedOrigins)
    try Self.checkHosts(allowedHosts)
    try Self.checkTrustedProxies(trustedProxies)
    guard let origins = OriginPolicy(allowing: allowedOrigins),
      let hosts = HostPolicy(allowing: allowedHosts)
    else { preconditionFailure("they were checked") }
    self.listeners = listeners
    self.reactorCount = reactorCount
    self.compression = compression
    self.logger = logger
    self.origins = origins
    self.hosts = hosts
    self.trustedProxies = TrustedProxies(trustedProxies) ?? TrustedProxies()
    limits = try LimitSettings(
      environment: environment, flags: settings, routeSettings: routeSettings)
  }

  /// Checks the `allowedOrigins` of `init`.
  package static func checkOrigins(_ entries: [String]) throws(ConfigurationError) {
    for entry in entries where OriginPolicy(allowing: [entry]) == nil { throw .origin(entry) }
  }

  /// Checks the `allowedHosts` of `init`.
  package static func checkHosts(_ entries: [String]) throws(ConfigurationError) {
    for entry in entries where HostPolicy(allowing: [entry]) == nil { throw .host(entry) }
  }

  /// Checks the `trustedProxies` of `init`.
  package static func checkTrustedProxies(_ entries: [String]) throws(ConfigurationError) {
    for entry in entries where TrustedProxies([entry]) == nil { throw .trustedProxy(entry) }
  }
}

/// A configuration that cannot be.
public enum ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There can be 1 to 64 reactors.
  case reactorCount(Int)
  /// This is no origin that a page can have.
  case origin(String)
  /// This is no host, nor a pattern of hosts.
  case host(String)
  /// This is neither an address nor a CIDR block nor `unix`.
  case trustedProxy(String)
  /// A Unix socket exists and is served by another process.
  case addressInUse(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .reactorCount(let count): "\(count) reactors: wants 1 to \(SessionID.maximumReactorCount)"
    case .origin(let entry):
      "\(UntrustedText.escaped(entry)): no page has this origin; wants SCHEME://HOST[:PORT] such as "
        + "https://example.com or https://*.example.com, or null, file:// or *"
    case .host(let entry):
      "\(UntrustedText.escaped(entry)): this is no host; wants HOST[:PORT] such as example.com, "
        + "*.example.com, 10.0.0.7 or [::1]:8080, or *"
    case .trustedProxy(let entry):
      "\(UntrustedText.escaped(entry)): a trusted proxy is an address, a block such as 10.0.0.0/8, "
        + "or unix"
    case .addressInUse(let address): "\(address): address already in use"
    }
  }
}
