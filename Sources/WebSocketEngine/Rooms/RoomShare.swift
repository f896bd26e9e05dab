import Vocabulary

/// One reactor's part of a room: its members, and the traffic to them.
///
/// Confined to the reactor.
final class RoomShare {
  let name: UTF8Name
  /// The members, in the order in which they joined as long as none leaves.
  ///
  /// A broadcast meets their memory, and the kernel's for their sockets, in the order in which it
  /// was allocated: another order costs a broadcast to thousands several percent.
  private(set) var members: [Session] = []
  private var places: [SessionID: Int] = [:]
  /// How many of the members, in their order, the broadcast on its way has passed.
  private(set) var passedCount = 0
  private(set) var counts = RoomCounts.Traffic()

  init(_ name: UTF8Name) {
    self.name = name
  }

  /// Whether a session is a member.
  func contains(_ id: SessionID) -> Bool { places[id] != nil }

  /// Adds a session; without effect if it is a member.
  func add(_ session: Session) {
    guard places[session.id] == nil else { return }
    places[session.id] = members.count
    members.append(session)
  }

  /// Takes a session out, at the same cost however many members there are: the last one takes its
  /// place.
  ///
  /// A place that a broadcast has passed is taken by the last member that it has passed, whose
  /// place in turn the last of all takes: each stays on its side.
  func remove(_ session: Session) {
    guard var place = places.removeValue(forKey: session.id) else { return }
    if place < passedCount {
      passedCount -= 1
      move(passedCount, to: place)
      place = passedCount
    }
    move(members.count - 1, to: place)
    members.removeLast()
  }

  private func move(_ source: Int, to place: Int) {
    guard source != place else { return }
    members[place] = members[source]
    places[members[place].id] = place
  }

  /// Moves on past some more members, and gives those.
  ///
  /// - Returns: nil if it has passed all of them; the next call begins anew.
  func passMore(_ count: Int) -> ArraySlice<Session>? {
    guard passedCount < members.count else {
      passedCount = 0
      return nil
    }
    let next = members[passedCount..<min(passedCount + count, members.count)]
    passedCount = next.endIndex
    return next
  }

  /// Counts a broadcast.
  func note(_ byteCount: Int, isFirst: Bool, deliveryCount: Int) {
    if isFirst {
      counts.messageCount &+= 1
      counts.byteCount &+= byteCount
    }
    counts.deliveryCount &+= deliveryCount
    counts.deliveredByteCount &+= deliveryCount &* byteCount
  }
}

@available(*, unavailable)
extension RoomShare: Sendable {}
