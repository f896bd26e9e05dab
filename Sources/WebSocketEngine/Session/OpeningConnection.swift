import EventLoop
import Vocabulary
import WebSocketProtocol

/// A connection from its accept to the end of the opening handshake: it becomes a session, or is
/// refused.
///
/// Confined to its reactor.
final class OpeningConnection {
  /// The state of the handshake.
  enum Phase {
    /// The TLS handshake is under way.
    case securing
    /// The request's head is read.
    case reading
    /// An asynchronous handler decides.
    case deciding
    /// Refused: the rest of the input is discarded until the peer is done.
    case refused
    /// It is a session now, or closed.
    case over
  }

  let id: SessionID
  let sessions: SessionReactor
  let peer: PeerAddress
  private let listener: SessionListener
  let acceptedAt: Instant
  private let openedAt = SystemClock.monotonic()
  let tls: TLSContext?
  var connection: Connection
  var phase: Phase
  var isInHandshakeQueue = false
  /// The readiness of its socket since a turn that had no time for it; empty if it does not wait.
  private var lateReadiness: Readiness = []
  var parser: RequestHeadParser
  /// The bytes taken from the socket of a request's head, or before a TLS handshake.
  var head: [UInt8] = []
  /// Whether its first line has come, or its ClientHello: its bytes are held from here on.
  var hasBegun = false
  /// The bytes that it is accounted for.
  var heldByteCount = 0
  var deadline: Instant
  private var pending: Pending?
  /// The search for an upstream, while the client waits for it.
  var search: UpstreamSearch?
  /// The upstream's refusal on its way to the client, and whether all of it has come.
  var refusalRelay: RefusalRelay?
  var isAnswered = false
  /// Its place among the openings of its address, while `sessions-per-address` holds.
  private var place: OpeningPlace?
  /// The header that a trusted proxy put in front of the request.
  var proxyHeader: ProxyHeader?
  /// Whether a trusted proxy may still put a header in front of it.
  var mayBeginWithProxyHeader: Bool
  var discardedByteCount = 0

  /// A request that passed all checks, while its handler decides.
  private struct Pending: ~Copyable {
    let upgrade: UpgradeRequest
    var request: Request
    var route: RouteState
    var ticket: AdmissionTicket

    /// The answer to the handshake, with the choices of middleware and handler.
    func response(
      to request: Request, with deflate: PermessageDeflate.Answer?
    ) throws(HandshakeResponse.Failure) -> HandshakeResponse {
      try HandshakeResponse(
        to: upgrade, subprotocol: request.subprotocol,
        extensions: deflate.map { [$0.extension] } ?? [], headers: request.responseHeaders)
    }
  }

  /// Watches an accepted connection for its request.
  static func begin(
    _ descriptor: Int32, from peer: PeerAddress, listener: SessionListener,
    on sessions: SessionReactor
  ) {
    let opening = OpeningConnection(
      descriptor: descriptor, peer: peer, listener: listener, sessions: sessions)
    do {
      try opening.connection.register(opening, with: sessions.reactor)
    } catch {
      return sessions.acceptors.exhausted(error)
    }
    opening.connection.setDeadline(opening.deadline, with: sessions.reactor)
    sessions.add(opening)
    opening.takePlace()
  }

  /// Refuses a client whose address has as many sessions as it may, before anything is read.
  private func takePlace() {
    guard sessions.limits.engine.sessionsPerAddress != nil, peer.port != 0,
      // The client of a proxy is not known before its bytes are read.
      !mayBeginWithProxyHeader
    else { return }
    do throws(HandshakeRefusal) {
      place = try sessions.server.admission.beginOpening(from: peer.address)
    } catch {
      guard tls != nil else { return refuse(error) }
      // The refusal is only counted, since an answer would take the TLS handshake.
      countRefusal(error)
      close()
    }
  }

  init(
    descriptor: Int32, peer: PeerAddress, listener: SessionListener, sessions: SessionReactor
  ) {
    let limits = sessions.limits.engine
    id = sessions.makeSessionID()
    self.sessions = sessions
    self.peer = peer
    self.listener = listener
    tls = listener.tls
    phase = tls == nil ? .reading : .securing
    acceptedAt = sessions.now
    connection = Connection(owning: descriptor)
    mayBeginWithProxyHeader = sessions.server.isTrustedProxy(peer)
    parser = RequestHeadParser(maximumByteCount: limits.headerByteCount)
    deadline = sessions.now.advanced(by: .nanoseconds(limits.handshakeTimeout))
  }

  // MARK: Decision of an asynchronous handler

