import EventLoop
import Vocabulary
import WebSocketProtocol

/// A message ready to wait in a backlog: framed if it is short, else held once to be cut.
///
/// One can be appended to many backlogs: a broadcast is framed once for all of its recipients.
struct Outgoing: Sendable {
  private enum Form: Sendable {
    case frame(SharedBytes)
    case message(SharedBytes, MessageKind, fragmentByteCount: Int)
  }

  /// The size of the payload.
  let byteCount: Int
  /// Whether others have it in their backlogs too.
  let isShared: Bool
  private let form: Form

  /// A message of which the payload is copied.
  init(
    _ payload: Span<UInt8>, as kind: MessageKind, fragmentByteCount: Int, isShared: Bool = false
  ) {
    byteCount = payload.count
    self.isShared = isShared
    form =
      payload.count <= fragmentByteCount
      ? .frame(FrameEncoder.frame(kind.opcode, payload: payload))
      : .message(SharedBytes(copying: payload), kind, fragmentByteCount: fragmentByteCount)
  }

  /// Adds the message at the end of a backlog.
  func append(to backlog: inout Backlog) {
    switch form {
    case .frame(let bytes): backlog.append(frames: bytes, isShared: isShared)
    case .message(let payload, let kind, let fragmentByteCount):
      backlog.append(
        LongMessage(payload, as: kind, fragmentByteCount: fragmentByteCount), isShared: isShared)
    }
  }
}
