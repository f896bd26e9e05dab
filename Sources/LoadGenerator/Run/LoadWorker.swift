import EventLoop
import Synchronization
import Vocabulary
import WebSocketProtocol

/// One thread of a load, with its share of the connections.
final class LoadWorker {
  private enum Phase {
    /// Connections are opened: each has its own time-out, all together have none.
    case opening
    /// Messages go.
    case running(until: Instant)
    /// The last replies are waited for.
    case draining(until: Instant)
    /// Closing handshakes are waited for.
    case closing(until: Instant)
    /// There is nothing more to do.
    case ended
  }

  /// How many due messages are handed out before the sockets get their turn.
  private static let maximumDueCount = 4096
  /// How often is looked whether the last replies have come.
  private static let drainInterval = Duration.milliseconds(5)

  let plan: LoadPlan
  let reactor: Reactor
  let input = ReactorBuffer(byteCount: 512 << 10)
  let output = ReactorBuffer(byteCount: 256 << 10)
  let tally = UncheckedConfined(LoadTally())
  /// The buffers of TLS connections; nil: there are none.
  let tlsBuffers: TLSBuffers?
  private(set) var surroundings = LoadSession.Surroundings()
  private let thread: Int
  private let mailbox: Mailbox<LoadOrder>
  private let progress: LoadProgress
  private let timer: Timer
  private var timerInstant = Instant(nanoseconds: .max)
  private var generator = SystemRandomNumberGenerator()
  private var phase = Phase.opening
  private let began: Instant
  private var connections: [LoadConnection] = []
  /// How many connections were begun for the first time.
  private var begunCount = 0
  /// Connections that were closed to be opened again.
  private var closed: [LoadConnection] = []
  /// Connections that are being opened.
  private var openingCount = 0
  /// Connections that have a descriptor.
  private var aliveCount = 0
  /// The place of the next message that falls due: its round, and its connection in the round.
  private var nextDue = (round: 0, place: 0)
  /// How many connections of this thread send; they are the first of `connections`.
  private var activeCount = 0
  private var due: [LoadConnection] = []

  private init(
    thread: Int, of plan: LoadPlan, reactor: Reactor, timer: Timer, mailbox: Mailbox<LoadOrder>,
    progress: LoadProgress
  ) {
    self.thread = thread
    self.plan = plan
    self.reactor = reactor
    self.timer = timer
    self.mailbox = mailbox
    self.progress = progress
    tlsBuffers = plan.tls.map { _ in TLSBuffers() }
    if plan.isCompressing { surroundings.inflater = DeflateStreams().inflater }
    began = SystemClock.monotonic()
  }

  /// Starts a thread that does its share of the plan, and leaves its tally in the progress.
  ///
  /// - Throws: `SystemError` if the system has no descriptor or thread left.
  static func start(
    thread number: Int, of plan: LoadPlan, mailbox: Mailbox<LoadOrder>, progress: LoadProgress
  ) throws(SystemError) -> LoopThread {
    let reactor = try Reactor()
    let timer = try Timer()
    try reactor.watch(mailbox)
    return try LoopThread(name: "load \(number)") {
      LoadWorker(
        thread: number, of: plan, reactor: reactor, timer: timer, mailbox: mailbox,
        progress: progress
      ).run()
    }
  }

  private func run() {
    connections = plan.connections(of: thread).map { LoadConnection($0, of: self) }
    activeCount = connections.prefix { $0.number < plan.activeCount }.count
    do throws(SystemError) {
      let registration = try reactor.register(
        self, descriptor: timer.descriptor, for: [.readable, .edgeTriggered])
      setTimer(began)
      reactor.run(self)
      reactor.unregister(registration)
    } catch {
      tally.change { $0.failures[LoadFailure(error), default: 0] += 1 }
    }
    for connection in connections { connection.abandon() }
    connections = []
    progress.tally = tally.change { $0 }
  }

  // MARK: Calls of connections

