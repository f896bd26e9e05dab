internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The part of the sorted, filtered table that a question asks for; its rows are made when they
/// are asked for.
struct SessionWindow {
  /// How many sessions the filter matches.
  var total: Int
  /// Where the window begins.
  var offset: Int
  /// The sessions of the window, sorted.
  var sessions: [ObservedSession]
  /// When they were looked at.
  var moment: Moment

  /// The rows of a part of the window.
  func rows(_ range: Range<Int>) -> [SessionRow] {
    sessions[range].map { SessionRow($0, at: moment) }
  }

  /// The whole window as the API sends it.
  func list(run: String) -> SessionList {
    SessionList(
      engine: run, total: total, offset: offset, sessions: rows(sessions.indices))
  }
}

extension SessionWindow {
  /// Sorts sessions by a column, those that are equal in it by their names, and cuts the window
  /// out.
  ///
  /// Only pairs of a key and an index are moved, and only those inside the window end up sorted.
  ///
  /// - Parameter followed: a session that must be inside: the window moves as little as it has to.
  init(
    of sessions: [ObservedSession], _ query: SessionQuery, following followed: SessionID?,
    at moment: Moment
  ) {
    let indices: (range: Range<Int>, indices: [Int]) =
      switch query.sort {
      case .route: Self.order(sessions, query, followed) { $0.profile.route }
      case .path: Self.order(sessions, query, followed) { $0.path }
      case .address: Self.order(sessions, query, followed) { AddressKey($0.address) }
      default: Self.order(sessions, query, followed) { Self.number(query.sort, of: $0) }
      }
    self.init(
      total: sessions.count, offset: indices.range.lowerBound,
      sessions: indices.indices.map { sessions[$0] }, moment: moment)
  }

  /// The number that a session has in a column.
  private static func number(_ column: SortKey, of session: ObservedSession) -> Int64 {
    let sample = session.sample
    return switch column {
    case .id, .route, .path, .address: 0
    case .port: Int64(session.profile.request.remotePort)
    case .state: Int64(SessionState.allCases.firstIndex(of: sample.state) ?? 0)
    // What was opened earlier is older.
    case .age: -sample.identity.openedAt
    case .idle: -session.lastMessage.nanoseconds
    case .messagesIn: Int64(sample.messagesIn)
    case .messagesOut: Int64(sample.messagesOut)
    case .bytesIn: Int64(sample.bytesIn)
    case .bytesOut: Int64(sample.bytesOut)
    case .largest: Int64(max(sample.largestIn, sample.largestOut))
    case .backlog: Int64(sample.backlog)
    case .roundTrip: sample.roundTripSmoothed ?? -1
    }
  }

  private static func order<Key: Comparable>(
    _ sessions: [ObservedSession], _ query: SessionQuery, _ followed: SessionID?,
    by key: (ObservedSession) -> Key
  ) -> (range: Range<Int>, indices: [Int]) {
    var ranks: [Rank<Key>] = []
    ranks.reserveCapacity(sessions.count)
    var followedRank: Rank<Key>?
    for (index, session) in sessions.enumerated() {
      let rank = Rank(key: key(session), id: session.profile.id.rawValue, index: index)
      ranks.append(rank)
      if session.profile.id == followed { followedRank = rank }
    }
    // Greatest first turns the columns around; equals stay in the order in which they came,
    // unless it is their names that are sorted by.
    let turnsNames = query.isDescending && query.sort == .id
    func precedes(_ left: Rank<Key>, _ right: Rank<Key>) -> Bool {
      if left.key != right.key { return (left.key < right.key) != query.isDescending }
      return left.id != right.id && (left.id < right.id) != turnsNames
    }
    let place = followedRank.map { followed in ranks.count { precedes($0, followed) } }
    let range = window(query, place: place, total: ranks.count)
    ranks.sort(within: range, by: precedes)
    return (range, ranks[range].map(\.index))
  }

  private static func window(_ query: SessionQuery, place: Int?, total: Int) -> Range<Int> {
    let limit = min(max(query.limit ?? total, 0), total)
    var offset = max(query.offset, 0)
    if let place, limit > 0 { offset = min(max(offset, place - limit + 1), place) }
    let start = min(offset, total)
    return start..<min(start + limit, total)
  }
}

/// A session's place in the order, as far as it can be told without the session.
private struct Rank<Key: Comparable> {
  var key: Key
  var id: UInt64
  var index: Int
}

/// Addresses in the order of numbers: those of Unix sockets, IPv4, IPv6.
private struct AddressKey: Comparable {
  var family: Int
  var bits: UInt128

  init(_ address: IPAddress?) {
    family = address.map { $0.isIPv4 ? 1 : 2 } ?? 0
    bits = address?.bits ?? 0
  }

  static func < (left: AddressKey, right: AddressKey) -> Bool {
    (left.family, left.bits) < (right.family, right.bits)
  }
}
