import EventLoop
import Vocabulary
import WebSocketProtocol

/// A connection from its accept to the end of the opening handshake: it becomes a session, or is
/// refused.
///
/// Confined to its reactor.
final class OpeningConnection {
  /// Where the handshake stands.
  private enum Phase {
    /// The request's head is read.
    case reading
    /// An asynchronous handler decides.
    case deciding
    /// Refused: the rest of the input is discarded until the peer is done.
    case refused
    /// It is a session now, or closed.
    case over
  }

  /// Input that is read and thrown away after a refusal.
  static let maximumDiscardedByteCount = 1 << 20

  let id: SessionID
  let sessions: SessionReactor
  private let peer: PeerAddress
  private let listener: String
  private let openedAt = SystemClock.secondsSince1970()
  private var connection: Connection
  private var phase: Phase = .reading
  private var parser: RequestHeadParser
  private var head: [UInt8] = []
  private var deadline: Instant
  private var pending: Pending?
  private var discardedByteCount = 0

  /// A request that was found good, while its handler decides.
  private struct Pending: ~Copyable {
    var request: Request
    var route: RouteState
    var ticket: AdmissionTicket
  }

  /// Watches an accepted connection for its request.
  static func begin(
    _ descriptor: Int32, from peer: PeerAddress, listener: String, on sessions: SessionReactor
  ) {
    let opening = OpeningConnection(
      descriptor: descriptor, peer: peer, listener: listener, sessions: sessions)
    do {
      try opening.connection.register(opening, with: sessions.reactor)
    } catch {
      return sessions.acceptors.exhausted(error)
    }
    sessions.counters.add(1, to: .openingNow)
    sessions.openings[opening.id] = opening
    opening.connection.setDeadline(opening.deadline, with: sessions.reactor)
  }

  private init(
    descriptor: Int32, peer: PeerAddress, listener: String, sessions: SessionReactor
  ) {
    let limits = sessions.limits.engine
    id = sessions.makeSessionID()
    self.sessions = sessions
    self.peer = peer
    self.listener = listener
    connection = Connection(owning: descriptor, registration: nil)
    parser = RequestHeadParser(maximumByteCount: limits.headerByteCount)
    deadline = sessions.now.advanced(by: .nanoseconds(limits.handshakeTimeout))
  }

  // MARK: What an asynchronous handler decides

  /// Answers the handshake and opens the session.
  ///
  /// - Parameter request: the request with the subprotocol and the headers to answer with.
  /// - Returns: the session; nil if the peer is gone or the handshake's time is over.
  /// - Throws: `HandshakeResponse.Failure` for an answer that would be wrong.
  func accept(
    _ request: Request, handler: any SessionHandler
  ) throws(HandshakeResponse.Failure) -> Session? {
    guard phase == .deciding else { return nil }
    guard sessions.isAccepting else {
      refuse(.draining)
      return nil
    }
    let deflate = PermessageDeflate.answer(
      to: request.upgrade.extensions, mode: sessions.server.configuration.compression)
    let response = try HandshakeResponse(
      to: request.upgrade, subprotocol: request.subprotocol,
      extensions: deflate.map { [$0.extension] } ?? [], headers: request.responseHeaders)
    guard var pending = pending.take() else { return nil }
    pending.request = request
    return open(pending, response, deflate?.parameters, handler)
  }

  /// Refuses the handshake, for a reason that is counted.
  func refuse(_ refusal: HandshakeRefusal, headers: Headers = Headers()) {
    guard phase == .reading || phase == .deciding else { return }
    pending = nil
    sessions.server.ledger.recordRefusal(refusal.name, status: refusal.status.rawValue)
    phase = .refused
    let response = refusal.response(extraHeaders: headers)
    // A response that does not fit into an empty socket's buffer is not worth waiting for.
    _ = Syscalls.send(connection.descriptor, response.span)
    Syscalls.shutdownWriting(connection.descriptor)
    connection.setPause(.acceptance, false, with: sessions.reactor)
    deadline = sessions.now.advanced(
      by: .nanoseconds(sessions.limits.unrouted.closeTimeout))
    connection.setDeadline(deadline, with: sessions.reactor)
  }

  // MARK: Steps

