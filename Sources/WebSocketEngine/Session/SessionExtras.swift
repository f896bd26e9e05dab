import EventLoop
import Vocabulary
import WebSocketProtocol

/// What few sessions have: rooms, tags, limits of their own, bytes held for them, an end.
///
/// Made for a session when it first has any of it, so that an idle one does without the memory.
/// Confined to the session's reactor.
final class SessionExtras {
  /// The rooms it is in.
  var rooms: Set<UTF8Name> = []
  /// The number of the last broadcast under way that it needs no more (`BroadcastQueue`).
  var settledBroadcast: UInt64 = 0
  /// Its tags, from the first one on.
  var tags: SessionTags?
  /// Its own limits.
  var overrides = LimitOverrides()
  /// Its asynchronous handler, which holds messages for it.
  var inbox: AsyncSession?
  /// What its peer may send, if a rate limits that.
  var rate: SessionRate?
  /// What it holds of the engine's memory, as last counted.
  var memory = SessionMemory.Entry()
  /// When the message under way was begun, if `message-timeout` holds.
  var messageBegan: Instant?
  /// How its peer gets on, from when it was asked to answer behind output that it had not taken.
  var progress: PeerProgress?
  /// How it ended, from the moment that is decided.
  var close: SessionClose?
  /// The closing handshake.
  var closing: ClosingHandshake
  /// The connection is to be shut once everything is sent.
  var isShuttingDown = false
  /// What was read and discarded after the end.
  var discardedByteCount = 0

  init(closeTimeout: Duration) {
    closing = ClosingHandshake(closeTimeout: closeTimeout)
  }
}

@available(*, unavailable)
extension SessionExtras: Sendable {}
