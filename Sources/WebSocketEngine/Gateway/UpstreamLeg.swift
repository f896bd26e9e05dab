import EventLoop
import Vocabulary
import WebSocketProtocol

/// The leg of a relayed session to its upstream: a client's side of a WebSocket.
///
/// Confined to the session's reactor.
final class UpstreamLeg: Leg {
  /// The upstream, and the place that the session takes there.
  private var place: UpstreamPlace?
  private let upstream: Upstream
  private var descriptor: UpstreamDescriptor?
  /// The session that it is of; nil once it is over.
  private var session: Session?
  private let sessionID: SessionID
  private let pattern: String
  private var wireOut = 0

  /// A leg whose opening handshake is done; takes over the connection.
  init(
    _ place: consuming UpstreamPlace, _ descriptor: consuming UpstreamDescriptor?,
    of sessionID: SessionID, route: RouteState, reactor: SessionReactor,
    connection: consuming Connection
  ) {
    upstream = place.upstream
    self.place = consume place
    self.descriptor = consume descriptor
    self.sessionID = sessionID
    pattern = route.pattern
    super.init(
      role: .client, reactor: reactor, limits: route.limits, connection: connection,
      compression: nil)
    setInspection(.relayed, true)
    reactor.upstreamLegs[ObjectIdentifier(self)] = self
    reactor.counters.add(1, to: .upstreamsNow)
  }

  /// Relays between the upstream and a session that is open from here on.
  func begin(for session: Session) {
    self.session = session
    adopt(session.limits)
    inspectionChanged()
    scheduleWakeUp()
    reactor.resumeInputSoon(self)
  }

  /// Takes it that the session is over: the upstream is told in its own terms.
  ///
  /// A code that stands for no close frame is never sent (RFC 6455 §7.4.1).
  func sessionClosed(_ close: SessionClose) {
    guard phase == .open else { return }
    switch close.initiator {
    case .peer:
      let code = close.code.mayBeSent ? close.code : nil
      closeAfterOutput(code, reason: close.reason, by: close.initiator)
    case .operator, .handler:
      closeAfterOutput(close.code, reason: close.reason, by: close.initiator)
    case .shutdown, .upstream: closeAfterOutput(.goingAway, reason: "", by: close.initiator)
    case .limit, .protocolViolation, .timeout, .network:
      let isLost = close.code == .abnormalClosure
      closeAfterOutput(
        isLost ? .internalError : .goingAway,
        reason: isLost ? "client connection lost" : "client closed: \(close.initiator)",
        by: close.initiator)
    }
  }

  // MARK: What a leg asks of its kind

  override var id: SessionID { sessionID }

  override var routePattern: String { pattern }

  override var counterpart: Leg? { session }

  override func deliver(_ message: Span<UInt8>, as kind: MessageKind) {
    guard phase == .open, let session else { return }
    reactor.relayed.change { $0.received(messageOf: message.count) }
    session.relay(message, as: MessagePart(whole: kind), messageByteCount: message.count)
  }

  override func pass(_ payload: Span<UInt8>, as part: MessagePart) {
    guard phase == .open, let session else { return }
    let byteCount = part.isFinal ? receiver.change { $0.passedByteCount } : 0
    if part.isFinal { reactor.relayed.change { $0.received(messageOf: byteCount) } }
    session.relay(payload, as: part, messageByteCount: byteCount)
  }

  /// Sends what the client sent.
  func relay(_ payload: Span<UInt8>, as part: MessagePart, messageByteCount: Int) {
    guard phase == .open else { return }
    setMark(.midMessage, !part.isFinal)
    // Reading pauses long before the backlog is full, and a breach closes by itself.
    _ = try? transmit(payload, as: part, messageByteCount: messageByteCount)
  }

  override func publish(_ delta: TurnDelta, isOwing: Bool = true) {
    wireOut &+= delta.wireOut
    upstream.traffic.add(delta, ofReactor: reactor.handle.index)
    if isOwing || !marks.isDisjoint(with: [.holdingInput, .accounted]) { account() }
  }

  // An upstream that is silent is no idle one: `idle-timeout` is the session's.
  override var lastMessage: Instant { reactor.now }

  override var wireOutByteCount: Int { wireOut }

  override func inspectionChanged() {
    // A tap is shown whole messages.
    let passesParts = session?.isTapped == false
    receiver.change { $0.passesParts = passesParts }
  }

  override func ended(_ close: SessionClose) {
    if close.code == .abnormalClosure {
      place?.failed(.reset, "the connection ended without a close frame", at: reactor.now)
    }
    guard let session, session.phase == .open else { return }
    switch close.initiator {
    case .peer:
      let code = close.code.mayBeSent ? close.code : nil
      session.closeAfterOutput(code, reason: close.reason, by: .upstream)
    case .network, .timeout:
      session.closeAfterOutput(.internalError, reason: "upstream lost", by: .upstream)
    case .protocolViolation(let rule):
      session.closeAfterOutput(.internalError, reason: "upstream: \(rule)", by: .upstream)
    case .limit(let key):
      session.closeAfterOutput(.goingAway, reason: "upstream: over \(key.rawValue)", by: .upstream)
    case .operator, .handler, .shutdown, .upstream: break
    }
  }

  override func removed() {
    session = nil
    place = nil
    descriptor = nil
    reactor.upstreamLegs[ObjectIdentifier(self)] = nil
    reactor.counters.add(-1, to: .upstreamsNow)
    reactor.acceptors.descriptorFreed()
  }
}
