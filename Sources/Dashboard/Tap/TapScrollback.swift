package import ControlProtocol

/// What a tap has shown, the oldest first, and where one is in it.
///
/// At the end it follows: what comes moves the list, and the oldest goes when there is too much.
/// Anywhere else nothing moves: when there is no more room, what comes is counted and not kept,
/// until one goes to the end again.
package struct TapScrollback: Equatable, Sendable {
  /// The entries.
  package private(set) var entries: [TapEntry] = []
  /// The entry under the cursor and the first visible one.
  package private(set) var position = ListPosition()
  /// Whether it moves with what comes.
  package private(set) var isFollowing = true
  /// How many messages came, those that were skipped not counted.
  package private(set) var messageCount = 0
  /// How many were skipped, by the engine and here.
  package private(set) var skippedCount = 0
  /// How many came while it did not follow.
  package private(set) var newerCount = 0
  /// How many of those were not kept.
  private var heldCount = 0
  private var byteCount = 0

  /// The most entries that are kept.
  package static let maximumCount = 5000
  /// The most bytes that are kept.
  package static let maximumByteCount = 8 << 20
  /// How many more entries there may be before the oldest go, so that they go many at once.
  private static let slackCount = 256

  /// Nothing yet.
  package init() {}

  /// The message under the cursor.
  package var current: TapEntry.Message? {
    guard entries.indices.contains(position.cursor),
      case .message(let message) = entries[position.cursor]
    else { return nil }
    return message
  }

  /// Takes what the engine pushed.
  ///
  /// - Parameters:
  ///   - isHeld: whether nothing may move, wherever one is.
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

  /// - Parameter keeps: whether there is room whatever there is, since the oldest go.
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

  /// Moves the cursor; at the last entry it follows.
  package mutating func move(_ motion: Action.Motion, visible: Int) {
    position.move(motion, count: entries.count, visible: visible)
    if motion == .bottom {
      follow(visible: visible)
    } else {
      setFollowing(position.cursor >= entries.count - 1 && heldCount == 0)
    }
  }

  /// Follows from here on.
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

  /// Keeps the visible part around the cursor, after the terminal has another size.
  package mutating func settle(visible: Int) {
    position.settle(count: entries.count, visible: visible)
  }

  /// Puts the cursor on the next message with a text, around the end if need be.
  ///
  /// - Returns: whether there is one, and whether the search went around.
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

  /// Forgets everything.
  package mutating func clear() { self = TapScrollback() }
}
