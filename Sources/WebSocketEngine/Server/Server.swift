public import EventLoop
import Synchronization
import Vocabulary
import WebSocketProtocol

/// A WebSocket server: routes, limits and statistics on a number of reactors.
public final class Server: Sendable {
  private enum Phase: Sendable {
    case idle
    case running
    case draining
    case stopped
  }

  private struct State: Sendable {
    var phase: Phase = .idle
    var threads: [LoopThread] = []
    var listeners: [BoundListener] = []
    /// The bound listeners: released when no reactor watches them any more.
    var bound: [BoundListener] = []
  }

  /// This run's identifier, new at each start: acts that name another one are refused.
  public let run: String
  /// The time at which the server was made, in seconds since 1970.
  public let startedAt: Double
  /// The time at which it was made, on the clock that nobody sets.
  package let startedInstant = SystemClock.monotonic()
  /// The rooms.
  public let rooms = Rooms()
  /// The configuration.
  public let configuration: ServerConfiguration

  /// The handle of each reactor.
  package let reactors: [ReactorHandle]
  /// Counts of closes and refusals.
  package let ledger = CloseLedger()
  /// The limits that no reactor can judge alone.
  package let admission: Admission
  /// Descriptors kept for the control socket.
  package let reserve: DescriptorReserve
  /// Conditions that an operator should know, for an observer to take.
  package let notices = Notices()
  /// The addresses of upstreams' names.
  let names: NameResolver
  /// The upstreams of the routes that have any.
  let pools = Mutex<[UpstreamPool]>([])
  /// Reactors that do not accept for want of a descriptor.
  let pausedReactorCount = Atomic(0)
  /// The warnings reported last about the listeners' certificates and keys.
  let toldOfCertificates = Mutex<[String]>([])
  let router: RouteTable<RouteTarget>
  let limits: LimitAuthority
  private let state = Mutex(State())

  /// A server that does not listen yet.
  ///
  /// The limit of open descriptors is raised, SIGPIPE is ignored.
  ///
  /// - Throws: `SystemError` if the system has no descriptors left.
  public convenience init(
    _ configuration: ServerConfiguration, routes: Router
  ) throws(SystemError) {
    try self.init(configuration, routes: routes, names: NameResolver())
  }

  /// A server that looks the names of upstreams up in a way of its own.
  init(
    _ configuration: ServerConfiguration, routes: Router, names: NameResolver
  ) throws(SystemError) {
    self.names = names
    Syscalls.ignoreBrokenPipes()
    let descriptorCount = try Syscalls.raiseDescriptorLimit()
    let openDescriptorCount = Syscalls.openDescriptorCount
    self.configuration = configuration
    router = routes.table
    run = Self.makeRunIdentifier()
    startedAt = SystemClock.secondsSince1970()
    reserve = try DescriptorReserve()
    let patterns = routes.patterns
    limits = LimitAuthority(configuration.limits, routes: patterns)
    let need = DescriptorNeed(
      reactorCount: configuration.reactorCount, listeners: configuration.listeners)
    let available = need.remaining(of: descriptorCount, openCount: openDescriptorCount)
    let buffered = ByteAccount()
    admission = Admission(
      limits.inForce.engine, availableSessionCount: available, buffered: buffered)
    var reactors: [ReactorHandle] = []
    for index in 0..<configuration.reactorCount {
      reactors.append(
        try ReactorHandle(
          index: index, routeCount: patterns.count, maximumSessionCount: available,
          account: buffered))
    }
    self.reactors = reactors
    rooms.setReactors(reactors)
    for route in router.routes {
      guard case .upstream(let gateway) = route.target else { continue }
      add(
        UpstreamPool(
          route: route.pattern, targets: gateway.targets, policy: gateway.policy,
          reactorCount: reactors.count, notices: notices))
    }
  }

  /// The routes' patterns in their order.
  public var routePatterns: [String] { router.routes.map(\.pattern) }

  /// The addresses that the server listens on, with the ports that the system chose.
  public var addresses: [SocketAddress] { state.withLock { $0.listeners.map(\.address) } }

  /// The addresses as text, with `tls` behind that of a listener that is secured.
  public var listenerTexts: [String] { state.withLock { $0.listeners.map(\.text) } }

