import Synchronization
package import Vocabulary
package import WebSocketProtocol

/// The upstreams of one route, of which each session gets one.
///
/// Shared by all reactors. Its lock is taken when a session is opened, never per message.
package final class UpstreamPool: Sendable {
  /// The most upstreams that a route may have.
  package static let maximumCount = UpstreamURL.maximumCount

  private struct State {
    var policy: UpstreamPolicy
    var members: [Upstream] = []
    /// Upstreams that have sessions yet, though the list has them no more.
    var removed: [Upstream] = []
    /// The place in the list behind the one that was chosen last.
    var turn = 0
  }

  /// The pattern of the route.
  package let route: String
  private let reactorCount: Int
  private let notices: Notices
  private let jitter: @Sendable () -> Double
  private let state: Mutex<State>

  /// The upstreams of a route.
  ///
  /// - Parameters:
  ///   - jitter: a random number from 0 to 1 for each pause.
  /// - Precondition: there are at most 64 targets.
  package init(
    route: String, targets: [UpstreamURL], policy: UpstreamPolicy = .leastSessions,
    reactorCount: Int, notices: Notices,
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
  ) {
    self.route = route
    self.reactorCount = reactorCount
    self.notices = notices
    self.jitter = jitter
    state = Mutex(State(policy: policy))
    change(to: targets, policy: policy)
  }

  /// The policy.
  package var policy: UpstreamPolicy { state.withLock { $0.policy } }

  /// The upstreams in the order of the list, behind them those that are no more in it and have sessions
  /// yet.
  package var upstreams: [Upstream] {
    state.withLock { state in
      state.removed.removeAll { $0.placeCount == 0 }
      return state.members + state.removed
    }
  }

  /// The upstream of the list with a name.
  package func upstream(named name: UTF8Name) -> Upstream? {
    state.withLock { state in state.members.first { $0.name == name } }
  }

  /// Replaces the list and the policy.
  ///
  /// Upstreams that are in both lists keep their state, sessions and counts, whatever their place; those that
  /// left keep their sessions. A target that is named twice is taken once.
  ///
  /// - Precondition: there are at most 64 targets.
  package func change(to targets: [UpstreamURL], policy: UpstreamPolicy) {
    precondition(targets.count <= Self.maximumCount, "too many upstreams")
    state.withLock { state in
      var known: [UTF8Name: Upstream] = [:]
      for upstream in state.members + state.removed { known[upstream.name] = upstream }
      var members: [Upstream] = []
      var names: Set<UTF8Name> = []
      for target in targets {
        let name = UTF8Name(target.description)
        guard names.insert(name).inserted else { continue }
        let upstream =
          known.removeValue(forKey: name)
          ?? Upstream(
            target, route: route, reactorCount: reactorCount, notices: notices, jitter: jitter)
        upstream.setRemoved(false)
        members.append(upstream)
      }
      for upstream in known.values { upstream.setRemoved(true) }
      state.removed = known.values.filter { $0.placeCount > 0 }
      state.members = members
      state.policy = policy
    }
  }

  /// Chooses an upstream for a session, which has a place there from now on.
  ///
  /// An upstream that is down gets one session when its pause is over, and sooner where no other is
  /// left: one at a time then.
  ///
  /// - Parameters:
  ///   - key: the client's, for a policy that hashes; without one the session goes to where the
  ///     fewest are.
  ///   - tried: upstreams where the session could not be opened.
  /// - Returns: nil if no upstream takes the session now.
  /// - Complexity: O(*n*) in the upstreams.
  package func choose(
    for key: UpstreamKey? = nil, excluding tried: [Upstream] = [], at now: Instant
  ) -> UpstreamPlace? {
    state.withLock { state in
      var choice = UpstreamChoice(state.policy, key: key, turn: state.turn)
      for (index, upstream) in state.members.enumerated()
      where !tried.contains(where: { $0 === upstream }) {
        if let candidacy = upstream.candidacy(at: now) {
          choice.consider(upstream, candidacy, at: index, of: state.members.count)
        }
      }
      guard let index = choice.index else { return nil }
      state.turn = index + 1
      return state.members[index].takePlace(at: now)
    }
  }
}

/// The choice of one among a list of upstreams.
private struct UpstreamChoice {
  private let policy: UpstreamPolicy
  private let key: UpstreamKey?
  private let turn: Int
  private var best: (index: Int, rank: Rank)?
  private var lastResort: (index: Int, until: Instant)?

  /// The order in which upstreams are preferred: the smallest comes first.
  private struct Rank: Comparable {
    var measure: UInt64
    /// How many places behind the one whose turn it is.
    var distance: Int

    static func < (left: Rank, right: Rank) -> Bool {
      left.measure == right.measure
        ? left.distance < right.distance : left.measure < right.measure
    }
  }

  init(_ policy: UpstreamPolicy, key: UpstreamKey?, turn: Int) {
    self.policy = policy
    self.key = key
    self.turn = turn
  }

  /// The place of the best in the list; nil if there is none.
  var index: Int? { best?.index ?? lastResort?.index }

  mutating func consider(
    _ upstream: Upstream, _ candidacy: Upstream.Candidacy, at index: Int, of count: Int
  ) {
    guard candidacy.isAvailable else {
      guard let until = candidacy.lastResort else { return }
      if lastResort.map({ until < $0.until }) ?? true { lastResort = (index, until) }
      return
    }
    let rank = Rank(
      measure: measure(upstream, candidacy), distance: (index + count - turn % count) % count)
    if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
  }

  private func measure(_ upstream: Upstream, _ candidacy: Upstream.Candidacy) -> UInt64 {
    if policy.wantsKey, let key { return .max - key.weight(of: upstream.key) }
    return policy == .roundRobin ? 0 : UInt64(candidacy.placeCount)
  }
}