  /// A session for a connection that is about to be opened.
  func makeSession(_ number: Int) -> LoadSession {
    let opening = ClientOpening(
      host: plan.url.authority, target: plan.url.target, subprotocols: plan.subprotocols,
      extensions: plan.extensions, headers: plan.headers)
    return LoadSession(
      opening: opening, number: number, seed: generator.next(), pace: plan.pace)
  }

  /// The local address that a connection comes from; nil: the system chooses.
  func source(of number: Int) -> ResolvedAddress? {
    plan.sources.isEmpty ? nil : plan.sources[number % plan.sources.count]
  }

  func openingBegan(at now: Instant) {
    openingCount += 1
    aliveCount += 1
    tally.change { $0.firstBegun = min($0.firstBegun, now) }
  }

  func openingFailed(_ failure: LoadFailure) {
    openingGivenUp()
    countFailure(failure)
  }

  func openingGivenUp() {
    openingCount -= 1
    aliveCount -= 1
  }

  private func countFailure(_ failure: LoadFailure) {
    tally.change { tally in
      tally.failedCount += 1
      tally.failures[failure, default: 0] += 1
    }
    progress.failed.add(1, ordering: .relaxed)
    if case .opening = phase { progress.settled.add(1, ordering: .relaxed) }
  }

  func secured(_ details: TLSDetails) {
    tally.change { $0.tls = $0.tls ?? "\(details.version) \(details.cipher)" }
  }

  func opened(
    _ connection: LoadConnection, from begun: Instant, to now: Instant, isCompressed: Bool
  ) {
    openingCount -= 1
    tally.change { tally in
      tally.recordOpening(from: begun, to: now)
      if isCompressed { tally.compressedCount += 1 }
    }
    progress.opened.add(1, ordering: .relaxed)
    switch phase {
    case .opening: progress.settled.add(1, ordering: .relaxed)
    case .running: if connection.number < plan.activeCount { connection.start() }
    case .draining, .closing, .ended: connection.close()
    }
  }

  func ended(_ connection: LoadConnection, _ close: LoadClose, _ failure: LoadFailure?) {
    aliveCount -= 1
    tally.change { tally in
      tally.closes[close, default: 0] += 1
      if let failure { tally.failures[failure, default: 0] += 1 }
    }
    // A connection that failed, or that the server closed, stays closed.
    if plan.reconnectAfter != nil, failure == nil, close.by == .client, surroundings.isSending {
      closed.append(connection)
    }
  }

  // MARK: Phases

  private func obey(_ order: LoadOrder) {
    switch (order, phase) {
    case (.begin(let start, let measured), .opening): begin(at: start, measured)
    case (.end, .opening): closeAll()
    case (.end, .running):
      let now = reactor.now
      tally.change { tally in
        let measured = tally.measured
        tally.measured = min(measured.lowerBound, now)..<min(measured.upperBound, now)
      }
      stopSending()
    case (.abort, _): phase = .ended
    case (.begin, _), (.end, _): break
    }
  }

  private func begin(at start: Instant, _ measured: Range<Instant>) {
    tally.change { $0.measured = measured }
    phase = .running(until: measured.upperBound)
    surroundings.isSending = true
    if case .rate(let perSecond) = plan.pace {
      surroundings.pacing = PacedSchedule(
        start: start, perSecond: perSecond, connectionCount: plan.activeCount)
    } else {
      for connection in connections.prefix(activeCount) { connection.start() }
    }
  }

  private func stopSending() {
    surroundings.isSending = false
    phase = .draining(until: reactor.now.advanced(by: LoadPlan.drainTimeout))
    guard surroundings.pacing == nil else { return }
    for connection in connections { connection.stopSending() }
  }

  private func closeAll() {
    surroundings.isSending = false
    phase = .closing(until: reactor.now.advanced(by: LoadPlan.closeTimeout))
    let now = SystemClock.monotonic()
    for connection in connections where connection.isAlive {
      connection.abandonReplies(at: now)
      connection.close()
    }
  }

