import EventLoop
public import Vocabulary
import WebSocketProtocol

/// One WebSocket, from the accepted opening handshake to the end of its connection.
///
/// It belongs to one reactor for its whole life and is used on that reactor's thread only: inside
/// a `SessionHandler`'s calls. From elsewhere sessions are named by their `SessionID`.
public final class Session: Leg {
  // `broadcastTurn` is declared first to fill the tail padding of a leg's properties.
  /// The turn in which it was sent its last broadcast, modulo 2^32.
  var broadcastTurn: UInt32 = 0
  let profile: SessionProfile
  let route: RouteState
  let handler: any SessionHandler
  /// Its place among the engine's sessions, until the connection is gone.
  private var ticket: AdmissionTicket?

  /// A session whose handshake is answered; takes over the connection.
  init(
    _ profile: SessionProfile, reactor: SessionReactor, route: RouteState,
    ticket: consuming AdmissionTicket, connection: consuming Connection,
    compression: MessageCompression?,
    handler: any SessionHandler
  ) {
    self.profile = profile
    self.route = route
    self.ticket = consume ticket
    self.handler = handler
    super.init(
      role: .server, reactor: reactor, limits: route.limits, connection: connection,
      compression: compression)
    adoptRate()
  }

  /// The session's name, never reused in an engine's run.
  public override var id: SessionID { profile.id }

  override var routePattern: String { route.pattern }

  /// The request that opened it, without the header fields of the opening handshake alone.
  ///
  /// - Complexity: O(size of the request), at each call: a session keeps it packed.
  public var request: Request { profile.request }

  /// The subprotocol that was chosen.
  public var subprotocol: String? { profile.subprotocol }

  /// The index of its record in the reactor's statistics.
  var record: Int { profile.record }

  /// The rooms it is in.
  var rooms: Set<UTF8Name> { extras?.rooms ?? [] }

  /// Its own limits.
  var overrides: LimitOverrides { extras?.overrides ?? LimitOverrides() }

  /// Gives up its place among the engine's sessions.
  func leaveEngine() { ticket = nil }

  /// Replaces the session's own limits.
  func setOverrides(_ overrides: LimitOverrides) {
    makeExtras().overrides = overrides
    reactor.note(self, hasOverrides: !overrides.isEmpty)
    adopt(reactor.limits(of: route, overrides: overrides))
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

  // MARK: What a leg asks of its kind

  override func deliver(_ message: Span<UInt8>, as kind: MessageKind) {
    guard phase == .open else { return }
    if !inspection.isEmpty {
      guard inspect(message, as: kind) else { return }
      if inspection.contains(.relayed) { return passOn(message, as: MessagePart(whole: kind)) }
    }
    cork.record { $0.received(messageOf: message.count) }
    route.sizesIn.record(message.count)
    do {
      try handler.received(message, as: kind, on: self)
    } catch {
      handlerFailed(error)
    }
  }

  override func pass(_ payload: Span<UInt8>, as part: MessagePart) {
    guard phase == .open else { return }
    passOn(payload, as: part)
  }

  override var counterpart: Leg? { inspection.contains(.relayed) ? upstream : nil }

  override func limitsChanged() {
    // A rate is the client's alone: its upstream may send as it likes.
    adoptRate()
    upstream?.adopt(limits)
  }

  override func inspectionChanged() {
    // A tap is shown whole messages, and a rate counts them.
    let passesParts = inspection == .relayed
    receiver.change { $0.passesParts = passesParts }
    upstream?.inspectionChanged()
  }

  override func publish(_ delta: TurnDelta, isOwing: Bool = true) {
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

  override var lastMessage: Instant { reactor.slab.lastMessage(record) }

  override var wireOutByteCount: Int { reactor.slab.wireOut(record) }

  override var otherHeldByteCount: Int {
    (extras?.inbox?.inboxByteCount ?? 0) + (phase == .closed ? 0 : profile.longRequestByteCount)
  }

  override func noteRoundTrip(_ duration: Duration) {
    reactor.slab.recordRoundTrip(record, duration)
  }

  override func noteThrottled(_ isThrottled: Bool) {
    reactor.slab.setFlag(.throttled, of: record, to: isThrottled)
    if isThrottled { reactor.counters.add(1, to: .ratePauses) }
  }

  override func noteState() { reactor.slab.setState(record, state) }

  override func noteDropped() {
    super.noteDropped()
    reactor.slab.countDropped(record)
  }

  override func dropPendingOutput() {
    if reactor.broadcasts.change({ $0.isUnderWay }) { reactor.dropBroadcasts(of: self) }
  }

  override func ended(_ close: SessionClose) {
    reactor.sessionEnds(self, close)
    handler.closed(close, on: self)
  }

  override func drained() { handler.drained(self) }

  override func removed() { reactor.remove(self) }

  override func tap(
    _ direction: TapDirection, _ kind: TapKind, _ payload: Span<UInt8>,
    compressedByteCount: Int? = nil, closeCode: CloseCode? = nil
  ) {
    reactor.taps.offer(
      direction, kind, payload, of: id, compressedByteCount: compressedByteCount,
      closeCode: closeCode, at: reactor.now)
  }
}
