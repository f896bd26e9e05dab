internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The control thread: its listener, its clients, the observer and the event log.
///
/// Confined to that thread, which makes it. In a turn: answers from reactors, then input, then
/// tasks, then pictures and slices of long lists.
final class ControlLoop {
  /// The most clients over the limit that are sent a refusal; further ones are closed at once.
  private static let maximumRefusedCount = 16
  private static let tickInterval = Duration.seconds(1)

  let context: ControlContext
  let reactor: Reactor
  let observer: Observer
  let input = ReactorBuffer(byteCount: 64 << 10)
  private(set) var events = EventLog()
  private(set) var connections: [Int: ClientConnection] = [:]
  /// The work left to do.
  var work = WorkQueue()
  /// How many lists are being made.
  var listCounts = ListCounts()
  /// The limits of single sessions, as their reactors told last.
  var sessionLimits = SessionLimitCache()
  /// The queue of changes of limits.
  let limitChanges = LimitChangeQueue()
  /// The acts under way.
  private(set) lazy var acts = ActScheduler(self)
  /// Rooms and routes, while a client looks at them.
  var groupBoard = GroupBoard()
  /// The state of clients from elsewhere; nil if none are served.
  let remote: RemoteAccess?
  private let remoteAddresses: [BoundAddress]
  private var listeners: [ControlListener] = []
  private var lastNumber = 0
  private var tickTimer: Reactor.Registration?
  private var nextTick: Instant
  private var notices = NoticeFilter()
  private var tally = EventTally()
  private var isStopRequested = false

  /// The loop of a control server whose sockets listen on descriptors, which it owns.
  ///
  /// - Parameters:
  ///   - descriptor: that of the Unix socket.
  ///   - remote: the certificates and tokens for clients from elsewhere, and their listening
  ///     sockets.
  init(
    _ context: ControlContext, reactor: Reactor, listening descriptor: Int32,
    remote: (material: RemoteMaterial, listening: [BoundAddress.Listening])? = nil
  ) {
    self.context = context
    self.reactor = reactor
    self.remote = remote.map { RemoteAccess($0.material) }
    remoteAddresses = remote?.listening.map(\.address) ?? []
    observer = Observer(context)
    nextTick = reactor.now.advanced(by: Self.tickInterval)
    let reserve = context.server.reserve
    listeners = [
      ControlListener(
        owning: descriptor, reactor: reactor, lend: reserve.lend,
        take: { [unowned self] descriptor, _ in accept(descriptor) })
    ]
    // The reserve is for clients of this machine: others wait until a descriptor is free.
    listeners += (remote?.listening ?? []).map { listening in
      ControlListener(
        owning: listening.descriptor, reactor: reactor, lend: { false },
        take: { [unowned self] descriptor, address in accept(descriptor, from: address) })
    }
  }

  /// The engine's run.
  var engineRun: String { context.server.run }

  /// Turns until it is stopped; called once, on its thread.
  func run() {
    context.executor.adoptCurrentThread()
    record(
      EventDraft(
        .engine,
        "engine \(context.name) started: version \(context.version), run \(engineRun), process "
          + "\(Syscalls.processID)"))
    for address in remoteAddresses { record(address.event) }
    for listener in listeners { listener.watch() }
    let timer = reactor.registerTimer(self)
    tickTimer = timer
    reactor.setDeadline(nextTick, for: timer)
    reactor.run(self)
    context.executor.close()
    // Commands still waiting are run, so that a caller that awaits an answer gets one.
    for command in context.mailbox.close() { command(self) }
  }

  /// Ends every connection and the loop.
  func stop() {
    listeners = []
    // Sessions closed by the engine's own end are kept too.
    observer.tick()
    acts.stop()
    record(EventDraft(.engine, "engine \(context.name) stopped"))
    for connection in Array(connections.values) {
      connection.goAway()
      connection.close()
    }
    reactor.stop()
  }

  // MARK: Connections

