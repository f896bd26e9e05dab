import ArgumentParser
import ControlProtocol
import ControlServer
import EventLoop
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// Whether operators may tap the messages of sessions.
enum TapPermission: String, CaseIterable, ExpressibleByArgument {
  case on, off
}

/// The configuration of an engine: the flags of `serve`, which also configure engines in the
/// background.
struct ServeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Listen on HOST:PORT, tls:HOST:PORT or unix:PATH; repeatable. HOST may be * for all addresses, "
        + "as [::] is unless ,ipv6only stands behind the port; unix:PATH,mode=0660 sets the socket's "
        + "permissions. (default: 127.0.0.1:8080)",
      valueName: "address"))
  var listen: [String] = []

  @OptionGroup var certificates: CertificateOptions

  @Option(
    help: ArgumentHelp(
      "Serve a path with a handler, or relay it to an upstream: ws://HOST:PORT[/PATH], wss://, "
        + "http://, https:// or unix:/SOCKET, several with commas; repeatable. A last segment * takes "
        + "the rest of the path. Handlers: \(handlerNames). "
        + "(default: /ws/echo, /ws/echo-async, /ws/api, /ws/chat/{room}, /ws/stream)",
      valueName: "path=target"))
  var route: [String] = []

  @Option(help: "How many reactors serve the sessions, 1 to 64. (default: the processors)")
  var reactors: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Set a limit, such as message-bytes=64KiB; repeatable.", valueName: "key=value"),
    completion: .list(CompletionWords.limitSettings))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "Let pages of another origin connect, such as https://example.com, https://*.example.com, "
        + "null, file:// or *; repeatable.",
      valueName: "origin"))
  var allowOrigin: [String] = []

  @Option(
    help: ArgumentHelp(
      "Answer to a host, such as example.com or *.example.com, or *; repeatable. (default: on a "
        + "loopback address localhost, addresses and the hosts of --allow-origin, else all)",
      valueName: "host"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "Let the built-in handlers choose a subprotocol, if the client offers it; repeatable.",
      valueName: "name"))
  var subprotocol: [String] = []

  @Option(
    help: ArgumentHelp(
      "Compress messages with clients that offer permessage-deflate: off, shared (no memory for a "
        + "session), dedicated (better for many small messages, 50 to 80 KiB for a session).",
      valueName: "mode"),
    completion: .list(CompressionMode.allCases.map(\.rawValue)), transform: Self.compressionMode)
  var compression = CompressionMode.shared

  @Option(
    help: ArgumentHelp(
      "Take the client's address from X-Forwarded-For or a PROXY protocol header where a connection "
        + "comes from an address, a block such as 10.0.0.0/8, or unix; repeatable.",
      valueName: "cidr"))
  var trustedProxy: [String] = []

  @OptionGroup var relaying: RelayOptions

  @OptionGroup var remote: RemoteControlOptions

  @OptionGroup var history: HistoryOptions

  @OptionGroup var redaction: RedactionOptions

  @Option(help: "Whether operators may look at the messages of sessions: on or off.")
  var tap = TapPermission.on

  @Option(
    help:
      "Append the log to a file, which SIGHUP and wstop reload open again. (default: standard error)",
    completion: .file())
  var logFile: String?

  private static let handlerNames = BuiltInHandler.allCases.map(\.rawValue).joined(separator: ", ")

  func validate() throws {
    let listeners = try listeners()
    _ = try remoteControl()
    _ = try router()
    try check("--allow-origin", allowOrigin, ServerConfiguration.checkOrigins)
    try check("--allow-host", allowHost, ServerConfiguration.checkHosts)
    try check("--trusted-proxy", trustedProxy, ServerConfiguration.checkTrustedProxies)
    guard
      !trustedProxy.contains("unix")
        || listeners.contains(where: { if case .unix = $0.address { true } else { false } })
    else {
      throw ValidationError("--trusted-proxy unix is for --listen unix:PATH")
    }
    do throws(LimitStartError) {
      _ = try LimitSettings(environment: Environment.limits, flags: set)
    } catch {
      throw ValidationError("\(error)")
    }
    guard reactors.map((1...SessionID.maximumReactorCount).contains) ?? true else {
      throw ValidationError(
        "--reactors \(reactors ?? 0): wants 1 to \(SessionID.maximumReactorCount)")
    }
  }

  private func check(
    _ flag: String, _ values: [String],
    _ check: ([String]) throws(ConfigurationError) -> Void
  ) throws(ValidationError) {
    do throws(ConfigurationError) {
      try check(values)
    } catch {
      throw ValidationError("\(flag) \(error)")
    }
  }

  private static func compressionMode(_ text: String) throws -> CompressionMode {
    guard let mode = CompressionMode(rawValue: text) else {
      throw ValidationError(
        "\(UntrustedText.escaped(text)): wants "
          + CompressionMode.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return mode
  }

  /// The listeners.
  func listeners() throws -> [Listener] {
    let listeners = try (listen.isEmpty ? ["127.0.0.1:8080"] : listen).map { text in
      let isSecure = text.hasPrefix(Self.securePrefix)
      let place: ListenAddress
      do throws(ListenAddress.Fault) {
        place = try ListenAddress(
          parsing: isSecure ? String(text.dropFirst(Self.securePrefix.count)) : text)
      } catch {
        throw ValidationError(
          "--listen \(UntrustedText.escaped(text)): \(error)"
            + (error == .address ? ", with tls: before it for TLS" : ""))
      }
      return Listener(place, tls: isSecure ? try certificates.settings() : nil)
    }
    try Self.checkPorts(of: listeners)
    guard
      certificates.isEmpty || listeners.contains(where: { $0.tls != nil })
        || remote.usesCertificatesOfListeners
    else {
      throw ValidationError("certificates are for TLS: --listen tls:HOST:PORT")
    }
    guard
      certificates.tlsCiphers == nil || listeners.contains(where: { $0.tls != nil })
        || !remote.controlListen.isEmpty
    else {
      throw ValidationError("--tls-ciphers is for TLS: --listen tls:HOST:PORT")
    }
    return listeners
  }

  /// Refuses a port that a listener on all addresses shares with another one.
  private static func checkPorts(of listeners: [Listener]) throws {
    let addresses = listeners.map(\.place).compactMap { place in
      if case .internet(let host, let port) = place.address, port > 0 {
        (text: place.address.description, port: port, takesAll: place.takesBothFamilies, host: host)
      } else {
        nil
      }
    }
    for (index, all) in addresses.enumerated() where all.takesAll {
      let other = addresses.enumerated().first { $0.offset != index && $0.element.port == all.port }
      guard let other = other?.element else { continue }
      throw ValidationError(
        "--listen \(UntrustedText.escaped(all.text)) takes IPv4 and IPv6, \(other.text) as well: "
          + "say one of them, or [::]:\(all.port),ipv6only")
    }
  }

  private static let securePrefix = "tls:"

  /// The listener of the control API beyond its Unix socket, if there is one.
  func remoteControl() throws -> RemoteControl? { try remote.settings(besides: certificates) }

  /// The router.
  func router() throws -> Router {
    var router = Router()
    for name in subprotocol where HeaderField(name: name, value: "") == nil {
      throw ValidationError(
        "--subprotocol \(UntrustedText.escaped(name)): a subprotocol is one word, such as mqtt "
          + "(RFC 6455 §4.1)")
    }
    if !subprotocol.isEmpty { router.use(SubprotocolChoice(names: subprotocol)) }
    func declare(_ body: (inout Router) throws(RouteError) -> Void) throws {
      do throws(RouteError) {
        try body(&router)
      } catch {
        throw ValidationError("--route: \(error)")
      }
    }
    for route in try routes() {
      switch route.target {
      case .handler(let handler):
        try declare { (router) throws(RouteError) in
          try handler.add(to: &router, at: route.pattern)
        }
      case .upstreams(let targets):
        let gateway = try relaying.gateway(to: targets)
        try declare { (router) throws(RouteError) in
          try router.relay(route.pattern, through: gateway)
        }
      }
    }
    return router
  }

  private func routes() throws -> [ServedRoute] {
    route.isEmpty ? ServedRoute.defaults : try route.map { try ServedRoute(parsing: $0) }
  }

  /// The engine's configuration.
  func configuration() throws -> ServerConfiguration {
    var configuration = try ServerConfiguration(
      listeners: try listeners(),
      reactorCount: reactors ?? min(Syscalls.processorCount, SessionID.maximumReactorCount),
      settings: set,
      routeSettings: Dictionary(try routes().map { ($0.pattern, $0.limits) }) { $1 },
      environment: Environment.limits, allowedOrigins: allowOrigin, allowedHosts: allowHost,
      compression: compression, trustedProxies: trustedProxy)
    configuration.redaction = redaction.redaction
    return configuration
  }

  /// The same flags as words, for a child process.
  var arguments: [String] {
    var words: [String] = []
    func add(_ flag: String, _ values: [String]) {
      for value in values { words += [flag, value] }
    }
    add("--listen", listen)
    words += certificates.arguments
    add("--route", route)
    add("--reactors", reactors.map { [String($0)] } ?? [])
    add("--set", set)
    add("--allow-origin", allowOrigin)
    add("--allow-host", allowHost)
    add("--subprotocol", subprotocol)
    if compression != .shared { add("--compression", [compression.rawValue]) }
    add("--trusted-proxy", trustedProxy)
    if tap != .on { add("--tap", [tap.rawValue]) }
    words += relaying.arguments
    words += remote.arguments
    words += history.arguments
    words += redaction.arguments
    add("--log-file", logFile.map { [$0] } ?? [])
    return words
  }
}
