package import EventLoop
public import Vocabulary
import WebSocketProtocol

/// One WebSocket, from the accepted opening handshake to the end of its connection.
///
/// It belongs to one reactor for its whole life and is used on that reactor's thread only: inside
/// a `SessionHandler`'s calls. From elsewhere sessions are named by their `SessionID`.
public final class Session {
  /// The phase of the session, finer than the `state` that is shown.
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

  /// Temporary states of a session.
  struct Marks: OptionSet {
    var rawValue: UInt8
    /// Output is waiting for the end of the turn.
    static let dirty = Marks(rawValue: 1)
    /// Input is kept: unconsumed, or of a message that is not complete.
    static let holdingInput = Marks(rawValue: 2)
    /// The engine has counted bytes that it holds.
    static let accounted = Marks(rawValue: 4)
    /// An asynchronous handler may hold messages.
    static let inbox = Marks(rawValue: 8)
    /// It stands in the line of sessions that go on with held input in a later turn.
    static let waiting = Marks(rawValue: 16)
    /// Its peer sent more than a turn's worth the last time.
    static let busy = Marks(rawValue: 32)
  }

  /// The reasons for which messages are inspected; empty for most sessions, and asked for every
  /// message.
  struct Inspection: OptionSet {
    var rawValue: UInt8
    /// A rate limits what the peer may send.
    static let rated = Inspection(rawValue: 1)
    /// An operator watches the messages.
    static let tapped = Inspection(rawValue: 2)
  }

  let profile: SessionProfile
  let reactor: SessionReactor
  /// The reactor's, at hand for every message.
  let cork: Cork
  let route: RouteState
  let handler: any SessionHandler
  let receiver: UncheckedConfined<FrameReceiver>
  var connection: Connection
  private(set) var limits: SessionLimits
  private(set) var extras: SessionExtras?
  /// Its place among the engine's sessions, until the connection is gone.
  private var ticket: AdmissionTicket?
  var wakeUp = Instant(nanoseconds: .max)
  // One-byte properties are declared after `keepalive` to fill its tail padding.
  var keepalive: Keepalive
  /// Whether the connection is encrypted.
  let isSecure: Bool
  var phase: Phase = .open
  var marks: Marks = []
  /// Whether the connection is not read from; asked for every message.
  private(set) var isInputPaused = false
  /// The reasons for which messages are inspected.
  private(set) var inspection: Inspection = []
  /// Whether the rate allows no other message now, so that read input is looked at no further.
  var isRateSpent = false {
    didSet { isInputPaused = connection.isPaused || isRateSpent }
  }
  /// The turn in which it was sent its last broadcast, modulo 2^32.
  var broadcastTurn: UInt32 = 0

  /// A session whose handshake is answered; takes over the connection.
  init(
    _ profile: SessionProfile, reactor: SessionReactor, route: RouteState,
    ticket: consuming AdmissionTicket, connection: consuming Connection,
    compression: MessageCompression?,
    handler: any SessionHandler
  ) {
    let limits = route.limits
    self.profile = profile
    self.reactor = reactor
    cork = reactor.cork
    self.route = route
    self.ticket = consume ticket
    isSecure = connection.tls != nil
    if !connection.unconsumed.isEmpty { marks.insert(.holdingInput) }
    self.connection = connection
    self.handler = handler
    self.limits = limits
    receiver = UncheckedConfined(
      FrameReceiver(
        role: .server, maximumMessageByteCount: limits.messageByteCount,
        compression: compression))
    keepalive = Keepalive(now: reactor.now)
    adoptRate()
  }

  /// The session's name, never reused in an engine's run.
  public var id: SessionID { profile.id }

  /// The request that opened it, without the header fields of the opening handshake alone.
  ///
  /// - Complexity: O(size of the request), at each call: a session keeps it packed.
  public var request: Request { profile.request }

  /// The subprotocol that was chosen.
  public var subprotocol: String? { profile.subprotocol }

  /// The index of its record in the reactor's statistics.
  var record: Int { profile.record }

  /// The compression of its messages; nil if permessage-deflate was not negotiated.
  ///
  /// The receiver has it, so that a session takes no more memory for it.
  var compression: MessageCompression? {
    @inline(__always) get { receiver.change { $0.compression } }
  }

  /// The state of the session, as it is shown.
  public var state: SessionState {
    switch phase {
    case .open: .open
    case .failing, .closing, .lingering: .closing
    case .closed: .closed
    }
  }

  /// The output that the peer has yet to take, in bytes.
  public var backlogByteCount: Int { connection.backlogByteCount }

