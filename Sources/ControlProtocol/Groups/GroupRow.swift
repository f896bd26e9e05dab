internal import Vocabulary

/// A room or a route as a table shows it.
public struct GroupRow: Codable, Equatable, Sendable {
  /// Its name: the room's, or the pattern of the route; not escaped for display.
  public var name: String
  /// How many sessions are in it now.
  @Tolerant public var sessions = 0
  /// Messages received: for a room its broadcasts, for a route what its sessions sent.
  @Tolerant public var messagesIn = 0
  /// Messages sent: for a room what its broadcasts became for each member.
  @Tolerant public var messagesOut = 0
  /// Payload bytes received.
  @Tolerant public var bytesIn = 0
  /// Payload bytes sent.
  @Tolerant public var bytesOut = 0
  /// What passed a second, as last measured; nil until it was measured twice.
  public var rates: Rates?

  /// What passed a second.
  public struct Rates: Codable, Equatable, Sendable {
    /// Messages received.
    @Tolerant public var messagesIn = 0.0
    /// Messages sent.
    @Tolerant public var messagesOut = 0.0
    /// Payload bytes received.
    @Tolerant public var bytesIn = 0.0
    /// Payload bytes sent.
    @Tolerant public var bytesOut = 0.0

    /// Nothing.
    public init() {}
  }

  /// A group that nothing passed in.
  public init(name: String) {
    self.name = name
  }

  /// Adds what another part of the engine has of the same group.
  public mutating func add(_ other: GroupRow) {
    sessions &+= other.sessions
    messagesIn &+= other.messagesIn
    messagesOut &+= other.messagesOut
    bytesIn &+= other.bytesIn
    bytesOut &+= other.bytesOut
  }

  /// Measures what passed a second since the same group was as it was then.
  public mutating func setRates(since before: GroupRow, seconds: Double) {
    guard seconds > 0 else { return }
    // A room whose members all left meanwhile counts from 0 again.
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

/// A window of the table of rooms or of routes: the answer to `GET /v1/rooms` and `/v1/routes`.
public struct GroupList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// Rooms or routes.
  public var kind: GroupKind
  /// How many there are, in and out of the window.
  public var total: Int
  /// Where the window begins.
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
  /// Whether a row comes before another one in the order that is wanted.
  public func precedes(_ left: GroupRow, _ right: GroupRow) -> Bool {
    let (first, second) = isDescending ? (right, left) : (left, right)
    let (low, high) = (rank(first), rank(second))
    if low != high { return low < high }
    // Names are unique, so that the order is always the same.
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