  /// Answers the handshake and opens the session.
  ///
  /// - Parameter request: the request with the subprotocol and the headers to answer with.
  /// - Returns: the session; nil if the peer is gone or the handshake's time is over.
  /// - Throws: `HandshakeResponse.Failure` for an answer that would be wrong.
  func accept(
    _ request: Request, handler: any SessionHandler
  ) throws(HandshakeResponse.Failure) -> Session? {
    guard phase == .deciding, pending != nil else { return nil }
    guard sessions.isAccepting else {
      refuse(.draining)
      return nil
    }
    let deflate = PermessageDeflate.answer(
      to: pending?.upgrade.extensions ?? [], mode: sessions.server.configuration.compression)
    guard let response = try pending?.response(to: request, with: deflate) else { return nil }
    guard var pending = pending.take() else { return nil }
    pending.request = request
    return open(pending, response, deflate?.parameters, handler)
  }

  // MARK: Steps

  /// Reads on in a request whose first line has come.
  func receive() {
    let input = sessions.input
    let descriptor = connection.descriptor
    switch input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count): read(count)
    case .wouldBlock: break
    case .endOfStream, .failed: close()
    }
  }

  /// Reads the request's head in received bytes.
  func read(_ count: Int) {
    let input = sessions.input
    // A head is read where it lies, since nearly every one comes whole.
    if head.isEmpty {
      switch input.withSpan({ parser.parse($0.extracting(0..<count)) }) {
      case .incomplete: head = input.array(of: 0..<count)
      case .refused(let refusal): refuse(refusal)
      case .head(let request, let byteCount):
        connection.unconsumed = KeptInput(input.array(of: byteCount..<count))
        decide(request)
      }
    } else {
      input.withSpan { head.append(copying: $0.extracting(0..<count)) }
      switch parser.parse(head.span) {
      case .incomplete: break
      case .refused(let refusal): refuse(refusal)
      case .head(let request, let byteCount):
        connection.unconsumed = KeptInput(Array(head[byteCount...]))
        head = []
        decide(request)
      }
    }
    account()
  }

  /// Sends bytes that fit into an empty socket's buffer; false if the peer is gone.
  func send(_ bytes: Span<UInt8>) -> Bool {
    guard let tls = connection.tls else {
      return Syscalls.send(connection.descriptor, bytes) == .bytes(bytes.count)
    }
    let sent = tls.send(bytes, to: connection.descriptor)
    if tls.hasUnsent { connection.backlog = Backlog() }
    return sent.byteCount == bytes.count && !sent.hasFailed
  }

  /// Answers a request whose head has come.
  func decide(_ head: RequestHead) {
    do {
      let upgrade = try UpgradeRequest(head)
      guard sessions.isAccepting else { throw HandshakeRefusal.draining }
      let configuration = sessions.server.configuration
      guard
        configuration.hosts.allows(
          head.host, isLoopback: listener.isLoopback, origins: configuration.origins)
      else { throw HandshakeRefusal.hostNotAllowed }
      let client = client(of: head.headers)
      guard
        configuration.origins.allows(
          origin: upgrade.origin, host: head.host, isSecure: client.isSecure)
      else { throw HandshakeRefusal.originNotAllowed }
      let match = try sessions.server.router.match(head.path)
      let route = match.route
      let ticket = try sessions.server.admission.admit(
        address: client.isInternet ? client.address : nil, now: sessions.now)
      var request = Request(
        upgrade, sessionID: id, route: route.pattern, parameters: match.parameters,
        remoteAddress: client.address, remotePort: client.port, isSecure: client.isSecure)
      request.via = client.via
      if let subject = connection.tls?.peerSubject { request.clientCertificateSubject = subject }
      try request.pass(route.middleware)
      phase = .deciding
      switch route.target {
      case .session(let make):
        let handler = try make(&request)
        pending = Pending(
          upgrade: upgrade, request: request, route: sessions.routes[route.index], ticket: ticket)
        _ = try accept(request, handler: handler)
      case .webSocket(let body):
        connection.setPause(.acceptance, true, with: sessions.reactor)
        pending = Pending(
          upgrade: upgrade, request: request, route: sessions.routes[route.index], ticket: ticket)
        WebSocket.start(body, for: self, request: request)
      case .upstream(let gateway):
        pending = Pending(
          upgrade: upgrade, request: request, route: sessions.routes[route.index], ticket: ticket)
        relay(request, upgrade, sessions.routes[route.index], through: gateway)
      }
    } catch let failure as MiddlewareFailure {
      if case .failed(let error) = failure { log(error) }
      refuse(failure.refusal, headers: failure.headers)
    } catch let rejection as HandshakeRejection {
      refuse(.rejected(rejection.status, body: rejection.body), headers: rejection.headers)
    } catch let refusal as HandshakeRefusal {
      refuse(refusal)
    } catch {
      log(error)
      refuse(.handlerFailed)
    }
  }

  /// Logs an error of the handler's own, of which the peer learns nothing.
  func log(_ error: any Error) {
    sessions.server.log(
      "opening handshake failed", about: [("session", "\(id)"), ("error", "\(error)")])
  }

  private func open(
    _ pending: consuming Pending, _ response: HandshakeResponse, _ deflate: DeflateParameters?,
    _ handler: any SessionHandler
  ) -> Session? {
    let identity = SessionIdentity(
      id: id, openedAt: openedAt, route: pending.route.index)
    var flags: SessionFlags = tls == nil ? [] : .tls
    if deflate != nil { flags.insert(.compressed) }
    guard
      let record = sessions.slab.allocate(identity, state: .open, flags: flags, at: sessions.now)
    else {
      refuse(.tooManySessions)
      return nil
    }
    guard send(response.bytes.span) else {
      // A peer is gone if a few hundred bytes do not fit into the empty buffer of its socket.
      sessions.slab.setState(record, .closed)
      sessions.slab.release(record)
      close()
      return nil
    }
    phase = .over
    place = nil
    account()
    sessions.remove(self)
    var taken = Connection()
    swap(&taken, &connection)
    taken.setPause(.acceptance, false, with: sessions.reactor)
    taken.watchForRoom(sessions.reactor)
    let route = pending.route
    let profile = SessionProfile(
      id: id, record: record, place: route.place(on: listener.address), request: pending.request,
      subprotocol: response.subprotocol)
    let session = Session(
      profile, reactor: sessions, route: route, ticket: pending.ticket, connection: taken,
      compression: deflate.map(sessions.compression.make), handler: handler)
    session.connection.setHandler(session, with: sessions.reactor)
    sessions.add(session)
    session.begin()
    return session
  }

  /// Ends the connection without an answer.
  func close() {
    guard phase != .over else { return }
    phase = .over
    connection.close(sessions.reactor)
    release()
    sessions.remove(self)
    sessions.acceptors.descriptorFreed()
  }

  /// Gives back the state that only an opening that goes on needs.
  func release() {
    pending = nil
    search?.cancel()
    search = nil
    refusalRelay?.cancel()
    refusalRelay = nil
    place = nil
    proxyHeader = nil
    head = []
    connection.unconsumed = KeptInput()
    parser = RequestHeadParser(maximumByteCount: 0)
    account()
  }

  /// Updates the bytes that the openings hold.
  func account() {
    // The bytes of a head count twice, as they lie in its fields as well.
    var count = phase == .over ? 0 : 2 * head.count
    if phase == .securing, connection.tls != nil { count += TLSConnection.handshakeByteCount }
    guard count != heldByteCount else { return }
    let difference = count - heldByteCount
    heldByteCount = count
    sessions.openingHolds(difference)
  }
}