  private func accept(_ descriptor: Int32) {
    let peer: PeerCredentials
    do throws(SystemError) {
      peer = try Socket.peerCredentials(of: descriptor)
    } catch {
      return Syscalls.close(descriptor)
    }
    let limit = ControlSettings.maximumConnectionCount
    guard servedCount < limit + Self.maximumRefusedCount else {
      return Syscalls.close(descriptor)
    }
    let connection = serve(
      ControlTransport(owning: descriptor),
      to: .local(peer, userName: context.userNames[peer.userID]))
    guard let connection else { return }
    if !context.settings.userIDs.contains(peer.userID) {
      record(
        "refused a client of the control API (\(connection.actor))", summedUpAs: .refusedUser)
      connection.refuse(
        ControlRefusal(
          status: 403, code: "user-not-allowed",
          "only the user that the engine runs as may use the control API"))
    } else if servedCount > limit {
      connection.refuse(
        ControlRefusal(
          status: 503, code: "too-many-connections",
          "the control API serves \(limit) connections at once"))
    }
  }

  /// Reads the requests of a new connection; nil if it cannot be watched, and is closed.
  @discardableResult
  func serve(_ transport: ControlTransport, to peer: ControlPeer) -> ClientConnection? {
    lastNumber += 1
    let connection = ClientConnection(lastNumber, on: transport, peer: peer, of: self)
    connections[lastNumber] = connection
    if connection.begin() { return connection }
    connection.close()
    return nil
  }

  /// Forgets a connection that is closed, and refills the reserve with its descriptor.
  func closed(_ connection: ClientConnection) {
    connections[connection.number] = nil
    if case .remote(let address, nil) = connection.peer {
      remote?.gate.leave(RemoteGate.Origin(address))
    }
    context.server.reserve.refill()
  }

  // MARK: Events

  /// Records an event and sends it to the followers.
  func record(_ event: EventDraft?) {
    guard var event else { return }
    if let subject = event.subject {
      event = event.tagged(observer.sessionOrLately(subject)?.tags ?? [])
    }
    let kept = events.append(event, at: SystemClock.secondsSince1970())
    let told = kept.event
    context.history?.keep { [run = engineRun] in HistoryEntry(told, run: run) }
    for connection in Array(connections.values) {
      guard case .following = connection.mode else { continue }
      connection.send(line(of: kept.event(for: connection.peer.role)))
    }
  }

  /// Records an event that strangers can cause as often as they like.
  func record(_ message: String, summedUpAs kind: EventTally.Kind) {
    record(tally.add(message, of: kind, at: reactor.now))
  }

  /// Asks once for the engine's stop; the program that runs it stops it.
  func requestStop() {
    guard !isStopRequested else { return }
    isStopRequested = true
    context.whenStopRequested()
  }
}

extension ControlLoop: ReactorDelegate {
  func turnBegins() -> Bool {
    let commands = context.mailbox.takeAll()
    for command in commands { command(self) }
    return !commands.isEmpty
  }

  func turnEnds() -> Bool {
    context.executor.runJobs(rounds: 1)
    doWork()
    return !work.isEmpty || context.executor.hasJobs || !context.mailbox.isEmpty
  }
}

extension ControlLoop: ReactorHandler {
  func handle(_ readiness: Readiness) {}

  func handleDeadline() {
    guard let tickTimer else { return }
    if reactor.now >= nextTick {
      nextTick = nextTick.advanced(by: Self.tickInterval)
      // Seconds missed in a pause of the whole machine count as one.
      if nextTick <= reactor.now { nextTick = reactor.now.advanced(by: Self.tickInterval) }
      // Rates for an act or a watch are measured each second, however rarely these look.
      if acts.usesRates || connections.values.contains(where: { $0.watch?.wantsRates ?? false }) {
        observer.wantRates(at: reactor.now)
      }
      observer.tick()
      revertLimits()
      refreshTaps()
      refreshGroups()
      for event in notices.events(for: context.server.notices.takeAll(), at: reactor.now) {
        record(event)
      }
      for event in tally.events(at: reactor.now) { record(event) }
      for notice in context.history?.takeNotices() ?? [] {
        let event = EventDraft(notice)
        if event.kind == .problem { context.server.log(warning: event.message) }
        record(event)
      }
    }
    reactor.setDeadline(nextTick, for: tickTimer)
  }
}

@available(*, unavailable)
extension ControlLoop: Sendable {}
