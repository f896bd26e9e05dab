internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// One client of the control API: requests one after the other, then perhaps a stream of events
/// or a watch.
///
/// Confined to the control reactor. A client's output is bounded, and so is the time it may take: a
/// client that sends half a request, or never reads, is dropped and delays nobody.
final class ClientConnection {
  /// The use of the connection at the moment.
  enum Mode {
    /// Requests are read.
    case reading
    /// A request is being answered; nothing is read meanwhile.
    case answering
    /// Events are streamed.
    case following
    /// Snapshots are pushed.
    case watching(Watch)
    /// Messages of sessions are pushed.
    case tapping(TapStream)
    /// Everything is sent; input is discarded until the client is done.
    case lingering
    /// The connection is gone.
    case closed
  }

  /// The most output that may wait while a further request is read.
  private static let maximumUnreadByteCount = 1 << 20
  /// The most input that is thrown away after the last answer.
  private static let maximumDiscardedByteCount = 16 << 20
  /// The most input of an unknown client that is thrown away: as much as a request may have.
  private static let maximumUnknownByteCount = 1 << 20

  /// Its name among the connections of the loop.
  let number: Int
  /// The client at the other end.
  var peer: ControlPeer
  private(set) var mode: Mode = .reading {
    didSet {
      // The tap ends with the mode, however that ends.
      if case .tapping(let tap) = oldValue { loop.end(tap, of: self) }
    }
  }

  unowned let loop: ControlLoop
  private let transport: ControlTransport
  private var registration: Reactor.Registration?
  private var interest: Interest = .readable
  private var reader = HTTPRequestReader()
  /// The WebSocket of a watch or a tap, once it is one.
  var conversation: Conversation
  private var output: OutputQueue
  /// The time at which it was accepted.
  private let acceptedAt: Instant
  /// The beginning of the request or the pause under way.
  private var since: Instant
  private var wakeUp = Instant(nanoseconds: .max)
  private var isInputOver = false
  private var endsAfterOutput = false
  private var omitsBody = false
  private var discardedByteCount = 0
  /// The task that answers the request under way.
  private var task: Task<Void, Never>?

  /// A connection that was accepted.
  init(_ number: Int, on transport: ControlTransport, peer: ControlPeer, of loop: ControlLoop) {
    self.number = number
    self.peer = peer
    self.loop = loop
    self.transport = transport
    conversation = Conversation(loop.context.settings)
    acceptedAt = loop.reactor.now
    since = loop.reactor.now
    output = OutputQueue(at: loop.reactor.now)
  }

  /// How many bytes the client has yet to take.
  var backlogByteCount: Int { output.byteCount + transport.unsentByteCount }

  /// The watch, if there is one.
  var watch: Watch? {
    if case .watching(let watch) = mode { watch } else { nil }
  }

  // MARK: Calls of the loop

  /// Reads from here on; false if it cannot be watched.
  func begin() -> Bool {
    do throws(SystemError) {
      registration = try loop.reactor.register(
        self, descriptor: transport.descriptor, for: interest)
    } catch {
      return false
    }
    scheduleWakeUp()
    return true
  }

  /// Reads the next request from the received bytes, if it is complete.
  func process() {
    guard case .reading = mode, output.byteCount <= Self.maximumUnreadByteCount,
      !endsAfterOutput
    else { return updateInterest() }
    let outcome = reader.next { [unowned self] (head) throws(ControlRefusal) in
      try loop.authenticate(head, on: self)
    }
    switch outcome {
    case .incomplete: if isInputOver { finish() }
    case .expectsContinue:
      send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    case .refused(let refusal): refuse(refusal)
    case .request(let request):
      mode = .answering
      omitsBody = request.head.method == "HEAD"
      endsAfterOutput = request.closes || omitsBody
      loop.answer(request, on: self)
    }
    updateInterest()
    scheduleWakeUp()
  }

  /// Begins a task that answers the request under way; it is cancelled if the client goes away.
  func begin(_ work: @escaping (ControlLoop, ClientConnection) async -> Void) {
    task = loop.context.begin { [self, loop] in await work(loop, self) }
  }