  /// Goes on to the next phase if its time has come.
  private func advance(_ now: Instant) {
    switch phase {
    case .opening: break
    case .running(let end):
      if now >= end || (aliveCount == 0 && closed.isEmpty && surroundings.pacing == nil) {
        stopSending()
      }
    case .draining(let end):
      if now >= end || connections.allSatisfy({ $0.unfinishedCount == 0 }) { closeAll() }
    case .closing(let end):
      if now >= end || aliveCount == 0 { phase = .ended }
    case .ended: break
    }
    if case .ended = phase { reactor.stop() }
  }

  // MARK: Opening, and sending on time

  /// Begins the connections whose time has come, as many as may be under way at once.
  private func openDue(_ now: Instant) {
    guard openingCount < plan.openingLimitPerThread else { return }
    if case .opening = phase {
      while begunCount < connections.count, openingCount < plan.openingLimitPerThread,
        now >= opening(of: connections[begunCount])
      {
        begunCount += 1
        connections[begunCount - 1].open()
      }
    }
    guard surroundings.isSending else { return closed.removeAll() }
    while openingCount < plan.openingLimitPerThread, let connection = closed.popLast() {
      connection.open()
    }
  }

  private func opening(of connection: LoadConnection) -> Instant {
    began.advanced(by: plan.opening(of: connection.number))
  }

  /// Sends the messages that are due by now.
  ///
  /// - Returns: whether more are due than one turn should do.
  private func sendDue(_ now: Instant, _ pacing: PacedSchedule) -> Bool {
    guard activeCount > 0, case .running(let end) = phase else { return false }
    var count = 0
    while count < Self.maximumDueCount {
      let instant = nextInstant(pacing)
      guard instant <= now, instant < end else { break }
      let connection = connections[nextDue.place]
      nextDue.place += 1
      if nextDue.place == activeCount { nextDue = (nextDue.round + 1, 0) }
      count += 1
      if connection.isOpen {
        connection.allowOne()
        if !connection.isDue {
          connection.isDue = true
          due.append(connection)
        }
      } else {
        tally.change { if $0.isMeasured(instant) { $0.unsentCount += 1 } }
      }
    }
    for connection in due {
      connection.isDue = false
      connection.flush(at: now)
    }
    due.removeAll(keepingCapacity: true)
    return count == Self.maximumDueCount
  }

  private func nextInstant(_ pacing: PacedSchedule) -> Instant {
    pacing.due(nextDue.round, on: connections[nextDue.place].number)
  }

  /// The next instant at which something is due that no descriptor reports.
  private func nextInstant(_ now: Instant) -> Instant {
    switch phase {
    case .opening:
      guard begunCount < connections.count, openingCount < plan.openingLimitPerThread else {
        return Instant(nanoseconds: .max)
      }
      return opening(of: connections[begunCount])
    case .running(let end):
      guard let pacing = surroundings.pacing, activeCount > 0 else { return end }
      return min(end, nextInstant(pacing))
    case .draining(let end): return min(end, now.advanced(by: Self.drainInterval))
    case .closing(let end): return end
    case .ended: return now
    }
  }

  private func setTimer(_ instant: Instant) {
    guard instant != timerInstant else { return }
    timerInstant = instant
    if instant.nanoseconds < .max { timer.set(at: instant) }
  }
}

extension LoadWorker: ReactorHandler {
  /// Notes that the timer has passed; due work is done at the end of the turn.
  func handle(_ readiness: Readiness) {
    timerInstant = Instant(nanoseconds: .max)
  }

  func handleDeadline() {}
}

extension LoadWorker: ReactorDelegate {
  func turnBegins() -> Bool {
    let orders = mailbox.takeAll()
    for order in orders { obey(order) }
    return !orders.isEmpty
  }

  func turnEnds() -> Bool {
    let now = SystemClock.monotonic()
    openDue(now)
    var isBehind = false
    if let pacing = surroundings.pacing { isBehind = sendDue(now, pacing) }
    advance(now)
    progress.messages.store(
      tally.change { plan.replies == .none ? $0.sentCount : $0.receivedCount }, ordering: .relaxed)
    if isBehind { return true }
    setTimer(nextInstant(now))
    return false
  }
}

@available(*, unavailable)
extension LoadWorker: Sendable {}
