import Vocabulary

/// What one reactor has of one room: its members, and what they were sent.
///
/// Confined to the reactor.
final class RoomShare {
  let name: UTF8Name
  /// Those who are in the room, in the order in which they joined as long as none leaves.
  ///
  /// A broadcast meets their memory, and the kernel's for their sockets, in the order in which it
  /// was allocated: another order costs a broadcast to thousands several percent.
  private(set) var members: [Session] = []
  private var places: [SessionID: Int] = [:]
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
  func remove(_ session: Session) {
    guard let place = places.removeValue(forKey: session.id) else { return }
    let last = members.removeLast()
    guard place < members.count else { return }
    members[place] = last
    places[last.id] = place
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
