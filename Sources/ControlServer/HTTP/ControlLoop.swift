internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The control thread: its listeners and its clients, in front of the API.
///
/// Confined to that thread, which makes it. In a turn: commands of other threads, then input, then
/// requests and snapshots, then the tasks of the API.
final class ControlLoop {
  /// The most clients over the limit that are sent a refusal; further ones are closed at once.
  private static let maximumRefusedCount = 16
  private static let tickInterval = Duration.seconds(1)

  let context: ControlContext
  let reactor: Reactor
  let api: ControlAPI
  let input = ReactorBuffer(byteCount: 64 << 10)
  private(set) var connections: [Int: ClientConnection] = [:]
  /// The requests to read and the snapshots to push.
  var work = WorkQueue()
  /// The state of clients from elsewhere; nil if none are served.
  let remote: RemoteAccess?
  private let remoteAddresses: [BoundAddress]
  private var listeners: [ControlListener] = []
  private var lastNumber = 0
  private var tickTimer: Reactor.Registration?
  private var nextTick: Instant
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
    api = ControlAPI(context, reactor: reactor)
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
    api.front = self
  }

  /// The engine's run.
  var engineRun: String { api.engineRun }

  /// Turns until it is stopped; called once, on its thread.
  func run() {
    context.executor.adoptCurrentThread()
    api.record(
      EventDraft(
        .engine,
        "engine \(context.name) started: version \(context.version), run \(engineRun), process "
          + "\(Syscalls.processID)"))
    for address in remoteAddresses { api.record(address.event) }
    for listener in listeners { listener.watch() }
    let timer = reactor.registerTimer(self)
    tickTimer = timer
    reactor.setDeadline(nextTick, for: timer)
    reactor.run(self)
    // Commands still waiting are run, so that a caller that awaits an answer gets one.
    for command in context.mailbox.close() { command(self) }
    api.turns.end()
    // Nothing of the loop is touched on this thread from here on: its tasks may go on elsewhere.
    context.executor.close()
  }

  /// Ends every connection and the loop.
  func stop() {
    listeners = []
    api.end()
    // The clients that wait for acts get their answers before the connections end.
    context.executor.runJobs()
    api.record(EventDraft(.engine, "engine \(context.name) stopped"))
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
      api.record(
        "refused a client of the control API (\(connection.peer.actor.name))",
        summedUpAs: .refusedUser)
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
}

extension ControlLoop: ControlFront {
  func recorded(_ entry: EventLog.Entry) {
    for connection in Array(connections.values) {
      guard case .following = connection.mode else { continue }
      connection.send(line(of: entry.event(for: connection.peer.role)))
    }
  }

  func snapshotChanged() { refreshWatches() }

  func stopRequested() {
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
    let deadline = SystemClock.monotonic().advanced(by: WorkQueue.turnDuration)
    doWork(until: deadline)
    runTasks(until: deadline)
    return !work.isEmpty || !api.turns.isEmpty || context.executor.hasJobs
      || !context.mailbox.isEmpty
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
      // Rates for a watch are measured each second, however rarely it looks.
      if connections.values.contains(where: { $0.watch?.wantsRates ?? false }) {
        api.observer.wantRates(at: reactor.now)
      }
      api.tick()
      refreshTaps()
    }
    reactor.setDeadline(nextTick, for: tickTimer)
  }
}

@available(*, unavailable)
extension ControlLoop: Sendable {}
