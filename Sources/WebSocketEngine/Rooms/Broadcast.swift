import Vocabulary
import WebSocketProtocol

/// A message for a room, framed and compressed once for all members on all reactors.
struct Broadcast: Sendable {
  let room: String
  let excluded: SessionID?
  let message: Outgoing

  init(
    _ payload: Span<UInt8>, as kind: MessageKind, to room: String, excluding excluded: SessionID?,
    limits: SessionLimits
  ) throws(SendError) {
    guard payload.count <= limits.messageByteCount else {
      throw .messageTooBig(byteCount: payload.count, limit: limits.messageByteCount)
    }
    self.room = room
    self.excluded = excluded
    message = Outgoing(
      pushing: payload, as: kind, fragmentByteCount: limits.fragmentByteCount, isShared: true)
  }
}

/// The members that one reactor has in each room.
struct RoomMembers {
  private var rooms: [String: [SessionID: Session]] = [:]

  mutating func add(_ session: Session, to room: String) {
    rooms[room, default: [:]][session.id] = session
  }

  mutating func remove(_ session: Session, from room: String) {
    rooms[room]?[session.id] = nil
    if rooms[room]?.isEmpty == true { rooms[room] = nil }
  }

  func sessions(in room: String) -> Dictionary<SessionID, Session>.Values {
    (rooms[room] ?? [:]).values
  }
}

extension SessionReactor {
  /// Queues a broadcast for this reactor's members, and says for how many.
  ///
  /// A member that does not read costs the others nothing: its own backlog fills.
  func deliver(_ broadcast: Broadcast) -> Int {
    var count = 0
    for session in members.sessions(in: broadcast.room) where session.id != broadcast.excluded {
      do throws(SendError) {
        try session.push(broadcast.message)
        count += 1
      } catch {
        // Counted by `push`; the other members get the message all the same.
      }
    }
    return count
  }
}
