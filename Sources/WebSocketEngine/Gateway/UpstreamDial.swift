import EventLoop
import Vocabulary
import WebSocketProtocol

/// An attempt to reach an upstream for a client that waits: connection, TLS, opening handshake.
///
/// Confined to its reactor.
final class UpstreamDial {
  /// The step that is under way.
  private enum Phase {
    /// The name's addresses are looked up.
    case resolving
    /// The connection is made.
    case connecting
    /// The TLS handshake is under way.
    case securing
    /// The request is sent, and its answer awaited.
    case answering
    /// It has succeeded, failed or been given up.
    case over
  }

  /// The end of an attempt.
  enum Outcome {
    /// The upstream's side is open; the fields are for the client's 101.
    case open(ClientHandshake.Agreement, headers: Headers)
    /// The upstream refuses; its body begins with the bytes, and goes on in the connection.
    case refusal(UpstreamRefusal, body: [UInt8])
    /// It failed for a reason, told for the log; `isUnsent` if nothing of the request was sent.
    case failure(UpstreamFailure, String, isUnsent: Bool)
  }

  /// Takes the outcome; called once, on the reactor's thread, unless the dial is given up.
  typealias Completion = (Outcome) -> Void

  private let url: UpstreamURL
  private let sessions: SessionReactor
  private let sessionID: SessionID
  private let tls: TLSContext?
  private let request: UpstreamRequest
  private var answer: UpstreamAnswer
  /// The connection, which whoever takes the outcome takes over.
  var connection = Connection()
  private var phase: Phase = .resolving
  private var addresses: ArraySlice<ResolvedAddress> = []
  private var lastError = SystemError(call: "getaddrinfo", number: 0)
  /// The bytes of the answer so far.
  private var received: [UInt8] = []
  private var hasSentRequest = false
  private var timer = Reactor.Registration.none
  private var completion: Completion?

  init(
    _ url: UpstreamURL, tls: TLSContext?, for sessionID: SessionID, _ request: UpstreamRequest,
    on sessions: SessionReactor
  ) {
    self.url = url
    self.tls = url.isSecure ? tls : nil
    self.sessionID = sessionID
    self.request = request
    answer = UpstreamAnswer(to: request)
    self.sessions = sessions
  }

  /// Begins, and calls back once it is decided, perhaps at once.
  func start(timeout: Duration, _ completion: @escaping Completion) {
    self.completion = completion
    timer = sessions.reactor.registerTimer(self)
    sessions.reactor.setDeadline(sessions.now.advanced(by: timeout), for: timer)
    let (sessionID, address) = (sessionID, url.address)
    let known = sessions.resolve(address) { reactor, result in
      // The opening may have ended meanwhile, or gone on to another upstream.
      guard let dial = reactor.dials[sessionID], dial.url.address == address else { return }
      dial.resolved(result)
    }
    if let known { resolved(known) }
  }

  private func resolved(_ result: Result<ResolvedName, ResolutionError>) {
    guard phase == .resolving else { return }
    switch result {
    case .success(let name):
      addresses = name.addresses[...]
      connectNext()
    case .failure(let error): fail(.unreachable, "\(error)")
    }
  }

  /// Gives the attempt up, without an outcome.
  func cancel() {
    completion = nil
    end()
  }

  /// Closes the connection of an outcome that nobody wants.
  func discard() {
    connection.close(sessions.reactor)
    sessions.acceptors.descriptorFreed()
  }

  // MARK: Steps

  private func connectNext() {
    while let address = addresses.popFirst() {
      do throws(SystemError) {
        phase = .connecting
        connection = Connection(owning: try Socket.connect(to: address))
        // The request waits until the socket can be written to: then it is connected.
        if tls == nil { queueRequest() } else { connection.backlog = Backlog() }
        try connection.register(self, with: sessions.reactor)
        connection.watchForRoom(sessions.reactor)
        return
      } catch {
        lastError = error
        connection.close(sessions.reactor)
      }
    }
    fail(lastError.isNobodyThere ? .refused : .unreachable, "\(lastError)")
  }

