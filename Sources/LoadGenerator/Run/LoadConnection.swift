import EventLoop
import Vocabulary
import WebSocketProtocol

/// One connection of a load: its descriptor, and the session over it.
///
/// Confined to the thread of its worker.
final class LoadConnection {
  private enum State {
    /// There is no connection, or no more.
    case none
    /// TCP connects.
    case connecting
    /// Bytes go both ways.
    case connected
  }

  /// How many buffers full are sent before other connections get their turn.
  private static let maximumSendCount = 4

  /// Its number among all connections of the load.
  let number: Int
  private unowned let worker: LoadWorker
  private var state = State.none
  private var descriptor: OwnedDescriptor?
  private var registration: Reactor.Registration?
  private var tls: TLSConnection?
  /// Whether bytes of the session may be sent: with TLS, only after its own handshake.
  private var isSecured = false
  private let session: UncheckedConfined<LoadSession>
  /// The input that cannot be read yet: a part of a head or of a control frame.
  private var unconsumed: [UInt8] = []
  private var isWaitingToWrite = false
  private var begun = Instant(nanoseconds: 0)
  private var deadline = Instant(nanoseconds: .max)
  /// Whether the worker is going to let it send in this turn.
  var isDue = false

  init(_ number: Int, of worker: LoadWorker) {
    self.number = number
    self.worker = worker
    session = UncheckedConfined(worker.makeSession(number))
  }

  /// Whether it has a descriptor.
  var isAlive: Bool { state != .none }

  /// Whether messages can be sent on it.
  var isOpen: Bool { state == .connected && session.change { $0.phase == .open } }

  /// How many messages were begun and not answered, or are due and not begun.
  var unfinishedCount: Int {
    guard isAlive else { return 0 }
    let expectsReplies = worker.plan.replies != .none
    return session.change { session in
      expectsReplies
        ? max(0, session.allowedCount - session.repliedCount)
        : max(0, session.allowedCount - session.sentCount)
    }
  }

  // MARK: Opening and closing

  /// Connects.
  func open() {
    begun = SystemClock.monotonic()
    worker.openingBegan(at: begun)
    let number = number
    let session = worker.makeSession(number)
    replaceSession(with: session)
    unconsumed = []
    isWaitingToWrite = false
    isSecured = false
    do throws(SystemError) {
      let descriptor = try Socket.connect(
        to: worker.plan.address, from: worker.source(of: number))
      self.descriptor = OwnedDescriptor(owning: descriptor)
      registration = try worker.reactor.register(self, descriptor: descriptor, for: .writable)
    } catch {
      descriptor = nil
      worker.openingFailed(LoadFailure(error))
      return
    }
    state = .connecting
    wait(worker.plan.timeout)
  }

  private func replaceSession(with fresh: consuming LoadSession) {
    var fresh = Optional(fresh)
    session.change { session in
      if let next = fresh.take() { session = next }
    }
  }

  /// Begins the closing handshake; a connection that is not open yet is given up.
  func close() {
    guard isAlive else { return }
    guard state == .connected, session.change({ $0.phase != .opening }) else { return giveUp() }
    guard isOpen else { return }
    session.change { $0.close(.normalClosure) }
    flush(at: SystemClock.monotonic())
    if isAlive { wait(LoadPlan.closeTimeout) }
  }

  /// Lets one more message go, in paced mode; `flush` must follow.
  func allowOne() {
    session.change { $0.allowOne() }
  }

  /// Lets the window go, in a closed loop.
  func start() {
    let worker = worker
    session.change { $0.allowWindow(worker.plan) }
    flush(at: SystemClock.monotonic())
    closeIfDone()
  }

  /// Sends no message that has not been begun.
  func stopSending() {
    session.change { $0.stopSending() }
  }

  /// Ends the connection without a word.
  func abandon() {
    guard isAlive else { return }
    if session.change({ $0.phase == .opening }) { giveUp() } else { end(nil, by: .client) }
  }

  /// Forgets a connection that was being opened when the load ended: it did not fail.
  private func giveUp() {
    disconnect()
    worker.openingGivenUp()
  }

