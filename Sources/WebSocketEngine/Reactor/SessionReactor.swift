import EventLoop
import Synchronization
import Vocabulary
import WebSocketProtocol

/// One reactor and the sessions it owns.
///
/// Confined to its thread, which makes it. In a turn: commands from outside, then input, then jobs
/// of asynchronous handlers, then output that waits, then the end of sessions that are gone.
package final class SessionReactor {
  /// How much unconsumed input may stand in front of the next read.
  static let maximumSpillByteCount = 64 << 10

  let server: Server
  let handle: ReactorHandle
  let reactor: Reactor
  let slab: StatisticsSlab
  let counters: ReactorCounters
  let input = ReactorBuffer(byteCount: (512 << 10) + maximumSpillByteCount)
  let cork = Cork()
  /// The counts of the leg that is read from while the cork is lent to the leg it is relayed to.
  let relayed = UncheckedConfined(TurnDelta())
  /// A number that nobody can foresee, by which the engine's own pings of relayed sessions are known.
  let pingMask = UInt64.random(in: .min ... .max)
  private let maskingKeys = UncheckedConfined(MaskingKeys())
  let compression = ReactorCompression()
  let taps = TapTable()
  let routes: [RouteState]
  private(set) var limits: ResolvedLimits
  /// The memory of the engine that this reactor's sessions hold.
  let memory = LegMemory()
  /// The work that the session whose turn it is may still cause.
  let budget = UncheckedConfined(TurnBudget())
  private(set) var sessions = SessionHashTable<Session>()
  /// The sessions that have limits of their own.
  private(set) var overriding: Set<SessionID> = []
  /// Connections whose opening handshake is under way or was refused.
  var openings = OpeningTable()
  /// The bytes that openings hold.
  var openingByteCount = 0
  /// The attempts to reach upstreams, by the sessions that they are for.
  var dials: [SessionID: UpstreamDial] = [:]
  /// The legs to upstreams.
  var upstreamLegs: [ObjectIdentifier: UpstreamLeg] = [:]
  var members = RoomMembers()
  /// Commands that wait for a turn with time for them.
  var inbound = InboundCommands()
  /// Sessions that are not read from until other reactors have taken their broadcasts.
  private var waitingSenders: [Session] = []
  let acceptors: Acceptors
  /// The buffers of TLS, made when the first connection of TLS comes.
  private(set) lazy var tlsBuffers = TLSBuffers()
  /// TLS handshakes that wait; asked about in every turn, as the work below.
  let handshakes = UncheckedConfined(HandshakeQueue())
  /// Work left; asked about in every turn, and added to by every broadcast, without the runtime's
  /// check.
  let work = UncheckedConfined(PendingWork())
  /// Broadcasts that have members left to be sent to; asked about for every message that is sent.
  let broadcasts = UncheckedConfined(BroadcastQueue())
  private var sequence: UInt64 = 0
  var isInJobs = false
  private var isDraining = false

  init(server: Server, handle: ReactorHandle, reactor: Reactor, limits: ResolvedLimits) {
    self.server = server
    self.handle = handle
    self.reactor = reactor
    self.limits = limits
    slab = handle.slab
    counters = handle.counters
    acceptors = Acceptors(reactor: reactor)
    let pools = Dictionary(server.upstreamPools.map { ($0.route, $0.pool) }) { $1 }
    routes = server.routePatterns.enumerated().map { index, pattern in
      RouteState(
        index: index, pattern: pattern, sizesIn: handle.sizesIn[index],
        sizesOut: handle.sizesOut[index], limits: limits.limits(ofRoute: index),
        pool: pools[pattern])
    }
  }

  /// The time at which the turn began.
  var now: Instant { reactor.now }

  /// Turns until the reactor is stopped; called once, on its thread.
  func run() {
    handle.executor.adoptCurrentThread()
    reactor.run(self)
    handle.executor.close()
    while let command = inbound.next(in: handle) { command(self) }
    for posted in handle.mailbox.close() {
      handle.taken(posted)
      posted.command(self)
    }
    removeTerminated()
  }

  /// Whether the events of this turn have taken so long that each further one gets little of it.
  var isLate: Bool { reactor.spentNanoseconds > Self.lateNanoseconds }
  private static let lateNanoseconds = Duration.milliseconds(4).wholeNanoseconds

  /// The name of the next session.
  func makeSessionID() -> SessionID {
    sequence += 1
    return SessionID(sequence: sequence, reactor: handle.index)
  }

  // MARK: The cork

  /// Sends the cork's content and publishes its owner's counts.
  func settleCork() {
    guard let owner = cork.owner else { return }
    cork.flush()
    let (delta, ownerHasBacklog) = cork.takeBack()
    owner.publish(delta, isOwing: ownerHasBacklog)
    if ownerHasBacklog {
      owner.updateBacklogPause()
      owner.connection.watchForRoom(reactor)
    }
  }

  /// Lends the cork to a leg whose asynchronous handler runs; during a read event the cork belongs
  /// to the leg that is read from, and others queue.
  func lendCorkInJob(to leg: Leg) -> Bool {
    guard isInJobs else { return false }
    settleCork()
    cork.lend(to: leg)
    return !leg.connection.hasBacklog
  }

  /// A key for the next frame of a client (RFC 6455 §5.3).
  var maskingKey: UInt32 { maskingKeys.change { $0.next() } }

  // MARK: Work for the end of the turn

  func markDirty(_ leg: Leg) {
    guard leg.marks.insert(.dirty).inserted else { return }
    work.change { $0.dirty.append(leg) }
  }

  /// Puts a leg at the end of the line of those that hold input and may go on with it.
  func resumeInputSoon(_ leg: Leg) {
    guard !leg.connection.unconsumed.isEmpty || leg.isSecure,
      leg.marks.insert(.waiting).inserted
    else { return }
    work.change { $0.line.append(leg) }
  }

  func closeSlowConsumerSoon(_ leg: Leg) { work.change { $0.slow.append(leg) } }

  func loseSoon(_ leg: Leg) { work.change { $0.lost.append(leg) } }

  func terminated(_ leg: Leg) { work.change { $0.terminated.append(leg) } }

  /// Lets a connection that is no session yet act on its events at the end of this turn or of a
  /// later one.
  func handleSoon(_ opening: OpeningConnection) { work.change { $0.openings.append(opening) } }

  /// Takes a TLS handshake a step further at the end of this turn or of a later one.
  ///
  /// - Returns: whether it is a later one.
  func secureSoon(_ opening: OpeningConnection) -> Bool {
    handshakes.change { $0.append(opening) }
  }

  // MARK: Broadcasts to other reactors

  /// Stops reading from a session until a reactor has taken some of its broadcasts.
  func holdSender(_ session: Session, until receiver: ReactorHandle) {
    if !session.connection.pauses.contains(.crowd) {
      session.setPause(.crowd, true)
      waitingSenders.append(session)
    }
    receiver.tellWhenTaken(handle)
    // The reactor may have taken everything between the look and the request.
    if !receiver.isCrowded { handle.post(isUrgent: true) { $0.resumeSenders() } }
  }

  /// Lets held senders go on; senders whose broadcasts still crowd are held again.
  func resumeSenders() {
    let senders = waitingSenders
    waitingSenders = []
    for session in senders where session.phase != .closed {
      session.setPause(.crowd, false)
      session.keepalive.noteReceived(now: now)
      resumeInputSoon(session)
    }
  }

  // MARK: The life of a session

  func add(_ session: Session) {
    sessions.insert(session)
    if session.profile.longRequestByteCount > 0 { session.account() }
    if !taps.isEmpty { taps.admit(session) }
    counters.add(1, to: .opened)
    counters.add(1, to: .openNow)
    handle.journal.append(.opened(session.profile))
  }

  func sessionEnds(_ session: Session, _ close: SessionClose) {
    server.ledger.recordClose(close.code, by: close.initiator)
    slab.setState(session.record, .closing)
    server.rooms.leaveAll(session)
  }

  func remove(_ session: Session) {
    guard sessions.remove(session) else { return }
    slab.setBacklog(session.record, 0)
    slab.setState(session.record, .closed)
    let close = session.close ?? SessionClose(code: .abnormalClosure, initiator: .network)
    handle.journal.append(
      .closed(
        ClosedSession(
          id: session.id, record: session.record, sample: slab.read(session.record), close: close,
          closedAt: now, tags: session.tags)))
    // The counters follow the journal, so that an observer that sees no session left finds each of
    // them there.
    counters.add(1, to: .closed)
    counters.add(-1, to: .openNow)
    if session.isTapped { taps.forget(session.id) }
    if !overriding.isEmpty { overriding.remove(session.id) }
    slab.release(session.record)
    session.leaveEngine()
    acceptors.descriptorFreed()
  }

  // MARK: Limits

  /// The limits of a session of a route with overrides of its own.
  func limits(of route: RouteState, overrides: LimitOverrides) -> SessionLimits {
    overrides.isEmpty ? route.limits : limits.limits(ofRoute: route.index, overrides: overrides)
  }

  /// Notes whether a session has limits of its own, so that the few that have are found without a
  /// walk over all sessions.
  func note(_ session: Session, hasOverrides: Bool) {
    if hasOverrides { overriding.insert(session.id) } else { overriding.remove(session.id) }
  }

  /// Whether new sessions are accepted.
  var isAccepting: Bool { !isDraining }

  /// Applies changed limits to every open session, all in one turn: no next frame is taken under
  /// the old ones.
  func adopt(_ limits: ResolvedLimits) {
    self.limits = limits
    for route in routes { route.limits = limits.limits(ofRoute: route.index) }
    endSurplusOpenings()
    for session in sessions.values {
      session.adopt(self.limits(of: session.route, overrides: session.overrides))
    }
  }

  // MARK: Shutdown

  /// Stops accepting and tells every session to go away, a bounded number a turn.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    acceptors.close()
    let farewells = Array(sessions.values)[...]
    work.change { $0.farewells = farewells }
  }

  /// Ends every connection that is left, and the loop.
  func stop() {
    acceptors.close()
    dropBroadcasts()
    for session in Array(sessions.values) {
      session.end(.goingAway, by: .shutdown)
      session.terminate()
    }
    for leg in Array(upstreamLegs.values) {
      leg.end(.goingAway, by: .shutdown)
      leg.terminate()
    }
    // Handlers may have sent more as their sessions ended.
    dropBroadcasts()
    for opening in Array(openings.inOrder) { opening.close() }
    reactor.stop()
  }
}

@available(*, unavailable)
extension SessionReactor: Sendable {}