  /// Applies the limits that its route has now and its own.
  ///
  /// They hold from the next frame on, also for the message under way.
  func adopt(_ limits: SessionLimits) {
    guard limits !== self.limits else { return }
    self.limits = limits
    keepalive.timingsChanged(to: limits.keepalive, now: reactor.now)
    if limits.messageTimeout != nil {
      noteMessage(isUnderWay: receiver.change { $0.isReceivingMessage }, isAnother: false)
    }
    receiver.change { $0.maximumMessageByteCount = limits.messageByteCount }
    extras?.closing.closeTimeout = .nanoseconds(limits.closeTimeout)
    adoptRate()
    scheduleWakeUp()
    updateBacklogPause()
  }

  /// The state that few sessions have; made when it is first needed.
  func makeExtras() -> SessionExtras {
    if let extras { return extras }
    let extras = SessionExtras(closeTimeout: .nanoseconds(limits.closeTimeout))
    self.extras = extras
    return extras
  }

  /// Whether a rate limits what the peer may send.
  @inline(__always)
  var isRated: Bool { inspection.contains(.rated) }

  func setInspection(_ reason: Inspection, _ isSet: Bool) {
    if isSet { inspection.insert(reason) } else { inspection.remove(reason) }
  }

  /// The peer's rate, if one is set.
  var rate: SessionRate? {
    get { extras?.rate }
    set {
      setInspection(.rated, newValue != nil)
      if isRated { makeExtras().rate = newValue } else { extras?.rate = nil }
    }
  }

  /// The rooms it is in.
  var rooms: Set<UTF8Name> { extras?.rooms ?? [] }

  /// Its own limits.
  var overrides: LimitOverrides { extras?.overrides ?? LimitOverrides() }

  /// The end, from the moment that it is decided.
  var close: SessionClose? { extras?.close }

  /// Gives up its place among the engine's sessions.
  func leaveEngine() { ticket = nil }

  /// Replaces the session's own limits.
  func setOverrides(_ overrides: LimitOverrides) {
    makeExtras().overrides = overrides
    reactor.note(self, hasOverrides: !overrides.isEmpty)
    adopt(reactor.limits(of: route, overrides: overrides))
  }

  func setMark(_ mark: Marks, _ isSet: Bool) {
    if isSet { marks.insert(mark) } else { marks.remove(mark) }
  }

  /// Stops or starts reading for a reason.
  func setPause(_ reason: Connection.PauseReasons, _ isPaused: Bool) {
    connection.setPause(reason, isPaused, with: reactor.reactor)
    isInputPaused = connection.isPaused || isRateSpent
  }

  /// Decides the end of the session: counted and told to the handler, once.
  func end(
    _ code: CloseCode, reason: String = "", by initiator: CloseInitiator, act: OperatorAct? = nil
  ) {
    guard close == nil else { return }
    let close = SessionClose(code: code, reason: reason, initiator: initiator, act: act)
    makeExtras().close = close
    phase = .closing
    compression?.end()
    reactor.sessionEnds(self, close)
    if marks.contains(.accounted) { account() }
    handler.closed(close, on: self)
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

  /// Publishes the session's counts since the last time.
  ///
  /// - Parameter isOwing: whether the peer may be owed output.
  func publish(_ delta: TurnDelta, isOwing: Bool = true) {
    var delta = delta
    let now = reactor.now
    if isOwing {
      delta.backlog = connection.backlogByteCount
      if delta.backlog > 0 { reactor.counters.raise(.largestBacklog, to: delta.backlog) }
    }
    reactor.slab.publish(record, delta, at: now)
    reactor.counters.add(delta)
    if isOwing || !marks.isDisjoint(with: [.holdingInput, .accounted, .inbox]) { account() }
  }

  /// Updates the bytes of the engine's memory that the session holds.
  func account() {
    let held =
      connection.heldByteCount + receiver.change { $0.bufferCapacity }
      + (extras?.inbox?.inboxByteCount ?? 0)
      + (phase == .closed ? 0 : profile.longRequestByteCount)
    // Closing sessions have no weight, since they already give back all they can.
    let weight = phase == .open ? max(held, connection.limitedBacklogByteCount) : 0
    let accounted = extras?.memory ?? SessionMemory.Entry()
    guard held != accounted.heldByteCount || weight != accounted.weight else { return }
    reactor.memory.update(self, held: held, weight: weight)
    setMark(.accounted, held > 0 || weight > 0)
  }
}

extension Session: ReactorHandler {
  package func handle(_ readiness: Readiness) {
    if readiness.wantsWrite { flushOutput() }
    guard phase != .closed else { return }
    if isInputPaused {
      // Nothing is read while paused, and a dead connection would be reported again and again.
      if readiness.isBroken { connectionLost() }
    } else if readiness.wantsRead, !marks.contains(.waiting) {
      receive()
    }
  }

  package func handleDeadline() {
    guard phase != .closed else { return }
    if isRated { resumeIfWithinRate() }
    // A deadline that was set before `wakeUp` moved to an earlier time is passed over; or there
    // would be two for good.
    guard reactor.now >= wakeUp else { return }
    passDeadline()
  }
}

@available(*, unavailable)
extension Session: Sendable {}