  /// Sends the answer to the request under way and goes on with the next one.
  func answer(_ answer: HTTPAnswer) {
    guard case .answering = mode else { return }
    var answer = answer
    if answer.closes { endsAfterOutput = true }
    answer.closes = endsAfterOutput
    mode = .reading
    since = loop.reactor.now
    enqueue(answer.head(run: peer.isAuthenticated ? loop.engineRun : nil))
    if !omitsBody { enqueue(answer.body) }
    flush()
    goOn()
    updateInterest()
    scheduleWakeUp()
  }

  /// Answers with a refusal that ends the connection, whatever comes from the client.
  func refuse(_ refusal: ControlRefusal) {
    mode = .answering
    reader.discard()
    answer(HTTPAnswer(refusal, closes: true))
  }

  /// Answers with a stream that begins with some lines and goes on until the connection ends.
  func follow(_ answer: HTTPAnswer) {
    guard case .answering = mode else { return }
    mode = .following
    reader.discard()
    enqueue(answer.head(run: loop.engineRun, isStream: true))
    enqueue(answer.body)
    flush()
    updateInterest()
    scheduleWakeUp()
  }

  /// Answers the opening handshake and is a watch or a tap from here on.
  func upgrade(_ response: [UInt8], to newMode: Mode) {
    guard case .answering = mode else { return }
    mode = newMode
    endsAfterOutput = false
    send(response)
    let rest = reader.takeRest()
    if !rest.isEmpty { receive(rest.span) }
    updateInterest()
    scheduleWakeUp()
  }

  /// Queues bytes behind those that wait, and sends what the client takes.
  ///
  /// A client that leaves too much waiting is dropped.
  func send(_ bytes: [UInt8]) {
    if case .closed = mode { return }
    enqueue(bytes)
    flush()
    if output.byteCount > ControlSettings.maximumBacklogByteCount { drop("owes too much reading") }
    updateInterest()
    scheduleWakeUp()
  }

  /// Ends the connection once everything is sent.
  func finish() {
    if case .closed = mode { return }
    endsAfterOutput = true
    flush()
    updateInterest()
    scheduleWakeUp()
  }

  /// Ends the connection now.
  func close() {
    if case .closed = mode { return }
    mode = .closed
    task?.cancel()
    if let registration { loop.reactor.unregister(registration) }
    registration = nil
    transport.close()
    output.removeAll()
    reader.discard()
    loop.closed(self)
  }

  // MARK: Input

  private func receive() {
    let transport = transport
    let received = loop.input.withBytes { transport.receive(into: &$0) }
    if received.byteCount > 0 {
      loop.input.withSpan { receive($0.extracting(0..<received.byteCount)) }
    }
    switch received.end {
    case nil: break
    case .endOfStream?: inputEnded()
    case .failed?: close()
    }
  }

  private func receive(_ bytes: Span<UInt8>) {
    switch mode {
    case .reading where !endsAfterOutput:
      if !reader.isInsideRequest { since = loop.reactor.now }
      reader.append(bytes)
      // The request is read later in the turn: the requests of all clients together may take more
      // time than there is.
      loop.resumeSoon(self)
    case .watching, .tapping: converse(bytes)
    case .reading, .following, .lingering:
      discardedByteCount += bytes.count
      let limit =
        peer.isAuthenticated ? Self.maximumDiscardedByteCount : Self.maximumUnknownByteCount
      if discardedByteCount > limit { close() }
    case .answering, .closed: break
    }
  }

  /// Notes the end of the input; the answers to earlier requests are still sent.
  private func inputEnded() {
    isInputOver = true
    switch mode {
    case .reading: loop.resumeSoon(self)
    case .answering, .following: break
    case .watching, .tapping: conversationEnds()
    case .lingering, .closed: close()
    }
    updateInterest()
  }

  /// Reads the next request in the next turn, so that other clients get theirs.
  private func goOn() {
    if case .reading = mode, reader.isInsideRequest || isInputOver { loop.resumeSoon(self) }
  }

  // MARK: Output and time

  private func enqueue(_ bytes: [UInt8]) { output.append(bytes, at: loop.reactor.now) }

