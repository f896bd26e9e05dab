import ControlProtocol
import EventLoop
import Vocabulary
import WebSocketProtocol

@testable import ControlServer
@testable import WebSocketEngine

/// A server that never starts, whose journals and slabs are written by the test.
struct SyntheticEngine {
  let server: Server
  let observer: Observer
  let context: ControlContext
  private var profiles: [SessionID: SessionProfile] = [:]
  private var count = 0

  init(
    reactorCount: Int = 2, clock: @escaping () -> ClockReading = SystemClock.reading
  ) throws {
    server = try Server(
      ServerConfiguration(listeners: [], reactorCount: reactorCount), routes: Router())
    for handle in server.reactors { handle.journal.observe() }
    context = ControlContext(
      server: server, name: "synthetic", version: "1",
      path: try ControlPath(socket: "/nowhere"), settings: ControlSettings(),
      whenStopRequested: {}, mailbox: try Mailbox(), executor: try ReactorExecutor())
    observer = Observer(context, clock: clock)
  }

  /// Opens a session of the next reactor.
  @discardableResult
  mutating func open(
    path: String = "/ws/echo", address: String = "10.0.0.1", messagesIn: Int = 0,
    roundTrip: Duration? = nil, agent: String = "synthetic", subprotocol: String? = nil,
    flags: SessionFlags = []
  ) throws -> SessionID {
    let handle = server.reactors[count % server.reactors.count]
    count += 1
    let id = SessionID(sequence: UInt64(count), reactor: handle.index)
    let now = SystemClock.monotonic()
    guard
      let record = handle.slab.allocate(
        SessionIdentity(id: id, openedAt: now, route: 0), state: .open,
        flags: flags, at: now)
    else { throw NoRecord() }
    var delta = TurnDelta()
    delta.messagesIn = messagesIn
    handle.slab.publish(record, delta, at: now)
    if let roundTrip { handle.slab.recordRoundTrip(record, roundTrip) }
    let profile = SessionProfile(
      id: id, record: record,
      place: SessionPlace(route: "/ws/echo", listener: "127.0.0.1:1"),
      request: try Self.request(id, path: path, address: address, agent: agent),
      subprotocol: subprotocol)
    handle.counters.add(1, to: .opened)
    handle.counters.add(1, to: .openNow)
    handle.journal.append(.opened(profile))
    profiles[id] = profile
    return id
  }

  /// A session gets its first tags.
  @discardableResult
  func tag(_ id: SessionID, _ texts: [(String, String)]) throws -> SessionTags? {
    guard let profile = profiles[id] else { return nil }
    let tags = SessionTags()
    for (key, value) in texts { try tags.set(SessionTag(key, value)) }
    server.reactors[id.reactor].journal.append(.tagged(id, record: profile.record, tags))
    return tags
  }

  /// A session does something in a turn.
  func publish(_ id: SessionID, _ change: (inout TurnDelta) -> Void) {
    guard let profile = profiles[id] else { return }
    var delta = TurnDelta()
    change(&delta)
    server.reactors[id.reactor].slab.publish(profile.record, delta, at: SystemClock.monotonic())
  }

  /// Messages to a session are dropped.
  func drop(_ id: SessionID, _ count: Int) {
    guard let profile = profiles[id] else { return }
    for _ in 0..<count { server.reactors[id.reactor].slab.countDropped(profile.record) }
  }

  /// Closes a session; its record is free from here on.
  func close(
    _ id: SessionID, _ code: CloseCode = .normalClosure, by initiator: CloseInitiator = .peer,
    reason: String = "", tags: [SessionTag] = []
  ) {
    guard let profile = profiles[id] else { return }
    let handle = server.reactors[id.reactor]
    handle.slab.setState(profile.record, .closed)
    server.ledger.recordClose(code, by: initiator)
    handle.counters.add(1, to: .closed)
    handle.counters.add(-1, to: .openNow)
    handle.journal.append(
      .closed(
        ClosedSession(
          id: id, record: profile.record, sample: handle.slab.read(profile.record),
          close: SessionClose(code: code, reason: reason, initiator: initiator),
          closedAt: SystemClock.monotonic(), tags: tags)))
    handle.slab.release(profile.record)
  }

  /// The names of the window of a question.
  func ids(
    _ query: SessionQuery, _ filter: String = "", following followed: SessionID? = nil
  ) throws -> [SessionID] {
    observer.window(query, try SessionFilter(filter), following: followed)
      .sessions.map(\.profile.id)
  }

  struct NoRecord: Error {}

  private static func request(
    _ id: SessionID, path: String, address: String, agent: String
  ) throws -> Request {
    let handshake = ClientHandshake(
      host: "localhost", target: path, key: Array(0..<16),
      headers: Headers([HeaderField(name: "User-Agent", value: agent)].compactMap(\.self)))
    var parser = RequestHeadParser(maximumByteCount: 16 << 10)
    guard case .head(let head, _) = parser.parse(handshake.request.span) else { throw NoRecord() }
    return Request(
      try UpgradeRequest(head), sessionID: id, route: "/ws/echo",
      parameters: PathParameters(), remoteAddress: address, remotePort: 4242, isSecure: false)
  }
}

extension Observer {
  /// Whom an act by filter is meant for, found at once.
  func select(_ filter: SessionFilter) -> Selection {
    let search = selection(filter)
    while true {
      if let found = search.step(until: Instant(nanoseconds: .max)) { return found.sorted }
    }
  }
}
