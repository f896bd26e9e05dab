package import EventLoop
public import Vocabulary
import WebSocketProtocol

/// One WebSocket, from the accepted opening handshake to the end of its connection.
///
/// It belongs to one reactor for its whole life and is used on that reactor's thread only: inside
/// a `SessionHandler`'s calls. From elsewhere sessions are named by their `SessionID`.
public final class Session {
  /// Where the session stands, finer than what is shown of it.
  enum Phase {
    /// Messages flow.
    case open
    /// A write failed; the end comes when the turn is over.
    case failing
    /// A close frame was sent or received; the other one, or output before ours, is awaited.
    case closing
    /// Everything is sent and the sending side shut; input is discarded until the peer is done.
    case lingering
    /// The connection is gone.
    case closed
  }

  /// The session's name, never reused in an engine's run.
  public let id: SessionID
  /// What it was opened with.
  public let request: Request
  /// The subprotocol that was chosen.
  public let subprotocol: String?

  let reactor: SessionReactor
  let cork: Cork
  let descriptor: Int32
  let route: RouteState
  /// The place of its record in the reactor's statistics.
  let record: Int
  var connection: Connection
  let endpoint: Confined<Endpoint>
  let handler: any SessionHandler
  var phase: Phase = .open
  /// How it ended, from the moment that is decided.
  private(set) var close: SessionClose?
  private(set) var limits: SessionLimits
  private(set) var overrides = LimitOverrides()
  var closing: ClosingHandshake
  var keepalive: Keepalive
  /// The rooms it is in.
  var rooms: Set<String> = []
  /// Output is waiting for the end of the turn.
  var isDirty = false
  /// The connection is to be shut once everything is sent.
  var isShuttingDown = false
  /// Its place among the engine's sessions, until the connection is gone.
  var ticket: AdmissionTicket?
  /// Whether the connection is not read from; asked for every message.
  private(set) var isInputPaused = false
  /// Whether input is kept: unconsumed, or of a message that is not complete.
  var holdsInput = false
  /// Bytes it holds of the engine's memory, as last counted.
  var accountedByteCount = 0
  /// Bytes that its handler holds for it: an inbox.
  var inboxByteCount = 0
  /// What was read and discarded after the end.
  var discardedByteCount = 0
  private var wakeUp = Instant(nanoseconds: .max)

  /// A session whose handshake is answered; takes over the connection.
  init(
    id: SessionID, request: Request, subprotocol: String?, reactor: SessionReactor,
    route: RouteState, record: Int, ticket: consuming AdmissionTicket,
    connection: consuming Connection, compression: MessageCompression?,
    handler: any SessionHandler
  ) {
    let limits = route.limits
    let now = reactor.now
    self.id = id
    self.request = request
    self.subprotocol = subprotocol
    self.reactor = reactor
    cork = reactor.cork
    self.route = route
    self.record = record
    self.ticket = consume ticket
    descriptor = connection.descriptor
    holdsInput = !connection.unconsumed.isEmpty
    self.connection = connection
    self.handler = handler
    self.limits = limits
    endpoint = Confined(
      Endpoint(
        role: .server, maximumMessageByteCount: limits.messageByteCount,
        compression: compression))
    closing = ClosingHandshake(closeTimeout: .nanoseconds(limits.closeTimeout))
    keepalive = Keepalive(
      pingInterval: limits.pingInterval.map(Duration.nanoseconds),
      pongTimeout: limits.pongTimeout.map(Duration.nanoseconds),
      idleTimeout: limits.idleTimeout.map(Duration.nanoseconds), now: now)
  }

  /// What compresses its messages; nil if permessage-deflate was not negotiated.
  ///
  /// The endpoint has it, so that a session takes no more memory for it.
  var compression: MessageCompression? {
    @inline(__always) get { endpoint.change { $0.compression } }
  }

  /// What is shown of where the session stands.
  public var state: SessionState {
    switch phase {
    case .open: .open
    case .failing, .closing, .lingering: .closing
    case .closed: .closed
    }
  }

  /// What the peer has yet to take of what was sent, in bytes.
  public var backlogByteCount: Int { connection.backlogByteCount }