  /// Reads the certificates, binds the listeners and starts the reactors; returns at once.
  ///
  /// - Throws: `TLSError` if a file cannot be used, `SystemError` or
  ///   `ConfigurationError.addressInUse` if an address cannot be bound: nothing listens then.
  ///   `SystemError` also if a reactor or its thread cannot be made: the server is stopped then.
  /// - Precondition: the server was not started before.
  public func start() throws {
    state.withLock { state in
      precondition(state.phase == .idle, "a server is started once")
      state.phase = .running
    }
    let contexts: TLSContexts
    let bound: [BoundListener]
    do {
      try SystemTimers.open()
      contexts = try TLSContexts(configuration.listeners)
      bound = try BoundListener.bind(
        configuration.listeners, reactorCount: configuration.reactorCount)
    } catch {
      state.withLock { $0.phase = .idle }
      throw error
    }
    state.withLock { state in
      state.listeners = bound
      state.bound = bound
    }
    do {
      for handle in reactors {
        let thread = try start(handle, bound, contexts)
        state.withLock { $0.threads.append(thread) }
      }
    } catch {
      undoStart()
      throw error
    }
    warn(about: contexts)
  }

  /// Ends the reactors that were started, and listens no more.
  func undoStart() {
    let threadCount = state.withLock { state in
      state.phase = .draining
      return state.threads.count
    }
    // In their order, which is that of their reactors.
    for handle in reactors.prefix(threadCount) { handle.post(isUrgent: true) { $0.stop() } }
    joinThreads()
    releaseListeners()
  }

  private func start(
    _ handle: ReactorHandle, _ bound: [BoundListener], _ contexts: TLSContexts
  ) throws(SystemError) -> LoopThread {
    let reactor = try Reactor()
    try reactor.watch(handle.mailbox)
    try reactor.watch(handle.executor.mailbox)
    let limits = limits.inForce
    return try LoopThread(name: "reactor \(handle.index)") { [self] in
      let sessions = SessionReactor(
        server: self, handle: handle, reactor: reactor, limits: limits)
      sessions.listen(on: bound, contexts)
      sessions.run()
    }
  }

  /// Stops accepting, closes every session with 1001, waits for their closing handshakes and ends
  /// the reactors.
  ///
  /// - Parameter timeout: how long sessions may take; connections left then are cut off.
  public func shutDown(timeout: Duration = .seconds(10)) async {
    let isFirst = state.withLock { state in
      guard state.phase == .running else { return false }
      state.phase = .draining
      return true
    }
    guard isFirst else { return }
    // `drain` is waited for: a session that was just opened is in the count only when its turn is
    // over.
    for handle in reactors { _ = await handle.run { $0.drain() } }
    // The listeners are released, as no reactor watches them any more: new connections are refused
    // at once.
    releaseListeners()
    let deadline = SystemClock.monotonic().advanced(by: timeout)
    while openSessionCount + openUpstreamCount > 0, SystemClock.monotonic() < deadline {
      try? await Task.sleep(for: .milliseconds(10))
    }
    for handle in reactors { handle.post(isUrgent: true) { $0.stop() } }
    joinThreads()
  }

  private func joinThreads() {
    let threads = state.withLock { state in
      state.phase = .stopped
      return state.threads
    }
    for thread in threads { thread.join() }
    names.stop()
  }

  private func releaseListeners() {
    let bound = state.withLock { state in
      defer { state.bound = [] }
      return state.bound
    }
    for listener in bound {
      if let error = listener.release() {
        log("a socket's file stays", about: [("error", "\(error)")])
      }
    }
  }

  /// Whether the server stops, or has.
  package var isStopping: Bool {
    state.withLock { $0.phase == .draining || $0.phase == .stopped }
  }

  /// Connections to upstreams open now, those that are closing included.
  private var openUpstreamCount: Int {
    reactors.reduce(0) { $0 + $1.counters[.upstreamsNow] }
  }

  /// Sessions open now, those that are closing included.
  public var openSessionCount: Int {
    reactors.reduce(0) { $0 + $1.counters[.openNow] }
  }

  private static func makeRunIdentifier() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    var generator = SystemRandomNumberGenerator()
    return String((0..<8).map { _ in alphabet[Int(generator.next() as UInt64 % 32)] })
  }
}
