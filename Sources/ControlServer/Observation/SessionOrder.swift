internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session that a filter matches, before it is known whether it is inside the window.
struct SessionCandidate {
  /// The place at which it is found.
  var place: Observation.Place
  /// Its name.
  var id: SessionID
  /// Its number in the sort column; 0 in a column of texts.
  var number: Double
}

/// Sorts candidates by a column, equal ones by their names, and cuts the window out.
///
/// Only keys and indices are moved, and only the part inside the window ends up sorted.
struct SessionOrder {
  let query: SessionQuery
  /// A session that must be inside: the window moves as little as it has to.
  let followed: SessionID?
  let observation: Observation
  /// A session whose place in the table is given.
  let located: SessionID?
  /// Whether the sort column has numbers, and whether these are moments.
  private let hasNumbers: Bool
  private let isOfMoments: Bool

  /// The order that a query asks for.
  init(
    query: SessionQuery, in observation: Observation, followed: SessionID?, located: SessionID?
  ) {
    self.query = query
    self.followed = followed
    self.observation = observation
    self.located = located
    let kind = query.sort.kind
    hasNumbers = kind.isCompared || kind == .state || kind == .flag
    isOfMoments = kind == .moment
  }

  /// The number that a session has in the sort column: an unknown one is less than any.
  @inline(__always)
  func number(of session: ObservedSubject) -> Double {
    guard hasNumbers else { return 0 }
    let number = session.number(query.sort, now: observation.moment.seconds).number
    // Moments are told by the seconds since then, and a live session is closed after all others.
    return isOfMoments ? -(number ?? -.infinity) : number ?? -.infinity
  }

  /// The beginning of the window, its candidates, sorted, and the place of the located session.
  func window(
    of candidates: [SessionCandidate]
  ) -> (offset: Int, candidates: [SessionCandidate], place: Int?) {
    let (range, indices, place) =
      switch query.sort.kind {
      case .text, .names, .initiator:
        order(candidates) { TextKey(observation.text(query.sort, of: $0.place)) }
      case .address:
        order(candidates) { candidate in
          AddressKey(
            observation.profile(candidate.place).flatMap { IPAddress($0.remoteAddress) })
        }
      default: order(candidates, by: \.number)
      }
    return (range.lowerBound, indices.map { candidates[$0] }, place)
  }

  private func order<Key: Comparable>(
    _ candidates: [SessionCandidate], by key: (SessionCandidate) -> Key
  ) -> (range: Range<Int>, indices: [Int], place: Int?) {
    var ranks: [Rank<Key>] = []
    ranks.reserveCapacity(candidates.count)
    var followedRank: Rank<Key>?
    var locatedRank: Rank<Key>?
    for (index, candidate) in candidates.enumerated() {
      let rank = Rank(key: key(candidate), id: candidate.id, index: index)
      ranks.append(rank)
      if candidate.id == followed { followedRank = rank }
      if candidate.id == located { locatedRank = rank }
    }
    let isDescending = query.isDescending
    // `isDescending` turns the columns around; equals keep their order, unless names are the sort
    // column.
    let turnsNames = isDescending && query.sort == .id
    func precedes(_ left: Rank<Key>, _ right: Rank<Key>) -> Bool {
      if left.key != right.key { return (left.key < right.key) != isDescending }
      return left.id != right.id && (left.id < right.id) != turnsNames
    }
    func place(of rank: Rank<Key>) -> Int { ranks.count { precedes($0, rank) } }
    let range = range(place: followedRank.map(place), total: ranks.count)
    let locatedPlace = locatedRank.map(place)
    ranks.sort(within: range, by: precedes)
    return (range, ranks[range].map(\.index), locatedPlace)
  }

  private func range(place: Int?, total: Int) -> Range<Int> {
    let limit = min(max(query.limit ?? total, 0), total)
    var offset = max(query.offset, 0)
    if let place, limit > 0 { offset = min(max(offset, place - limit + 1), place) }
    let start = min(offset, total)
    return start..<min(start + limit, total)
  }
}

/// The key of a candidate in the order, with its index.
private struct Rank<Key: Comparable> {
  var key: Key
  var id: SessionID
  var index: Int
}

/// The beginning of a text in the order of its bytes: many long texts that differ at their ends
/// only, as a client may choose them, make comparing no dearer.
private struct TextKey: Comparable {
  private static let maximumByteCount = 128

  private let name: UTF8Name

  init(_ text: String) {
    name = UTF8Name(text.cut(to: Self.maximumByteCount))
  }

  static func < (left: TextKey, right: TextKey) -> Bool { left.name < right.name }
}

/// Addresses in the order of numbers: first those of Unix sockets, then IPv4, then IPv6.
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