  private func disconnect() {
    state = .none
    if let registration { worker.reactor.unregister(registration) }
    registration = nil
    descriptor = nil
    tls = nil
    unconsumed = []
  }

  /// Counts the messages without a reply.
  func abandonReplies(at now: Instant) {
    let worker = worker
    worker.tally.change { tally in
      session.change { $0.abandonReplies(at: now, worker.plan, worker.surroundings, &tally) }
    }
  }

  private func wait(_ duration: Duration) {
    deadline = worker.reactor.now.advanced(by: duration)
    if let registration { worker.reactor.setDeadline(deadline, for: registration) }
  }

  /// Ends the connection, with its failure if it did not end as it should.
  ///
  /// - Parameter initiator: the side that cut it, if there was no closing handshake.
  private func end(_ failure: LoadFailure?, by initiator: LoadClose.Initiator = .server) {
    guard isAlive else { return }
    let wasOpening = session.change { $0.phase == .opening }
    disconnect()
    if wasOpening { return worker.openingFailed(failure ?? .endedInHandshake) }
    abandonReplies(at: SystemClock.monotonic())
    let close = session.change { $0.close } ?? LoadClose(code: .abnormalClosure, by: initiator)
    worker.ended(self, close, failure)
  }

  // MARK: Bytes

  /// Sends the bytes that may be sent, as many as the connection takes.
  func flush(at now: Instant) {
    guard state == .connected, isSecured, let number = descriptor?.number else { return }
    let worker = worker
    let output = worker.output
    for _ in 0..<Self.maximumSendCount {
      let count = output.withBytes { bytes in
        session.change { $0.fill(&bytes, from: worker.plan.payload) }
      }
      guard count > 0 else { break }
      let result = output.withSpan { send($0.extracting(..<count), to: number) }
      switch result {
      case .bytes(let sentCount):
        worker.tally.change { tally in
          session.change {
            $0.sent(sentCount, at: now, of: worker.plan.payload, worker.surroundings, &tally)
          }
        }
        if sentCount < count { return waitToWrite(true) }
      case .wouldBlock: return waitToWrite(true)
      case .failed(0): return end(.lost)
      case .failed(let number): return end(.system(call: "send", number: number))
      }
      // All is sent by now, most often.
      guard session.change({ $0.hasOutput }) else { break }
    }
    waitToWrite(session.change { $0.hasOutput } || tls?.hasUnsent == true)
  }

  /// Sends bytes, encrypted if need be.
  private func send(_ bytes: Span<UInt8>, to descriptor: Int32) -> Syscalls.WriteResult {
    guard let tls else { return Syscalls.send(descriptor, bytes) }
    let sent = tls.send(bytes, to: descriptor)
    if sent.hasFailed { return .failed(0) }
    return sent.byteCount == 0 ? .wouldBlock : .bytes(sent.byteCount)
  }

  /// Writes again, since there is room.
  private func write() {
    if let tls, tls.hasUnsent, let number = descriptor?.number {
      if tls.flush(to: number).hasFailed { return end(.lost) }
      guard !tls.hasUnsent else { return }
      waitToWrite(false)
    }
    flush(at: SystemClock.monotonic())
  }

  /// Sends the first bytes, as TCP is connected.
  private func begin(on number: Int32) {
    guard let context = worker.plan.tls, let buffers = worker.tlsBuffers else {
      isSecured = true
      return flush(at: SystemClock.monotonic())
    }
    do throws(TLSError) {
      let tls = try TLSConnection(
        client: context, serverName: worker.plan.url.host, buffers)
      self.tls = tls
      if try tls.beginHandshake(on: number).hasFailed { return end(.lost) }
      waitToWrite(tls.hasUnsent)
    } catch {
      end(.tls(error.reason))
    }
  }

  private func waitToWrite(_ isWaiting: Bool) {
    guard isWaiting != isWaitingToWrite else { return }
    isWaitingToWrite = isWaiting
    updateInterest()
  }