extension OpeningConnection: ReactorHandler {
  /// Acts on the socket's readiness at once or, in a turn that has gone on for long, at its end or
  /// in a later one: a handshake costs as much as ten messages, and thousands may come at once.
  func handle(_ readiness: Readiness) {
    guard phase != .over else { return }
    let isWaiting = !lateReadiness.isEmpty
    guard isWaiting || sessions.isLate else { return act(on: readiness) }
    lateReadiness.formUnion(readiness)
    if !isWaiting { sessions.handleSoon(self) }
  }

  /// Acts on the readiness of its socket since it waits.
  func takeTurn() {
    let readiness = lateReadiness
    lateReadiness = []
    guard phase != .over else { return }
    act(on: readiness)
  }

  private func act(on readiness: Readiness) {
    if readiness.wantsWrite {
      if connection.flush(sessions.reactor).hasFailed { return close() }
      if phase == .refused { connection.endTLSIfSent() }
      answerWasSent()
    }
    if connection.isPaused {
      if readiness.isBroken { close() }
      return
    }
    switch phase {
    case .securing, .reading:
      if !hasBegun {
        receiveBeginning(isEnd: readiness.isEnd)
      } else if isSecuring {
        waitForTurn()
      } else if connection.tls != nil {
        receiveSealed()
      } else {
        receive()
      }
    case .refused: discard()
    case .deciding, .over: break
    }
  }

  func handleDeadline() {
    guard phase != .over else { return }
    guard sessions.now >= deadline else {
      return connection.setDeadline(deadline, with: sessions.reactor)
    }
    switch phase {
    case .refused: close()
    case .securing:
      sessions.server.ledger.recordRefusal("tls-handshake-timed-out", status: 0)
      close()
    case .reading, .deciding, .over: refuse(.handshakeTimedOut)
    }
  }
}

@available(*, unavailable)
extension OpeningConnection: Sendable {}