  private func receive() {
    let input = sessions.input
    let descriptor = connection.descriptor
    switch input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count):
      if phase == .refused {
        discardedByteCount += count
        if discardedByteCount > Self.maximumDiscardedByteCount { close() }
        return
      }
      input.withSpan { head.append(copying: $0.extracting(0..<count)) }
      switch parser.parse(head.span) {
      case .incomplete: break
      case .refused(let refusal): refuse(refusal)
      case .head(let request, let byteCount):
        connection.unconsumed = Array(head[byteCount...])
        head = []
        decide(request)
      }
    case .wouldBlock: break
    case .endOfStream, .failed: close()
    }
  }

  private func decide(_ head: RequestHead) {
    do {
      let upgrade = try UpgradeRequest(head)
      guard sessions.isAccepting else { throw HandshakeRefusal.draining }
      guard
        sessions.server.configuration.origins.allows(
          origin: upgrade.origin, host: head.host, isSecure: false)
      else { throw HandshakeRefusal.originNotAllowed }
      let match = try sessions.server.router.match(head.path)
      let route = match.route
      let ticket = try sessions.server.admission.admit(
        address: peer.port == 0 ? nil : peer.address)
      var request = Request(
        upgrade, sessionID: id, route: route.pattern, parameters: match.parameters,
        remoteAddress: peer.address, remotePort: Int(peer.port), isSecure: false)
      try request.pass(route.middleware)
      phase = .deciding
      switch route.target {
      case .session(let make):
        let handler = try make(&request)
        pending = Pending(
          request: request, route: sessions.routes[route.index], ticket: ticket)
        _ = try accept(request, handler: handler)
      case .webSocket(let body):
        connection.setPause(.acceptance, true, with: sessions.reactor)
        pending = Pending(
          request: request, route: sessions.routes[route.index], ticket: ticket)
        WebSocket.start(body, for: self, request: request)
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

  /// An error of the handler's own: the peer learns nothing of it.
  func log(_ error: any Error) {
    sessions.server.log(
      "opening handshake failed", about: [("session", "\(id)"), ("error", "\(error)")])
  }

  private func open(
    _ pending: consuming Pending, _ response: HandshakeResponse, _ deflate: DeflateParameters?,
    _ handler: any SessionHandler
  ) -> Session? {
    let identity = SessionIdentity(
      id: id, openedAt: Int64(openedAt * 1e9), route: pending.route.index)
    let flags: SessionFlags = deflate == nil ? [] : .compressed
    guard
      let record = sessions.slab.allocate(identity, state: .open, flags: flags, at: sessions.now)
    else {
      refuse(.tooManySessions)
      return nil
    }
    guard
      case .bytes(response.bytes.count) = Syscalls.send(
        connection.descriptor, response.bytes.span)
    else {
      // The socket's buffer is empty: if a few hundred bytes do not fit, the peer is gone.
      sessions.slab.setState(record, .closed)
      sessions.slab.release(record)
      close()
      return nil
    }
    phase = .over
    sessions.counters.add(-1, to: .openingNow)
    sessions.openings[id] = nil
    var taken = Connection(owning: -1, registration: nil)
    swap(&taken, &connection)
    taken.setPause(.acceptance, false, with: sessions.reactor)
    let request = pending.request
    let route = pending.route
    let session = Session(
      id: id, request: request, subprotocol: response.subprotocol, reactor: sessions,
      route: route, record: record, ticket: pending.ticket, connection: taken,
      compression: deflate.map(sessions.compression.make), handler: handler)
    session.connection.setHandler(session, with: sessions.reactor)
    sessions.add(
      session,
      SessionProfile(
        id: id, record: record, route: route.pattern, request: request,
        subprotocol: response.subprotocol, listener: listener, openedAt: openedAt))
    session.begin()
    return session
  }

  /// Ends the connection without a word.
  func close() {
    guard phase != .over else { return }
    phase = .over
    pending = nil
    connection.close(sessions.reactor)
    sessions.counters.add(-1, to: .openingNow)
    sessions.openings[id] = nil
    sessions.acceptors.descriptorFreed()
  }
}

extension OpeningConnection: ReactorHandler {
  func handle(_ readiness: Readiness) {
    guard phase != .over else { return }
    if connection.isPaused {
      if readiness.isBroken { close() }
    } else {
      receive()
    }
  }

  func handleDeadline() {
    guard phase != .over else { return }
    guard sessions.now >= deadline else {
      return connection.setDeadline(deadline, with: sessions.reactor)
    }
    if phase == .refused {
      close()
    } else {
      refuse(.handshakeTimedOut)
    }
  }
}

@available(*, unavailable)
extension OpeningConnection: Sendable {}
