import EventLoop
import Vocabulary
import WebSocketProtocol

extension OpeningConnection {
  /// Looks for an upstream that takes the session; the client is answered when that has answered.
  func relay(
    _ request: Request, _ upgrade: UpgradeRequest, _ route: RouteState, through gateway: Gateway
  ) {
    guard let pool = route.pool else { preconditionFailure("a relayed route has upstreams") }
    // The client's frames wait in the kernel, and each attempt has a time limit of its own.
    deadline = Instant(nanoseconds: .max)
    connection.setPause(.acceptance, true, with: sessions.reactor)
    let key: UpstreamKey? =
      switch gateway.policy {
      case .leastSessions, .roundRobin: nil
      case .hashAddress: UpstreamKey(request.remoteAddress.utf8)
      case .hashHeader(let name): upgrade.head.headers[name].map { UpstreamKey($0.utf8) }
      }
    let question = UpstreamSearch.Question(
      sessionID: id, upgrade: upgrade, client: forwardedClient(of: request), key: key,
      gateway: gateway, route: route, pool: pool)
    let search = UpstreamSearch(question, on: sessions) { [self] outcome in
      self.search = nil
      switch outcome {
      case .open(let leg, let agreement, let headers): accept(request, leg, agreement, headers)
      case .refusal(let refusal, let body, let dial): passOn(refusal, body, from: dial)
      case .refused(let refusal): refuse(refusal)
      }
    }
    self.search = search
    search.start()
  }

  /// The far end of the connection, as upstreams are told of it: what a PROXY header tells counts as
  /// the connection itself.
  private func forwardedClient(of request: Request) -> ForwardedClient {
    guard proxyHeader == nil else {
      let isInternet = request.remoteAddress != "unix"
      return ForwardedClient(
        address: isInternet ? request.remoteAddress : nil, isSecure: request.isSecure)
    }
    return ForwardedClient(
      ClientAddress(peer), isSecure: tls != nil,
      isTrusted: sessions.server.isTrustedProxy(peer))
  }

  private func accept(
    _ request: Request, _ leg: UpstreamLeg, _ agreement: ClientHandshake.Agreement,
    _ headers: Headers
  ) {
    var request = request
    request.subprotocol = agreement.subprotocol
    for field in headers { request.responseHeaders.append(field) }
    do throws(HandshakeResponse.Failure) {
      guard try accept(request, handler: Relay(to: leg)) == nil else { return }
    } catch {
      refuse(.upstreamAnswerInvalid)
    }
    leg.closeAfterOutput(.goingAway, reason: "client gone", by: .network)
  }
}
