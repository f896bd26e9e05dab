public import Logging
public import Vocabulary
package import WebSocketProtocol

/// How a server is set up before it starts.
public struct ServerConfiguration: Sendable {
  /// Where it listens.
  public var listeners: [Listener]
  /// How many reactors serve the sessions, 1–64.
  public var reactorCount: Int
  /// How messages are compressed with clients that offer permessage-deflate.
  public var compression: CompressionMode
  /// What is logged goes here.
  public var logger: Logger

  /// The limits it starts with.
  package var limits: LimitSettings
  /// Which pages of other origins may connect.
  package var origins: OriginPolicy

  /// A configuration.
  ///
  /// - Parameters:
  ///   - listeners: where it listens; port 0 lets the system choose.
  ///   - reactorCount: how many reactors serve the sessions, 1–64.
  ///   - settings: limits of the form `KEY=VALUE`.
  ///   - environment: variables that set limits, such as `WSTOP_MESSAGE_BYTES`.
  ///   - allowedOrigins: origins whose pages may connect besides the server's own, or `*`.
  ///   - compression: how messages are compressed with clients that offer permessage-deflate.
  /// - Throws: `LimitStartError` for a limit that cannot be so, `ConfigurationError` for the rest.
  public init(
    listeners: [Listener], reactorCount: Int = 1, settings: [String] = [],
    environment: [String: String] = [:], allowedOrigins: [String] = [],
    compression: CompressionMode = .shared,
    logger: Logger = Logger(label: "wstop")
  ) throws {
    guard (1...SessionID.maximumReactorCount).contains(reactorCount) else {
      throw ConfigurationError.reactorCount(reactorCount)
    }
    guard let origins = OriginPolicy(allowing: allowedOrigins) else {
      throw ConfigurationError.origin(allowedOrigins)
    }
    self.listeners = listeners
    self.reactorCount = reactorCount
    self.compression = compression
    self.logger = logger
    self.origins = origins
    limits = try LimitSettings(environment: environment, flags: settings)
  }
}

/// A configuration that cannot be.
public enum ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There can be 1 to 64 reactors.
  case reactorCount(Int)
  /// One of these is no origin.
  case origin([String])
  /// A Unix socket exists and is served by another process.
  case addressInUse(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .reactorCount(let count): "\(count) reactors: wants 1 to \(SessionID.maximumReactorCount)"
    case .origin(let origins):
      "\(origins.joined(separator: ", ")): an origin is SCHEME://HOST[:PORT], or * for any"
    case .addressInUse(let address): "\(address): address already in use"
    }
  }
}
