internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The sessions that are over a limit's new value, in the order in which they would be closed.
struct SessionsOver {
  /// An open session with the values to sort by.
  fileprivate struct Candidate {
    var id: SessionID
    /// The value for `largest`: the amount that the limit counts, or the session's traffic.
    var weight: Int
    /// The value for `idlest`: the last message, in nanoseconds.
    var lastMessage: Int64
    /// The value for `newest`, in nanoseconds of the monotonic clock.
    var openedAt: Int64
  }

  /// The sessions; nil if it is not known which are over.
  let ids: [SessionID]?

  /// Looks at every session that the plan reaches.
  ///
  /// - Complexity: O(*n* log *n*) in the sessions that are over.
  init(_ item: LimitPlan.Item, of plan: LimitPlan, _ order: OverLimitOrder, in observer: Observer) {
    guard item.key.knowsSessionsOver else {
      ids = nil
      return
    }
    guard case .amount(let amount) = item.new else {
      ids = []
      return
    }
    switch item.key {
    case .sessions:
      let all = Self.candidates(item, plan, observer) { Self.traffic($1) }
      ids = Self.excess(all, over: amount, order)
    case .sessionsPerAddress:
      var byAddress: [IPAddress: [Candidate]] = [:]
      observer.forEachSession { profile, sample in
        // Sessions of Unix sockets have no address, and the limit does not hold for them.
        guard sample.state == .open, let address = IPAddress(profile.remoteAddress) else { return }
        byAddress[address, default: []].append(
          Candidate(profile, sample, weight: Self.traffic(sample)))
      }
      let chosen = byAddress.values.filter { $0.count > amount }.flatMap {
        Self.sorted($0, order).prefix($0.count - amount)
      }
      ids = Self.sorted(chosen, order).map(\.id)
    default:
      let moment = observer.moment
      let over = Self.candidates(item, plan, observer) { profile, sample in
        let count = Self.measure(item.key, profile, sample, plan, moment)
        return count > amount ? count : nil
      }
      ids = Self.sorted(over, order).map(\.id)
    }
  }

  /// The amount of one session that a limit counts.
  private static func measure(
    _ key: LimitKey, _ profile: SessionProfile, _ sample: SessionSample, _ plan: LimitPlan,
    _ moment: Moment
  ) -> Int {
    switch key {
    case .messageBytes: max(sample.largestIn, sample.largestOut)
    case .backlogBytes: sample.backlog
    case .idleTimeout: Int(moment.secondsSince(sample.lastMessage) * 1000)
    case .roomsPerSession: plan.roomCounts[profile.id] ?? 0
    default: 0
    }
  }

  private static func traffic(_ sample: SessionSample) -> Int { sample.bytesIn &+ sample.bytesOut }

  private static func candidates(
    _ item: LimitPlan.Item, _ plan: LimitPlan, _ observer: Observer,
    weight: (SessionProfile, SessionSample) -> Int?
  ) -> [Candidate] {
    var found: [Candidate] = []
    observer.forEachSession { profile, sample in
      guard sample.state == .open, plan.reaches(profile, item),
        let weight = weight(profile, sample)
      else { return }
      found.append(Candidate(profile, sample, weight: weight))
    }
    return found
  }

  private static func excess(
    _ candidates: [Candidate], over amount: Int, _ order: OverLimitOrder
  ) -> [SessionID] {
    guard candidates.count > amount else { return [] }
    return sorted(candidates, order).prefix(candidates.count - amount).map(\.id)
  }

  /// The candidates in closing order; equals by their names.
  private static func sorted(_ candidates: [Candidate], _ order: OverLimitOrder) -> [Candidate] {
    candidates.sorted { left, right in
      let (first, second) =
        switch order {
        case .largest: (Int64(right.weight), Int64(left.weight))
        case .idlest: (left.lastMessage, right.lastMessage)
        case .newest: (right.openedAt, left.openedAt)
        }
      return first == second ? left.id < right.id : first < second
    }
  }
}

extension SessionsOver.Candidate {
  fileprivate init(_ profile: SessionProfile, _ sample: SessionSample, weight: Int) {
    self.init(
      id: profile.id, weight: weight, lastMessage: sample.lastMessage.nanoseconds,
      openedAt: sample.openedAt.nanoseconds)
  }
}
