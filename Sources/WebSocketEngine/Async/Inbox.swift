import DequeModule

/// The messages that wait for an asynchronous handler, and the state that each of them needs.
///
/// Kept in an `UncheckedConfined`, since a message reaches into it four times.
struct Inbox {
  /// The most messages that wait; then the session is not read from.
  static let maximumMessageCount = 256
  /// The most bytes that wait, beyond a single message; then the session is not read from.
  static let maximumByteCount = 1 << 20
  /// The most messages sent before the other sessions of the reactor get their turn.
  static let maximumSendCount = 64

  /// A message taken, with the changes by that.
  struct Taken {
    var message: Message
    /// Nothing waits any more.
    var isEmpty: Bool
    /// The session was not read from, and there is room enough again.
    var hasRoomAgain: Bool
  }

  private var messages: Deque<Message> = []
  /// The memory that the messages take, in bytes.
  private(set) var byteCount = 0
  private var sentSinceYield = 0
  /// Whether the session is not read from.
  private var isFull = false
  /// Whether the handler waits for a message.
  var hasReceiver = false

  /// Adds a message, and says whether the session is to be read from no longer.
  mutating func append(_ message: Message) -> Bool {
    messages.append(message)
    byteCount += message.heldByteCount
    guard !isFull else { return false }
    isFull = messages.count >= Self.maximumMessageCount || byteCount >= Self.maximumByteCount
    return isFull
  }

  /// Takes the message that came first.
  mutating func take() -> Taken? {
    guard let message = messages.popFirst() else { return nil }
    byteCount -= message.heldByteCount
    let hasRoomAgain =
      isFull && messages.count <= Self.maximumMessageCount / 2
      && byteCount <= Self.maximumByteCount / 2
    if hasRoomAgain { isFull = false }
    return Taken(message: message, isEmpty: messages.isEmpty, hasRoomAgain: hasRoomAgain)
  }

  /// Whether the handler has sent for so long that others are due; asked once for each message.
  mutating func mustYield() -> Bool {
    sentSinceYield += 1
    guard sentSinceYield >= Self.maximumSendCount else { return false }
    sentSinceYield = 0
    return true
  }
}
