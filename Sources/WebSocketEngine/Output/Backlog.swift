import EventLoop
import Vocabulary
import WebSocketProtocol

/// What one peer has yet to take, in order: whole frames, and long messages that are cut into
/// fragments as the socket accepts them.
///
/// Control frames wait apart and go out at the next boundary of a frame, also between the
/// fragments of a message (RFC 6455 §5.4). Bytes are held as `SharedBytes`, so a broadcast stands
/// in many backlogs and once in memory. Exists only while a peer is owed something.
struct Backlog {
  /// One thing to send.
  private enum Item {
    /// Whole frames, except that the first may have been sent in part: what of it is left.
    case frames(SharedSlice, leftOfFirst: Int)
    case message(LongMessage)

    var byteCount: Int {
      switch self {
      case .frames(let slice, _): slice.range.count
      case .message(let message): message.byteCount
      }
    }
  }

  /// Bytes owed, those of shared buffers included; headers yet to be written are not.
  private(set) var byteCount = 0
  /// The same, without the bytes of broadcasts, which the engine counts once for all.
  private(set) var ownByteCount = 0

  /// Items, of which those before `firstItem` are sent; a queue that is compacted as it drains.
  private var items: [Item] = []
  private var firstItem = 0
  /// Header and control bytes that come before anything else, from `headOffset` on.
  private var head: [UInt8] = []
  private var headOffset = 0
  private var control: [UInt8] = []

  /// The most bytes of control frames that wait; a pong beyond them is not sent, since a later
  /// one answers for it (RFC 6455 §5.5.3).
  static let maximumControlByteCount = 4096

  /// Whether nothing is owed.
  var isEmpty: Bool {
    firstItem == items.count && headOffset == head.count && control.isEmpty
  }

  /// Adds whole frames.
  ///
  /// - Parameter leftOfFirst: how much of a first frame, already sent in part, comes first.
  mutating func append(frames bytes: SharedBytes, leftOfFirst: Int = 0, isShared: Bool = false) {
    items.append(.frames(SharedSlice(bytes, 0..<bytes.count), leftOfFirst: leftOfFirst))
    byteCount += bytes.count
    if !isShared { ownByteCount += bytes.count }
  }

  /// Adds a frame of which some was sent.
  mutating func append(restOf frame: SharedBytes, from offset: Int, isShared: Bool) {
    let rest = SharedSlice(frame, offset..<frame.count)
    items.append(.frames(rest, leftOfFirst: offset > 0 ? rest.range.count : 0))
    byteCount += rest.range.count
    if !isShared { ownByteCount += rest.range.count }
  }

  /// Adds a message that leaves in fragments.
  mutating func append(_ message: LongMessage, isShared: Bool = false) {
    items.append(.message(message))
    byteCount += message.byteCount
    if !isShared { ownByteCount += message.byteCount }
  }

  /// Puts the rest of a header, already sent in part, in front of everything.
  mutating func begin(withHead bytes: [UInt8]) {
    head = bytes
    headOffset = 0
    byteCount += bytes.count
    ownByteCount += bytes.count
  }

  /// Adds a control frame, which overtakes data at the next boundary of a frame.
  ///
  /// - Returns: false if too many wait.
  mutating func append(control frame: [UInt8]) -> Bool {
    guard control.count + frame.count <= Self.maximumControlByteCount else { return false }
    control.append(contentsOf: frame)
    byteCount += frame.count
    ownByteCount += frame.count
    return true
  }

  /// Drops everything after the frame in flight, and says how many bytes and messages that were.
  mutating func dropAfterFrameInFlight() -> (byteCount: Int, messageCount: Int) {
    let before = byteCount
    var messageCount = 0
    var kept: [Item] = []
    for index in firstItem..<items.count {
      switch items[index] {
      case .frames(let slice, let leftOfFirst):
        let isInFlight = index == firstItem && leftOfFirst > 0
        if isInFlight {
          let end = slice.range.lowerBound + leftOfFirst
          kept.append(
            .frames(
              SharedSlice(slice.bytes, slice.range.lowerBound..<end), leftOfFirst: leftOfFirst))
        }
        messageCount += slice.bytes.withSpan { bytes in
          FrameWalk.messageCount(
            in: bytes, from: slice.range.lowerBound + (isInFlight ? leftOfFirst : 0),
            upTo: slice.range.upperBound)
        }
      case .message(let message):
        let rest = index == firstItem ? message.restOfFragment : nil
        // Of a message in its final fragment nothing is dropped.
        if rest?.byteCount != message.byteCount { messageCount += 1 }
        if let rest { kept.append(.message(rest)) }
      }
    }
    items = kept
    firstItem = 0
    control = []
    byteCount = kept.reduce(head.count - headOffset) { $0 + $1.byteCount }
    ownByteCount = min(ownByteCount, byteCount)
    return (before - byteCount, messageCount)
  }

