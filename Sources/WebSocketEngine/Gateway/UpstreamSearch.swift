import EventLoop
import Vocabulary
import WebSocketProtocol

/// The search for an upstream that takes the session of a client who waits: one attempt after the
/// other, as long as nothing of the client's request can have been acted on.
///
/// Confined to its reactor.
final class UpstreamSearch {
  /// The most upstreams that are tried for one client.
  static let maximumAttemptCount = 3

  /// The end of a search.
  enum Outcome {
    /// The upstream's side is open; the fields are for the client's 101.
    case open(UpstreamLeg, ClientHandshake.Agreement, headers: Headers)
    /// The upstream refuses, in this connection: its body begins with the bytes.
    case refusal(UpstreamRefusal, body: [UInt8], UpstreamDial)
    /// No upstream takes it.
    case refused(HandshakeRefusal)
  }

  /// The client's request, and where it goes.
  struct Question {
    let sessionID: SessionID
    let upgrade: UpgradeRequest
    let client: ForwardedClient
    /// The key for a policy that hashes.
    let key: UpstreamKey?
    let gateway: Gateway
    let route: RouteState
    let pool: UpstreamPool
  }

  private let question: Question
  private let sessions: SessionReactor
  private var completion: ((Outcome) -> Void)?
  private var tried: [Upstream] = []
  private var place: UpstreamPlace?
  private var descriptor: UpstreamDescriptor?
  private var began = Instant(nanoseconds: 0)
  private var dial: UpstreamDial? {
    didSet { sessions.dials[question.sessionID] = dial }
  }

  /// Takes the outcome; called once, perhaps at once, unless the search is given up.
  init(
    _ question: Question, on sessions: SessionReactor, _ completion: @escaping (Outcome) -> Void
  ) {
    self.question = question
    self.sessions = sessions
    self.completion = completion
  }

  /// Tries the first upstream.
  func start() {
    do throws(HandshakeRefusal) {
      descriptor = try sessions.server.admission.admitUpstream()
    } catch {
      return end(.refused(error))
    }
    if !tryNext() { end(.refused(.noUpstream)) }
  }

  /// Gives the search up, without an outcome.
  func cancel() {
    completion = nil
    dial?.cancel()
    dial = nil
    place = nil
    descriptor = nil
  }

  /// Tries another upstream; false if there is none.
  private func tryNext() -> Bool {
    let now = sessions.now
    guard tried.count < Self.maximumAttemptCount,
      let place = question.pool.choose(for: question.key, excluding: tried, at: now)
    else { return false }
    let upstream = place.upstream
    self.place = consume place
    tried.append(upstream)
    began = SystemClock.monotonic()
    let request = UpstreamRequest(
      for: question.upgrade, to: upstream.url, pattern: question.route.pattern,
      client: question.client, rules: question.gateway.headerRules)
    let dial = UpstreamDial(
      upstream.url, tls: question.gateway.tls, for: question.sessionID, request, on: sessions)
    self.dial = dial
    dial.start(timeout: .nanoseconds(question.route.limits.upstreamTimeout)) { [self] outcome in
      self.dial = nil
      ended(dial, outcome)
    }
    return true
  }

  private func ended(_ dial: UpstreamDial, _ outcome: UpstreamDial.Outcome) {
    let now = SystemClock.monotonic()
    switch outcome {
    case .open(let agreement, let headers):
      guard var place = place.take() else { return }
      place.succeeded(connectTime: began.duration(to: now), at: now)
      var connection = Connection()
      swap(&connection, &dial.connection)
      let leg = UpstreamLeg(
        place, descriptor.take(), of: question.sessionID, route: question.route,
        reactor: sessions, connection: connection)
      leg.connection.setHandler(leg, with: sessions.reactor)
      end(.open(leg, agreement, headers: headers))
    case .refusal(let refusal, let body):
      let failure: UpstreamFailure? =
        switch refusal.status {
        case .serviceUnavailable: .unavailable
        case .gatewayTimeout: .gatewayTimeout
        default: nil
        }
      if let failure {
        place?.failed(failure, "it answers \(refusal.status.rawValue)", at: now)
      }
      place = nil
      // A 503 says that the request was not acted on, so that another upstream may be asked.
      if failure == .unavailable, tryNext() { return dial.discard() }
      end(.refusal(refusal, body: body, dial))
    case .failure(let reason, let text, let isUnsent):
      place?.failed(reason, text, at: now)
      place = nil
      let refusal: HandshakeRefusal =
        switch reason {
        case .timedOut: .upstreamTimedOut
        case .badAnswer: .upstreamAnswerInvalid
        case .refused, .unreachable, .tls, .reset, .unavailable, .gatewayTimeout:
          .upstreamUnreachable
        }
      if isUnsent, tryNext() { return }
      end(.refused(refusal))
    }
  }

  private func end(_ outcome: Outcome) {
    let completion = completion.take()
    completion?(outcome)
  }
}

@available(*, unavailable)
extension UpstreamSearch: Sendable {}