  /// Makes the session live under the limits that its route has now and its own.
  ///
  /// They hold from the next frame on, also for the message under way.
  func adopt(_ limits: SessionLimits) {
    guard limits !== self.limits else { return }
    self.limits = limits
    endpoint.change { $0.maximumMessageByteCount = limits.messageByteCount }
    closing.closeTimeout = .nanoseconds(limits.closeTimeout)
    keepalive.pingInterval = limits.pingInterval.map(Duration.nanoseconds)
    keepalive.pongTimeout = limits.pongTimeout.map(Duration.nanoseconds)
    keepalive.idleTimeout = limits.idleTimeout.map(Duration.nanoseconds)
    scheduleWakeUp()
    updateBacklogPause()
  }

  /// Replaces the session's own limits.
  func setOverrides(_ overrides: LimitOverrides) {
    self.overrides = overrides
    adopt(reactor.limits(of: route, overrides: overrides))
  }

  /// Stops or starts reading for a reason.
  func setPause(_ reason: Connection.PauseReasons, _ isPaused: Bool) {
    connection.setPause(reason, isPaused, with: reactor.reactor)
    isInputPaused = connection.isPaused
  }

  /// Decides how the session ends: counted and told to the handler, once.
  func end(_ code: CloseCode, reason: String = "", by initiator: CloseInitiator) {
    guard close == nil else { return }
    let close = SessionClose(code: code, reason: reason, initiator: initiator)
    self.close = close
    phase = .closing
    compression?.end()
    reactor.sessionEnds(self, close)
    handler.closed(close, on: self)
  }

  /// Asks the reactor to call at the next deadline; moving one later costs nothing.
  func scheduleWakeUp() {
    guard let next = phase == .open ? keepalive.deadline : closing.deadline, next < wakeUp else {
      return
    }
    wakeUp = next
    connection.setDeadline(next, with: reactor.reactor)
  }

  /// Tells the handler that messages may be sent, and goes on with input that came early.
  func begin() {
    reactor.settleCork()
    reactor.cork.lend(to: self)
    do {
      try handler.opened(self)
    } catch {
      handlerFailed(error)
    }
    reactor.settleCork()
    scheduleWakeUp()
    reactor.resumeInputSoon(self)
  }

  /// Counts what the session did since it was last counted.
  ///
  /// - Parameter isOwing: whether the peer may be owed output.
  func publish(_ delta: TurnDelta, isOwing: Bool = true) {
    var delta = delta
    let now = reactor.now
    if isOwing { delta.backlog = connection.backlogByteCount }
    if delta.messagesIn > 0 || delta.messagesOut > 0 { keepalive.noteMessage(now: now) }
    reactor.slab.publish(record, delta, at: now)
    reactor.counters.add(delta)
    if isOwing || holdsInput || accountedByteCount > 0 { account() }
  }

  /// Tells the reactor how much of the engine's memory the session holds.
  func account() {
    let held =
      (connection.backlog?.ownByteCount ?? 0) + endpoint.change { $0.bufferedByteCount }
      + connection.unconsumed.count + inboxByteCount
    guard held != accountedByteCount else { return }
    reactor.bufferedByteCount += held - accountedByteCount
    accountedByteCount = held
  }
}

extension Session: ReactorHandler {
  package func handle(_ readiness: Readiness) {
    if readiness.wantsWrite { flushOutput() }
    guard phase != .closed else { return }
    if isInputPaused {
      // Nothing is read while paused, and a dead connection would be reported again and again.
      if readiness.isBroken { connectionLost() }
    } else if readiness.wantsRead {
      receive()
    }
  }

  package func handleDeadline() {
    // One that was set before the deadline moved to an earlier time; or there would be two for good.
    guard phase != .closed, reactor.now >= wakeUp else { return }
    wakeUp = Instant(nanoseconds: .max)
    if phase == .open {
      // A pong that this side does not read is no pong that the peer owes.
      if connection.pauses.contains(.inbox) { keepalive.noteReceived(now: reactor.now) }
      switch keepalive.tick(now: reactor.now) {
      case .none: break
      case .sendPing(let payload): sendPing(payload)
      case .pongTimedOut: connectionLost(.timeout(.pongTimeout))
      case .idleTimedOut:
        closeAtOnce(.goingAway, reason: "idle", by: .timeout(.idleTimeout))
      }
    } else if closing.tick(now: reactor.now) == .abandon {
      terminate()
    }
    scheduleWakeUp()
  }
}

@available(*, unavailable)
extension Session: Sendable {}
