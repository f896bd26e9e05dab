import EventLoop
import Vocabulary
import WebSocketProtocol

/// The state that few legs have: rooms, tags, limits of their own, bytes held for them, an end.
///
/// It is made when a leg first has any of it, so that an idle one does without the memory.
/// Confined to the leg's reactor.
final class LegExtras {
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
  /// The upstream's leg of a relayed session, until either is closing.
  var upstream: UpstreamLeg?
  /// Messages that wait until the message under way, which is relayed in parts, is sent.
  var deferred: [Outgoing] = []
  /// The peer's rate, if one is set.
  var rate: SessionRate?
  /// The memory of the engine that it holds, as last counted.
  var memory = LegMemory.Entry()
  /// The beginning of the message under way, if `message-timeout` holds.
  var messageBegan: Instant?
  /// The progress of its peer since it was asked to answer behind output that it had not taken.
  var progress: PeerProgress?
  /// The end, from the moment that it is decided.
  var close: SessionClose?
  /// The closing handshake.
  var closing: ClosingHandshake
  /// Whether the connection is to be shut once everything is sent.
  var isShuttingDown = false
  /// The bytes that were read and discarded after the end.
  var discardedByteCount = 0

  init(closeTimeout: Duration) {
    closing = ClosingHandshake(closeTimeout: closeTimeout)
  }
}

@available(*, unavailable)
extension LegExtras: Sendable {}