  private func flush() {
    guard backlogByteCount > 0 else { return drained() }
    switch output.flush(to: transport, at: loop.reactor.now) {
    case .drained: drained()
    case .blocked: break
    case .failed: close()
    }
  }

  private func drained() {
    if isPushing, conversation.outputByteCount > 0 {
      settleConversation()
    } else if endsAfterOutput {
      switch mode {
      case .reading, .watching, .tapping: linger()
      case .answering, .following, .lingering, .closed: break
      }
    } else if let watch, watch.isDue(loop.reactor.now) {
      loop.pushSoon(self)
    }
  }

  /// Ends the sending side, and takes input that still comes: closing over unread input would reset
  /// the connection, and the client might never see the answer.
  private func linger() {
    guard !isInputOver else { return close() }
    mode = .lingering
    since = loop.reactor.now
    reader.discard()
    transport.endWriting()
  }

  private func drop(_ reason: String) {
    // The connection is closed before the event is recorded, since this client may be a follower of
    // events.
    close()
    loop.api.record(
      "dropped a client of the control API that \(reason) (\(peer.actor.name))",
      summedUpAs: .droppedClient)
  }

  private func updateInterest() {
    guard let registration else { return }
    var wanted: Interest =
      switch mode {
      case .reading:
        output.byteCount <= Self.maximumUnreadByteCount
          && reader.byteCount <= HTTPRequestReader.maximumByteCount ? .readable : []
      case .following, .watching, .tapping, .lingering: .readable
      case .answering, .closed: []
      }
    if isInputOver { wanted = [] }
    if backlogByteCount > 0 { wanted.insert(.writable) }
    guard wanted != interest else { return }
    interest = wanted
    // The descriptor is registered, so the kernel has no reason to refuse.
    try? loop.reactor.change(registration, descriptor: transport.descriptor, to: wanted)
  }

  private var deadline: Instant? {
    let settings = loop.context.settings
    if !peer.isAuthenticated {
      let end = acceptedAt.advanced(by: settings.authenticationTimeout)
      guard case .lingering = mode else { return end }
      return min(end, since.advanced(by: settings.lingerTimeout))
    }
    if backlogByteCount > 0 { return output.movedAt.advanced(by: settings.stallTimeout) }
    return switch mode {
    case .reading:
      since.advanced(by: reader.isInsideRequest ? settings.requestTimeout : settings.idleTimeout)
    case .watching, .tapping: conversationWakeUp
    case .lingering: since.advanced(by: settings.lingerTimeout)
    case .answering, .following, .closed: nil
    }
  }

  /// Asks the reactor to call at the next deadline; moving one later costs nothing.
  func scheduleWakeUp() {
    guard let deadline, deadline < wakeUp, let registration else { return }
    wakeUp = deadline
    loop.reactor.setDeadline(deadline, for: registration)
  }
}

extension ClientConnection: ReactorHandler {
  func handle(_ readiness: Readiness) {
    if readiness.wantsWrite {
      flush()
      goOn()
    }
    if case .closed = mode { return }
    if interest.contains(.readable) {
      if readiness.wantsRead { receive() }
    } else if readiness.isBroken {
      // A broken connection is closed, since it would be reported again and again.
      close()
    }
    updateInterest()
    scheduleWakeUp()
  }

  func handleDeadline() {
    wakeUp = Instant(nanoseconds: .max)
    let now = loop.reactor.now
    if let deadline, now >= deadline {
      if !peer.isAuthenticated {
        close()
      } else if backlogByteCount > 0 {
        if !output.showsLife(transport, at: now) { drop("does not read") }
      } else {
        timePassed()
      }
    }
    scheduleWakeUp()
  }

  private func timePassed() {
    switch mode {
    case .reading where reader.isInsideRequest:
      refuse(
        ControlRefusal(
          status: HTTPStatus.requestTimeout.rawValue, code: "request-timed-out",
          "the request did not come in time"))
    case .reading, .lingering: close()
    case .watching, .tapping:
      conversation.tick(now: loop.reactor.now)
      settleConversation()
      loop.pushSoon(self)
    case .answering, .following, .closed: break
    }
  }
}

@available(*, unavailable)
extension ClientConnection: Sendable {}