  /// Sends as much as the peer takes.
  ///
  /// - Returns: the bytes that went out, and whether the connection failed.
  mutating func flush(to descriptor: Int32) -> (sent: Int, hasFailed: Bool) {
    var sent = 0
    while prepareHead() {
      let slices = nextSlices()
      let result = Syscalls.send(
        descriptor, head: head.span.extracting(headOffset..<head.count), slices: slices)
      guard case .bytes(let count) = result else {
        if case .failed = result { return (sent, true) }
        return (sent, false)
      }
      sent += count
      advance(by: count)
    }
    return (sent, false)
  }

  /// Encrypts and sends as much as the peer takes, behind what is encrypted already.
  ///
  /// - Returns: the encrypted bytes that went out, and whether the connection failed.
  mutating func flush(
    to descriptor: Int32, through tls: TLSConnection
  ) -> (sent: Int, hasFailed: Bool) {
    var result = tls.flush(to: descriptor)
    var sent = result.wireOut
    while !tls.hasUnsent, !result.hasFailed, prepareHead() {
      result = tls.send(
        head: head.span.extracting(headOffset..<head.count), slices: nextSlices(), to: descriptor)
      sent += result.wireOut
      advance(by: result.byteCount)
    }
    return (sent, result.hasFailed)
  }

  /// Readies what is sent next; false if nothing is left.
  private mutating func prepareHead() -> Bool {
    guard headOffset == head.count else { return true }
    head.removeAll(keepingCapacity: true)
    headOffset = 0
    let isAtBoundary: Bool
    switch firstItem < items.count ? items[firstItem] : nil {
    case nil: isAtBoundary = true
    case .frames(_, let leftOfFirst)?: isAtBoundary = leftOfFirst == 0
    case .message(let message)?: isAtBoundary = message.isAtBoundary
    }
    if isAtBoundary, !control.isEmpty {
      swap(&head, &control)
      return true
    }
    guard firstItem < items.count else { return false }
    if case .message(var message) = items[firstItem], isAtBoundary {
      head = message.beginFragment()
      byteCount += head.count
      ownByteCount += head.count
      items[firstItem] = .message(message)
    }
    return true
  }

  /// The slices behind the head: the frame or fragment in flight and the frames after it.
  private func nextSlices() -> [SharedSlice] {
    var slices: [SharedSlice] = []
    // A head that ends with control frames stands at a boundary: only whole frames may follow,
    // and a message begins with its own head.
    for item in items[firstItem...].prefix(Syscalls.maximumPieceCount - 1) {
      switch item {
      case .frames(let slice, let leftOfFirst):
        if leftOfFirst > 0, !control.isEmpty {
          let end = slice.range.lowerBound + leftOfFirst
          slices.append(SharedSlice(slice.bytes, slice.range.lowerBound..<end))
          return slices
        }
        slices.append(slice)
      case .message(let message):
        if slices.isEmpty, let slice = message.fragmentSlice { slices.append(slice) }
        return slices
      }
    }
    return slices
  }

  private mutating func advance(by count: Int) {
    byteCount -= count
    ownByteCount = max(0, min(ownByteCount - count, byteCount))
    var left = count
    let fromHead = min(left, head.count - headOffset)
    headOffset += fromHead
    left -= fromHead
    while left > 0, firstItem < items.count {
      switch items[firstItem] {
      case .frames(let slice, let leftOfFirst):
        let taken = min(left, slice.range.count)
        left -= taken
        let start = slice.range.lowerBound + taken
        if start == slice.range.upperBound {
          finishFirstItem()
        } else {
          let rest =
            taken < leftOfFirst
            ? leftOfFirst - taken
            : slice.bytes.withSpan { bytes in
              FrameWalk.leftOfFrame(
                in: bytes, from: slice.range.lowerBound + leftOfFirst, at: start)
            }
          items[firstItem] = .frames(
            SharedSlice(slice.bytes, start..<slice.range.upperBound), leftOfFirst: rest)
        }
      case .message(var message):
        left -= message.advance(by: left)
        if message.isFinished {
          finishFirstItem()
        } else {
          items[firstItem] = .message(message)
        }
      }
    }
    if firstItem < items.count, case .message(let message) = items[firstItem], message.isFinished {
      finishFirstItem()
    }
  }

  private mutating func finishFirstItem() {
    firstItem += 1
    // Half of it at least, so that each item is moved once on average however long the queue is.
    if firstItem == items.count || (firstItem >= 64 && firstItem * 2 >= items.count) {
      items.removeFirst(firstItem)
      firstItem = 0
    }
  }
}
