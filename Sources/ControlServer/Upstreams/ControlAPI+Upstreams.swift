internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The requests for the services behind routes.
extension ControlAPI {
  /// What an operator does to an upstream.
  enum UpstreamAct {
    /// It takes no new sessions.
    case drain
    /// It takes sessions again.
    case resume
  }

  /// All upstreams, in the order of the routes and their lists.
  func upstreams() -> UpstreamList {
    let all = allUpstreams
    upstreamMeter.want(all, at: reactor.now)
    return list(all)
  }

  /// Drains or resumes the upstreams of a name.
  func perform(
    _ act: UpstreamAct, on selection: UpstreamSelection, for actor: ControlActor
  ) throws(ControlRefusal) -> UpstreamList {
    try check(run: selection.engine)
    if let route = selection.route, !context.server.hasRoute(UTF8Name(route)) {
      throw noRoute(route)
    }
    let pools = context.server.upstreamPools.filter { pool in
      selection.route.map { UTF8Name($0) == UTF8Name(pool.route) } ?? true
    }
    let found = pools.compactMap { $0.pool.upstream(named: UTF8Name(selection.name)) }
    guard !found.isEmpty else { throw noUpstream(selection, among: pools.map(\.pool)) }
    let request: ControlRequest =
      switch act {
      case .drain: .drainUpstream(selection)
      case .resume: .resumeUpstream(selection)
      }
    for upstream in found {
      record(
        EventDraft(
          .act, Self.sentence(act, upstream), actor: actor.name,
          command: context.commands.line(request)))
    }
    return list(found)
  }

  /// Measures the rates of upstreams, while a client looks.
  func measureUpstreams() {
    upstreamMeter.tick({ allUpstreams }, at: reactor.now)
  }

  private var allUpstreams: [Upstream] {
    context.server.upstreamPools.flatMap { $0.pool.upstreams }
  }

  private func list(_ upstreams: [Upstream]) -> UpstreamList {
    // Failures and pauses were noted in the turns of other reactors, which may have begun later.
    let now = SystemClock.monotonic()
    return UpstreamList(
      engine: engineRun,
      upstreams: upstreams.map { upstream in
        UpstreamRow(upstream, rates: upstreamMeter.rates(of: upstream), at: now)
      })
  }

  /// Carries an act out, and tells the result.
  private static func sentence(_ act: UpstreamAct, _ upstream: Upstream) -> String {
    let subject = "upstream \(upstream.name) of \(upstream.route)"
    switch act {
    case .drain:
      guard upstream.drain() else { return "\(subject) was draining already" }
      let count = upstream.status().sessionCount
      return "draining \(subject): no new sessions, "
        + (count == 0 ? "none is open" : "\(count) open \(count == 1 ? "one stays" : "ones stay")")
    case .resume:
      return upstream.resume()
        ? "resumed \(subject): it takes sessions again" : "\(subject) was not draining"
    }
  }

  private func noUpstream(
    _ selection: UpstreamSelection, among pools: [UpstreamPool]
  ) -> ControlRefusal {
    let names = pools.flatMap { $0.upstreams.map(\.name.text) }
    var message = "no such upstream as \(UntrustedText.escaped(selection.name, limit: 64))"
    message += selection.route.map { " of \(UntrustedText.escaped($0, limit: 64))" } ?? ""
    if let nearest = NearestName.of(selection.name, among: names) {
      message += "; the nearest is \(UntrustedText.escaped(nearest, limit: 64))"
    } else if names.isEmpty {
      message += "; there are none"
    } else {
      // The list is cut for a person.
      let shown = names.prefix(20).map { UntrustedText.escaped($0, limit: 64) }
      message += "; they are " + shown.joined(separator: " ") + (names.count > 20 ? " ..." : "")
    }
    return ControlRefusal(status: 404, code: "no-such-upstream", message)
  }
}
