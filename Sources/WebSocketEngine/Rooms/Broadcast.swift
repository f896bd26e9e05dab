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
