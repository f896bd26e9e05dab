package import Vocabulary

/// The members that one reactor has in each room.
struct RoomMembers {
  private var rooms: [UTF8Name: RoomShare] = [:]
  /// The rooms left in a count, and the counts so far.
  private var walk: (rest: ArraySlice<RoomShare>, found: [RoomCounts]) = ([], [])

  /// How many rooms are counted in one turn.
  private static let sliceCount = 500

  subscript(room: UTF8Name) -> RoomShare? { rooms[room] }

  mutating func add(_ session: Session, to room: UTF8Name) {
    let share = rooms[room] ?? RoomShare(room)
    share.add(session)
    rooms[room] = share
  }

  mutating func remove(_ session: Session, from room: UTF8Name) {
    guard let share = rooms[room] else { return }
    share.remove(session)
    if share.members.isEmpty { rooms[room] = nil }
  }

  func sessions(in room: UTF8Name) -> [Session] {
    rooms[room]?.members ?? []
  }

  mutating func beginCounting() {
    walk = (Array(rooms.values)[...], [])
  }

  /// Counts some more rooms; gives all counts once there are no more.
  mutating func countMore() -> [RoomCounts]? {
    for share in walk.rest.prefix(Self.sliceCount) {
      walk.found.append(
        RoomCounts(
          name: share.name, memberCount: share.members.count, traffic: share.counts))
    }
    walk.rest = walk.rest.dropFirst(Self.sliceCount)
    guard walk.rest.isEmpty else { return nil }
    defer { walk = ([], []) }
    return walk.found
  }
}

/// One reactor's counts of one room, since it last had no member there.
package struct RoomCounts: Sendable {
  /// The traffic of a room.
  package struct Traffic: Hashable, Sendable {
    /// Broadcasts, each counted by one reactor alone.
    package var messageCount = 0
    /// Their payload bytes.
    package var byteCount = 0
    /// Members that broadcasts were queued for.
    package var deliveryCount = 0
    /// Payload bytes queued for members.
    package var deliveredByteCount = 0
  }

  /// The room.
  package var name: UTF8Name
  /// How many members the reactor has there.
  package var memberCount: Int
  /// The traffic.
  package var traffic: Traffic
}

extension ReactorHandle {
  /// The reactor's counts of each of its rooms, a slice a turn; nil if the engine has stopped or
  /// the mailbox is full.
  ///
  /// One caller may ask at a time.
  package func roomCounts() async -> [RoomCounts]? {
    await withCheckedContinuation { continuation in
      let isPosted = post { reactor in
        reactor.members.beginCounting()
        reactor.countRooms(continuation)
      }
      if !isPosted { continuation.resume(returning: nil) }
    }
  }
}

extension SessionReactor {
  fileprivate func countRooms(_ continuation: CheckedContinuation<[RoomCounts]?, Never>) {
    if let counts = members.countMore() { return continuation.resume(returning: counts) }
    let isPosted = handle.post { $0.countRooms(continuation) }
    if !isPosted { continuation.resume(returning: nil) }
  }
}
