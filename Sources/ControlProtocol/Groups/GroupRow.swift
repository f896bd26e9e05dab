internal import Vocabulary

/// A room, a route or a group of live sessions, with its sessions and its traffic.
public struct GroupRow: Codable, Equatable, Sendable {
  /// Its name: the room's, the pattern of the route, or what the sessions have in common, empty for
  /// those that have nothing of the field; not escaped for display.
  public var name: String
  /// How many sessions are in it now.
  @Tolerant public var sessions = 0
  /// Messages received: by a room its broadcasts, by a route the messages of its sessions.
  @Tolerant public var messagesIn = 0
  /// Messages sent: by a room one for each member that a broadcast went to.
  @Tolerant public var messagesOut = 0
  /// Payload bytes received.
  @Tolerant public var bytesIn = 0
  /// Payload bytes sent.
  @Tolerant public var bytesOut = 0
  /// Output that the peers have yet to take, in bytes, of a group of live sessions; 0 of others.
  @Tolerant public var backlogBytes = 0
  /// The rates of the last measurement; nil before there are two.
  public var rates: Rates?

  /// Rates per second.
  public struct Rates: Codable, Equatable, Sendable {
    /// Messages received.
    @Tolerant public var messagesIn = 0.0
    /// Messages sent.
    @Tolerant public var messagesOut = 0.0
    /// Payload bytes received.
    @Tolerant public var bytesIn = 0.0
    /// Payload bytes sent.
    @Tolerant public var bytesOut = 0.0

    /// No traffic.
    public init() {}
  }

  /// A group without sessions or traffic.
  public init(name: String) {
    self.name = name
  }

  /// Adds the counts of the same group in another part of the engine.
  public mutating func add(_ other: GroupRow) {
    sessions &+= other.sessions
    messagesIn &+= other.messagesIn
    messagesOut &+= other.messagesOut
    bytesIn &+= other.bytesIn
    bytesOut &+= other.bytesOut
    backlogBytes &+= other.backlogBytes
  }

  /// Adds a session's rates.
  package mutating func add(_ session: SessionRates) {
    var sum = rates ?? Rates()
    sum.messagesIn += session.messagesIn
    sum.messagesOut += session.messagesOut
    sum.bytesIn += session.bytesIn
    sum.bytesOut += session.bytesOut
    rates = sum
  }

  /// Sets the rates from an earlier row of the same group.
  public mutating func setRates(since before: GroupRow, seconds: Double) {
    guard seconds > 0 else { return }
    // A count falls if the members of a room all left meanwhile: the room is another one then.
    func rate(_ count: KeyPath<GroupRow, Int>) -> Double {
      Double(max(0, self[keyPath: count] &- before[keyPath: count])) / seconds
    }
    var rates = Rates()
    rates.messagesIn = rate(\.messagesIn)
    rates.messagesOut = rate(\.messagesOut)
    rates.bytesIn = rate(\.bytesIn)
    rates.bytesOut = rate(\.bytesOut)
    self.rates = rates
  }
}

/// A window of the table of rooms, routes or groups of live sessions: the reply to `GET /v1/rooms`,
/// `/v1/routes` and `/v1/groups`.
public struct GroupList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// Rooms or routes; of no meaning for groups of live sessions.
  public var kind: GroupKind
  /// The field by which live sessions are grouped; nil for rooms and routes, and from an engine that
  /// groups no sessions.
  public var by: SessionGrouping?
  /// How many sessions are in groups that were left out, since an engine counts so many at most.
  @Tolerant public var leftOutSessions = 0
  /// How many there are, in and out of the window.
  public var total: Int
  /// The index where the window begins.
  public var offset: Int
  /// The rows of the window, sorted.
  @Tolerant public var groups: [GroupRow]

  /// A window.
  public init(engine: String, kind: GroupKind, total: Int, offset: Int, groups: [GroupRow]) {
    self.engine = engine
    self.kind = kind
    self.total = total
    self.offset = offset
    self.groups = groups
  }
}

extension GroupQuery {
  /// Whether a row comes before another one in this order.
  public func precedes(_ left: GroupRow, _ right: GroupRow) -> Bool {
    let (first, second) = isDescending ? (right, left) : (left, right)
    let (low, high) = (rank(first), rank(second))
    if low != high { return low < high }
    // `name` is compared last, since names are unique, so that the order is stable.
    return UTF8Name(left.name) < UTF8Name(right.name)
  }

  private func rank(_ row: GroupRow) -> Rank {
    switch sort {
    case .name: Rank(text: UTF8Name(row.name))
    case .sessions: Rank(rate: Double(row.sessions))
    case .messagesIn: Rank(rate: row.rates?.messagesIn ?? 0, total: row.messagesIn)
    case .messagesOut: Rank(rate: row.rates?.messagesOut ?? 0, total: row.messagesOut)
    case .bytesIn: Rank(rate: row.rates?.bytesIn ?? 0, total: row.bytesIn)
    case .bytesOut: Rank(rate: row.rates?.bytesOut ?? 0, total: row.bytesOut)
    case .backlog: Rank(total: row.backlogBytes)
    }
  }

  private struct Rank: Comparable {
    var rate = 0.0
    var total = 0
    var text: UTF8Name = ""

    static func < (left: Rank, right: Rank) -> Bool {
      (left.rate, left.total, left.text) < (right.rate, right.total, right.text)
    }
  }
}
