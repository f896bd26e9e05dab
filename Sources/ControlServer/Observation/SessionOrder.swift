internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session that a filter matches, before it is known whether it is inside the window.
struct SessionCandidate {
  /// The place at which it is found.
  var place: Place
  /// Its name.
  var id: SessionID
  /// Its number in the sort column; 0 in a column of texts.
  var number: Int64

  /// The place of a candidate.
  enum Place {
    /// The place of its reactor, and of its record there.
    case live(reactor: Int, record: Int)
    /// Its place among the closed sessions.
    case closed(Int)
  }
}

/// Sorts candidates by a column, equal ones by their names, and cuts the window out.
///
/// Only keys and indices are moved, and only the part inside the window ends up sorted.
struct SessionOrder {
  let query: SessionQuery
  /// A session that must be inside: the window moves as little as it has to.
  let followed: SessionID?
  let mirrors: [SessionMirror]
  let closed: ClosedSessions
  let moment: Moment
  let rooms: RoomDirectory
  /// A session whose place in the table is given.
  var located: SessionID?

  /// The number that a session has in the sort column.
  ///
  /// - Parameters:
  ///   - rate: in thousandths, for a column of rates; -1 while that is not known.
  ///   - end: its end; nil while it lives.
  func number(
    of sample: SessionSample, _ profile: @autoclosure () -> SessionProfile?,
    rate: @autoclosure () -> Int64 = -1, end: SessionEnd? = nil
  ) -> Int64 {
    switch query.sort {
    case .id, .route, .path, .address, .who, .subprotocol, .userAgent, .tag: 0
    case .port: Int64(profile()?.remotePort ?? 0)
    case .state:
      Int64(SessionState.allCases.firstIndex(of: end == nil ? sample.state : .closed) ?? 0)
    // An earlier opening is a greater age; a closed session does not age any more.
    case .age:
      lasting(to: end) - moment.timeline.lasting(at: sample.openedAt)
    case .idle:
      lasting(to: end) - moment.timeline.lasting(at: sample.lastMessage)
    case .closed: end.map(\.moment.instant.nanoseconds) ?? .max
    case .code: end.map { Int64($0.close.code.rawValue) } ?? -1
    case .messagesIn: Int64(sample.messagesIn)
    case .messagesOut: Int64(sample.messagesOut)
    case .bytesIn: Int64(sample.bytesIn)
    case .bytesOut: Int64(sample.bytesOut)
    case .largest: Int64(max(sample.largestIn, sample.largestOut))
    case .backlog: end == nil ? Int64(sample.backlog) : 0
    case .roundTrip: sample.roundTripSmoothed ?? -1
    case .messageRateIn, .messageRateOut, .byteRateIn, .byteRateOut: rate()
    case .wireIn: Int64(sample.wireIn)
    case .wireOut: Int64(sample.wireOut)
    case .ratio: sample.compressionRatio.map { Int64($0 * 1000) } ?? -1
    case .backlogPeak: Int64(sample.backlogPeak)
    case .tls: sample.flags.contains(.tls) ? 1 : 0
    case .rooms: Int64(rooms.names(of: sample.identity.id)?.count ?? -1)
    }
  }

  /// The beginning of the window, its candidates, sorted, and the place of the located session.
  func window(
    of candidates: [SessionCandidate]
  ) -> (offset: Int, candidates: [SessionCandidate], place: Int?) {
    let (range, indices, place) =
      switch query.sort {
      case .route: order(candidates) { TextKey(profile($0)?.route) }
      case .path: order(candidates) { TextKey(profile($0)?.path) }
      case .address:
        order(candidates) { AddressKey(profile($0).flatMap { IPAddress($0.remoteAddress) }) }
      case .subprotocol: order(candidates) { TextKey(profile($0)?.subprotocol) }
      case .userAgent: order(candidates) { TextKey(profile($0)?.userAgent) }
      case .tag: order(candidates) { TextKey(tags($0)) }
      case .who: order(candidates) { end($0)?.close.initiator.description ?? "" }
      default: order(candidates, by: \.number)
      }
    return (range.lowerBound, indices.map { candidates[$0] }, place)
  }

  private func profile(_ candidate: SessionCandidate) -> ShownProfile? {
    switch candidate.place {
    case .live(let reactor, let record): mirrors[reactor].shown(ofRecord: record)
    case .closed(let place): closed[place].shown
    }
  }

  /// The text in the column of tags.
  private func tags(_ candidate: SessionCandidate) -> String {
    let tags =
      switch candidate.place {
      case .live(let reactor, let record): mirrors[reactor].tags(ofRecord: record) ?? []
      case .closed(let place): closed[place].tags
      }
    return tags.lazy.map(\.text).joined(separator: " ")
  }

  private func end(_ candidate: SessionCandidate) -> SessionEnd? {
    if case .closed(let place) = candidate.place { closed[place].end } else { nil }
  }

  /// How far before now a session stopped to age; 0 while it lives.
  private func lasting(to end: SessionEnd?) -> Int64 {
    end.map {
      moment.timeline.lasting(at: $0.moment.instant) - moment.timeline.lasting(at: moment.instant)
    } ?? 0
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

  init(_ text: String?) {
    name = UTF8Name((text ?? "").cut(to: Self.maximumByteCount))
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
