import EventLoop
import Vocabulary
import WebSocketProtocol

/// A message for a room, framed and compressed once for all members on all reactors.
struct Broadcast: Sendable {
  let room: UTF8Name
  let excluded: SessionID?
  let message: Outgoing

  init(
    _ payload: Span<UInt8>, as kind: MessageKind, to room: UTF8Name, excluding excluded: SessionID?,
    limits: SessionLimits, account: ByteAccount
  ) throws(SendError) {
    guard payload.count <= limits.messageByteCount else {
      throw .messageTooBig(byteCount: payload.count, limit: limits.messageByteCount)
    }
    self.room = room
    self.excluded = excluded
    message = Outgoing(
      pushing: payload, as: kind, fragmentByteCount: limits.fragmentByteCount,
      sharedIn: account)
  }
}

extension SessionReactor {
  /// Queues a broadcast for this reactor's members, and says for how many.
  ///
  /// A member that does not read costs the others nothing: its own backlog fills.
  ///
  /// - Parameter isFirst: whether no other reactor counts the message.
  func deliver(_ broadcast: Broadcast, isFirst: Bool) -> Int {
    guard let room = members[broadcast.room] else { return 0 }
    var count = 0
    for session in room.members where session.id != broadcast.excluded {
      do throws(SendError) {
        try session.push(broadcast.message)
        count += 1
      } catch {
        // Counted by `push`; the other members get the message all the same.
      }
    }
    budget.change { $0.delivered(to: room.members.count) }
    room.note(broadcast.message.byteCount, isFirst: isFirst, deliveryCount: count)
    return count
  }
}