  private func queueRequest() {
    let request = SharedBytes(copying: request.bytes.span)
    var backlog = Backlog()
    backlog.append(frames: request, leftOfFirst: request.count)
    connection.backlog = backlog
  }

  private func connected() {
    if let error = Socket.connectError(connection.descriptor) {
      lastError = error
      connection.close(sessions.reactor)
      return connectNext()
    }
    guard let context = tls else {
      phase = .answering
      return flush()
    }
    phase = .securing
    do throws(TLSError) {
      let tls = try TLSConnection(
        client: context, serverName: url.serverName, sessions.tlsBuffers)
      connection.backlog = nil
      connection.secure(with: tls)
      let sent = try tls.beginHandshake(on: connection.descriptor)
      guard !sent.hasFailed else { return fail(.tls, "the connection ended in the handshake") }
      watchForRoom(tls)
    } catch {
      fail(.tls, "\(error)")
    }
  }

  private func flush() {
    let (sent, hasFailed) = connection.flush(sessions.reactor)
    if sent > 0, phase == .answering { hasSentRequest = true }
    if hasFailed { fail(.reset, "the connection ended before the request was sent") }
  }

  private func watchForRoom(_ tls: TLSConnection) {
    if tls.hasUnsent, !connection.hasBacklog { connection.backlog = Backlog() }
    _ = connection.flush(sessions.reactor)
  }

  private func receive() {
    let descriptor = connection.descriptor
    if let tls = connection.tls { return receiveSealed(tls) }
    switch sessions.input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count): read(count)
    case .wouldBlock: break
    case .endOfStream, .failed: fail(.reset, "the connection ended before the answer")
    }
  }

  private func receiveSealed(_ tls: TLSConnection) {
    let descriptor = connection.descriptor
    let received = sessions.input.withBytes { tls.receive(from: descriptor, into: &$0, from: 0) }
    if phase == .securing, tls.isOpen {
      phase = .answering
      queueRequest()
      flush()
    }
    guard phase != .over else { return }
    watchForRoom(tls)
    if received.byteCount > 0 { read(received.byteCount) }
    guard phase != .over else { return }
    switch received.end {
    case nil: break
    case .failed(let error)?: fail(.tls, "\(error)")
    case .endOfStream?, .lost?: fail(.reset, "the connection ended before the answer")
    }
  }

  private func read(_ count: Int) {
    guard phase == .answering else { return }
    sessions.input.withSpan { received.append(copying: $0.extracting(0..<count)) }
    switch answer.receive(received.span) {
    case .incomplete: break
    case .invalid(let fault): fail(.badAnswer, "\(fault)")
    case .refusal(let refusal, let byteCount):
      succeed(.refusal(refusal, body: Array(received[byteCount...])))
    case .open(let agreement, let headers, let byteCount):
      connection.unconsumed = KeptInput(Array(received[byteCount...]))
      succeed(.open(agreement, headers: headers))
    }
  }

  private func succeed(_ outcome: Outcome) {
    finish()
    let completion = completion.take()
    completion?(outcome)
  }

  private func fail(_ reason: UpstreamFailure, _ text: String) {
    let completion = completion.take()
    end()
    completion?(.failure(reason, text, isUnsent: !hasSentRequest))
  }

  private func finish() {
    phase = .over
    received = []
    sessions.reactor.unregister(timer)
  }

  private func end() {
    guard phase != .over else { return }
    finish()
    connection.close(sessions.reactor)
    sessions.acceptors.descriptorFreed()
  }
}

extension UpstreamDial: ReactorHandler {
  func handle(_ readiness: Readiness) {
    if readiness.wantsWrite || (phase == .connecting && readiness.isBroken) {
      switch phase {
      case .connecting: connected()
      case .securing, .answering: flush()
      case .resolving, .over: break
      }
    }
    if readiness.wantsRead, phase == .securing || phase == .answering { receive() }
  }

  func handleDeadline() {
    guard phase != .over else { return }
    fail(.timedOut, "nothing within upstream-timeout")
  }
}

@available(*, unavailable)
extension UpstreamDial: Sendable {}
