import ControlProtocol
import ControlServer
import EventLoop
import Glibc
import Synchronization
import Testing
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// An engine with its control API, on a port and a path of its own.
///
/// It keeps the sessions that are opened on it until it ends.
final class TestEngine {
  let server: Server
  let control: ControlServer
  let path: ControlPath
  private let stopCounter: StopCounter
  private var peers: [WebSocketPeer] = []

  /// Runs something with an engine and stops that afterwards.
  static func run(
    reactorCount: Int = 2, limits: [String] = [], tls: TLSSettings? = nil,
    settings: ControlSettings = .patient, history: (any HistoryKeeper)? = nil,
    redaction: Redaction = Redaction(), _ body: (TestEngine) async throws -> Void
  ) async throws {
    let engine = try TestEngine(
      reactorCount: reactorCount, limits: limits, tls: tls, settings: settings,
      history: history, redaction: redaction)
    do {
      try await body(engine)
    } catch {
      await engine.stop()
      throw error
    }
    await engine.stop()
  }

  private init(
    reactorCount: Int, limits: [String], tls: TLSSettings?, settings: ControlSettings,
    history: (any HistoryKeeper)?, redaction: Redaction
  ) throws {
    path = try ControlPath(socket: "\(try TemporaryDirectory.make())/control.sock")
    var router = Router()
    try router.route("/ws/echo") { _ in Echo() }
    try router.route("/ws/room/{room}") { request in
      Echo(room: request.parameters["room"] ?? "")
    }
    try router.route("/ws/tag/{key}") { request in
      Echo(tag: (request.parameters["key"] ?? "", request.query["value"] ?? ""))
    }
    var configuration = try ServerConfiguration(
      listeners: [.internet(host: "127.0.0.1", port: 0, tls: tls)], reactorCount: reactorCount,
      settings: ["close-timeout=100ms", "ping-interval=off", "handshake-timeout=10m"] + limits)
    configuration.redaction = redaction
    server = try Server(configuration, routes: router)
    let counter = StopCounter()
    control = try ControlServer(
      server: server, name: "test", version: "1.2.3", path: path, settings: settings,
      history: history,
      whenStopRequested: { counter.count() })
    stopCounter = counter
    try control.start()
    try server.start()
  }

  /// How often the API was asked to stop the engine and told so.
  var stopCount: Int { stopCounter.value }

  private func stop() async {
    await server.shutDown(timeout: .seconds(5))
    control.stop()
    TemporaryDirectory.remove(of: path)
  }

  /// A new connection to the control API.
  func client() throws -> HTTPPeer { try HTTPPeer(path) }

  /// A new session.
  func session(
    _ target: String = "/ws/echo", headers: [(String, String)] = [], subprotocols: [String] = []
  ) throws -> WebSocketPeer {
    let peer = try WebSocketPeer(
      to: server.addresses[0], target: target, headers: headers, subprotocols: subprotocols)
    peers.append(peer)
    return peer
  }

  /// Opens sessions and waits until the API knows them, and their room if they join one; their
  /// names are in the order of opening.
  func sessions(_ count: Int, _ target: String = "/ws/echo") throws -> [(
    id: SessionID, peer: WebSocketPeer
  )] {
    let client = try client()
    var known = Set(try ids(client))
    var opened: [(SessionID, WebSocketPeer)] = []
    for _ in 0..<count {
      let before = memberCount
      let peer = try session(target)
      let id = try #require(try waitFor { try ids(client).first { !known.contains($0) } })
      known.insert(id)
      if target.hasPrefix("/ws/room/") {
        let members = try waitFor { memberCount > before ? memberCount : nil }
        try #require(members == before + 1)
      }
      opened.append((id, peer))
    }
    return opened
  }

  private var memberCount: Int {
    server.rooms.names.reduce(0) { $0 + server.rooms.memberCount(of: $1) }
  }

  private func ids(_ client: HTTPPeer) throws -> [SessionID] {
    try client.get("/v1/sessions").decode(SessionList.self).sessions.map(\.id)
  }
}

/// Counts how often the engine was asked to stop.
private final class StopCounter: Sendable {
  private let stops = Mutex(0)

  var value: Int { stops.withLock { $0 } }

  func count() { stops.withLock { $0 += 1 } }
}

/// Sends back what it receives; joins a room or sets a tag if it is given one, and changes the tag to
/// what it is told with `tag `.
private final class Echo: SessionHandler {
  private let room: String?
  private let tag: (key: String, value: String)?

  init(room: String? = nil, tag: (key: String, value: String)? = nil) {
    self.room = room
    self.tag = tag
  }

  func opened(_ session: Session) throws {
    if let room { try session.join(room) }
    if let tag { try session.tag(tag.key, tag.value) }
  }

  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
    if let tag {
      let words = String(decoding: Array(copying: message), as: UTF8.self).split(separator: " ")
      if words.first == "untag" { session.untag(tag.key) }
      if words.first == "tag", let value = words.last { try session.tag(tag.key, String(value)) }
    }
    try session.send(message, as: kind)
  }
}

/// Directories for sockets, whose paths must be short.
enum TemporaryDirectory {
  static func make() throws -> String {
    var generator = SystemRandomNumberGenerator()
    let path = "/tmp/wstop-control-\(String(generator.next() as UInt32, radix: 36))"
    guard mkdir(path, 0o700) == 0 else {
      throw SystemError(call: "mkdir", number: errno, subject: path)
    }
    return path
  }

  /// Removes the directory of a socket, which is empty once that is gone.
  static func remove(of path: ControlPath) {
    if let slash = path.socket.lastIndex(of: "/") { _ = rmdir(String(path.socket[..<slash])) }
  }
}

/// Asks again and again until there is an answer; nil if there is none for long.
func waitFor<Value>(_ condition: () throws -> Value?) throws -> Value? {
  let deadline = SystemClock.monotonic().advanced(by: ByteStream.patience)
  while SystemClock.monotonic() < deadline {
    if let value = try condition() { return value }
    usleep(2000)
  }
  return nil
}

extension TestEngine {
  /// The event log, but for what the engine tells of a slow machine.
  func events(_ client: HTTPPeer) throws -> [EngineEvent] {
    try allEvents(client).filter { !$0.isOfSlowness }
  }

  /// The whole event log.
  func allEvents(_ client: HTTPPeer) throws -> [EngineEvent] {
    try client.get("/v1/events").body.split(separator: UInt8(ascii: "\n")).map {
      try ControlJSON.decode(EngineEvent.self, from: $0)
    }
  }
}

extension EngineEvent {
  /// Whether it tells that a reactor took long, as on a slow machine any may at any time.
  var isOfSlowness: Bool { kind == .problem && message.contains("over 100 ms") }
}

extension ControlSettings {
  /// The settings that tests begin with: a client that stands still loses nothing by it, and no
  /// time limit strikes but those that a test sets.
  static var patient: Self {
    var settings = Self()
    settings.requestTimeout = .seconds(600)
    settings.idleTimeout = .seconds(600)
    settings.stallTimeout = .seconds(600)
    settings.lingerTimeout = .seconds(600)
    settings.authenticationTimeout = .seconds(600)
    return settings
  }
}
