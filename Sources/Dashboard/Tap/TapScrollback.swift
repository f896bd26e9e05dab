package import ControlProtocol

/// The messages of a tap, the oldest first, with the cursor.
///
/// At the end the list follows new messages, and the oldest are dropped. Anywhere else the list
/// stands still: beyond its limits new messages are counted and not kept, until it follows again.
package struct TapScrollback: Equatable, Sendable {
  /// The entries.
  package private(set) var entries: [TapEntry] = []
  /// The entry under the cursor and the first visible one.
  package private(set) var position = ListPosition()
  /// Whether the list follows new messages.
  package private(set) var isFollowing = true
  /// The number of messages, without skipped ones.
  package private(set) var messageCount = 0
  /// The number of messages skipped, by the engine and here.
  package private(set) var skippedCount = 0
  /// The number of messages since the list stopped following.
  package private(set) var newerCount = 0
  /// How many of those were not kept.
  private var heldCount = 0
  private var byteCount = 0

  /// The most entries that are kept.
  package static let maximumCount = 5000
  /// The most bytes that are kept, as `TapEntry.byteCount` counts them.
  package static let maximumByteCount = 8 << 20
  /// Entries beyond `maximumCount` before the oldest are dropped, many at once.
  private static let slackCount = 256

  /// No messages.
  package init() {}

  /// The message under the cursor.
  package var current: TapEntry.Message? {
    guard entries.indices.contains(position.cursor),
      case .message(let message) = entries[position.cursor]
    else { return nil }
    return message
  }

  /// Adds a batch of messages.
  ///
  /// - Parameters:
  ///   - isHeld: whether the list stands still even at the end.
  ///   - visible: rows of the list.
  package mutating func append(_ batch: TapBatch, isHeld: Bool, visible: Int) {
    let wasFollowing = isFollowing && !isHeld
    for message in batch.messages {
      skip(message.skipped, keeps: wasFollowing)
      append(.message(TapEntry.Message(message)), keeps: wasFollowing)
      messageCount += 1
      if !wasFollowing { newerCount += 1 }
    }
    skip(batch.skipped, keeps: wasFollowing)
    guard wasFollowing else { return }
    trim()
    goToEnd(visible: visible)
  }

  private mutating func skip(_ count: Int, keeps: Bool) {
    guard count > 0 else { return }
    skippedCount &+= count
    if case .skipped(let before)? = entries.last {
      entries[entries.count - 1] = .skipped(before &+ count)
    } else {
      append(.skipped(count), keeps: keeps)
    }
  }

  /// - Parameter keeps: whether the entry is kept beyond the limits, since the oldest are dropped.
  private mutating func append(_ entry: TapEntry, keeps: Bool) {
    guard
      keeps || (entries.count < Self.maximumCount && byteCount < Self.maximumByteCount)
    else {
      if case .message = entry {
        heldCount += 1
        skippedCount &+= 1
      }
      return
    }
    entries.append(entry)
    byteCount += entry.byteCount
  }

  private mutating func trim() {
    guard
      entries.count > Self.maximumCount + Self.slackCount || byteCount > Self.maximumByteCount
    else { return }
    var dropped = max(0, entries.count - Self.maximumCount)
    var left = byteCount - entries.prefix(dropped).reduce(0) { $0 + $1.byteCount }
    while left > Self.maximumByteCount, dropped < entries.count {
      left -= entries[dropped].byteCount
      dropped += 1
    }
    entries.removeFirst(dropped)
    byteCount = left
  }

  /// Moves the cursor; at the last entry the list follows.
  package mutating func move(_ motion: Action.Motion, visible: Int) {
    position.move(motion, count: entries.count, visible: visible)
    if motion == .bottom {
      follow(visible: visible)
    } else {
      setFollowing(position.cursor >= entries.count - 1 && heldCount == 0)
    }
  }

  /// Goes to the end and follows.
  package mutating func follow(visible: Int) {
    if heldCount > 0 {
      entries.append(.skipped(heldCount))
      byteCount += 256
      heldCount = 0
      trim()
    }
    setFollowing(true)
    goToEnd(visible: visible)
  }

  private mutating func setFollowing(_ isFollowing: Bool) {
    self.isFollowing = isFollowing
    if isFollowing { newerCount = 0 }
  }

  private mutating func goToEnd(visible: Int) {
    position.move(.bottom, count: entries.count, visible: visible)
  }

  /// Scrolls to the cursor after a change of the terminal's size.
  package mutating func settle(visible: Int) {
    position.settle(count: entries.count, visible: visible)
  }

  /// Moves the cursor to the next message that contains a text, wrapped around at the end.
  ///
  /// - Returns: whether there is one, and whether the search wrapped around.
  package mutating func find(
    _ text: String, backward: Bool, visible: Int
  ) -> (isFound: Bool, isAround: Bool) {
    let needle = TapEntry.Message.needle(text)
    let count = entries.count
    guard count > 0 else { return (false, false) }
    for step in 1...count {
      let index = ((position.cursor + (backward ? -step : step)) % count + count) % count
      guard case .message(let message) = entries[index], message.contains(needle) else { continue }
      let isAround = backward ? index >= position.cursor : index <= position.cursor
      position.cursor = index
      position.settle(count: count, visible: visible)
      setFollowing(index == count - 1 && heldCount == 0)
      return (true, isAround)
    }
    return (false, false)
  }

  /// Drops all messages.
  package mutating func clear() { self = TapScrollback() }
}