  private func updateInterest() {
    guard let descriptor = descriptor?.number, let registration else { return }
    do throws(SystemError) {
      try worker.reactor.change(
        registration, descriptor: descriptor,
        to: isWaitingToWrite ? [.readable, .writable] : .readable)
    } catch {
      end(LoadFailure(error))
    }
  }

  private func receive() {
    guard let number = descriptor?.number else { return }
    let input = worker.input
    let keptCount = unconsumed.count
    if keptCount > 0 { input.copy(unconsumed.span, to: 0) }
    if let tls { return receive(through: tls, from: number, behind: keptCount) }
    let result = input.withBytes { Syscalls.receive(number, into: &$0, from: keptCount) }
    switch result {
    case .bytes(let count): receive(count, behind: keptCount)
    case .wouldBlock: break
    case .endOfStream: end(nil)
    case .failed(let number): end(.system(call: "recv", number: number))
    }
  }

  private func receive(
    through tls: TLSConnection, from descriptor: Int32, behind keptCount: Int
  ) {
    let received = worker.input.withBytes {
      tls.receive(from: descriptor, into: &$0, from: keptCount)
    }
    if !isSecured, tls.isOpen {
      isSecured = true
      worker.secured(tls.details)
      flush(at: SystemClock.monotonic())
    }
    if received.byteCount > 0, isAlive { receive(received.byteCount, behind: keptCount) }
    switch received.end {
    case nil: if isAlive, tls.hasUnsent { waitToWrite(true) }
    case .endOfStream: end(nil)
    case .failed(let error): end(.tls(error.reason))
    case .lost(let number): end(number == 0 ? .lost : .system(call: "recv", number: number))
    }
  }

  private func receive(_ count: Int, behind keptCount: Int) {
    let now = SystemClock.monotonic()
    let worker = worker
    let input = worker.input
    let reception = input.withSpan { bytes in
      worker.tally.change { tally in
        if tally.isMeasured(now) { tally.wireReceivedByteCount += count }
        return session.change {
          $0.receive(
            bytes.extracting(..<(keptCount + count)), at: now, worker.plan, worker.surroundings,
            &tally)
        }
      }
    }
    if reception.consumedByteCount < keptCount + count {
      unconsumed = input.array(of: reception.consumedByteCount..<(keptCount + count))
    } else if keptCount > 0 {
      unconsumed = []
    }
    if reception.didOpen {
      deadline = Instant(nanoseconds: .max)
      worker.opened(self, from: begun, to: now, isCompressed: reception.isCompressed)
    }
    if let failure = reception.failure {
      flush(at: now)
      return end(failure)
    }
    if session.change({ $0.hasOutput }) { flush(at: now) }
    if deadline.nanoseconds == .max, isAlive, session.change({ $0.phase == .closing }) {
      // The server closes first: "The server MUST close the underlying connection first" (§7.1.1);
      // it is waited for, but not for ever.
      wait(LoadPlan.closeTimeout)
    }
    closeIfDone()
  }

  /// Closes a connection that is to be opened again after so many messages.
  private func closeIfDone() {
    guard let count = worker.plan.reconnectAfter, isOpen, worker.surroundings.isSending else {
      return
    }
    let expectsReplies = worker.plan.replies != .none
    let isDone = session.change {
      (expectsReplies ? $0.repliedCount : $0.sentCount) >= count
    }
    if isDone { close() }
  }
}

extension LoadConnection: ReactorHandler {
  func handle(_ readiness: Readiness) {
    if state == .connecting {
      guard let number = descriptor?.number else { return }
      if let error = Socket.connectError(number) { return end(LoadFailure(error)) }
      state = .connected
      updateInterest()
      return begin(on: number)
    }
    if readiness.wantsWrite { write() }
    if readiness.wantsRead { receive() }
  }

  func handleDeadline() {
    guard worker.reactor.now >= deadline else { return }
    end(session.change { $0.phase == .opening } ? .handshakeTimedOut : nil)
  }
}

@available(*, unavailable)
extension LoadConnection: Sendable {}
