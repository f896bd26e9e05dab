import EventLoop
import Vocabulary
import WebSocketProtocol

/// The output that one peer has yet to take, in order: whole frames, and long messages that are cut
/// into fragments as the socket accepts them.
///
/// Small frames are copied behind each other, since a place in the queue of their own would take
/// more memory than they do; larger ones and long messages are held as `SharedBytes`, so that a
/// broadcast stands in many backlogs and once in memory. Control frames wait apart and go out at
/// the next boundary of a frame, also between the fragments of a message (RFC 6455 §5.4). It exists
/// only while a peer is owed output.
struct Backlog {
  /// One item to send.
  private enum Item {
    /// Whole frames, except that the first may have been sent in part: `leftOfFirst` is its rest.
    case frames(SharedSlice, leftOfFirst: Int, isShared: Bool)
    case message(LongMessage, isShared: Bool)
    /// Nothing any more, until the queue is compacted.
    case sent

    var byteCount: Int {
      switch self {
      case .frames(let slice, _, _): slice.range.count
      case .message(let message, _): message.byteCount
      case .sent: 0
      }
    }

    /// The bytes held for this item and for no other backlog: all of them until the last one is
    /// sent.
    var ownByteCount: Int {
      switch self {
      case .frames(let slice, _, isShared: false): slice.bytes.heldByteCount
      case .message(let message, isShared: false): message.heldByteCount
      case .frames, .message, .sent: 0
      }
    }
  }

  /// The kind of the bytes in `head`.
  private enum HeadKind {
    /// The rest of the header of the fragment that the first item goes on with.
    case fragmentHeader
    /// Whole frames, of which the first byte in `head` begins one.
    case frames
  }

  /// The most bytes of control frames that wait; a pong beyond them is not sent, since a later
  /// one answers for it (RFC 6455 §5.5.3).
  static let maximumControlByteCount = 4096
  /// The largest frame that is copied behind others.
  ///
  /// A larger frame that many share is worth its place in the queue.
  static let maximumGatheredFrameByteCount = 256
  /// The longest payload of such a frame.
  static let maximumGatheredPayloadByteCount = maximumGatheredFrameByteCount - 4
  /// How many bytes of small frames stand behind each other before they become an item.
  static let gatheredByteCount = 16 << 10

  /// Bytes owed, those of shared buffers included; headers yet to be written are not.
  private(set) var byteCount = 0
  /// The bytes that items hold for this backlog alone.
  private var ownItemByteCount = 0

  /// Items, of which those before `firstItem` are sent; a queue that is compacted as it drains.
  private var items: [Item] = []
  private var firstItem = 0
  /// Bytes that come before anything else, from `headOffset` on.
  private var head: [UInt8] = []
  private var headOffset = 0
  private var headKind = HeadKind.frames
  /// Small frames behind everything else.
  private var gathered: [UInt8] = []
  private var control: [UInt8] = []

  /// Whether nothing is owed.
  var isEmpty: Bool {
    firstItem == items.count && headOffset == head.count && gathered.isEmpty && control.isEmpty
  }

  /// The memory that the backlog takes, in bytes, without bytes that other backlogs share.
  var heldByteCount: Int { ownItemByteCount + placeByteCount + runCapacity }

  /// The bytes that count against `backlog-bytes`: those owed, and those that keep them in order.
  var limitedByteCount: Int {
    byteCount + placeByteCount + max(0, runCapacity - runByteCount)
  }

  private var placeByteCount: Int { items.capacity * MemoryLayout<Item>.stride }
  private var runCapacity: Int { head.capacity + gathered.capacity + control.capacity }
  private var runByteCount: Int { head.count - headOffset + gathered.count + control.count }

  // MARK: Adding

  /// Adds a whole frame by copying it.
  ///
  /// - Precondition: its payload has at most `maximumGatheredPayloadByteCount` bytes.
  mutating func append(
    _ opcode: Opcode, isFinal: Bool = true, rsv1: Bool = false, copying payload: Span<UInt8>,
    maskingKey: UInt32? = nil
  ) {
    precondition(payload.count <= Self.maximumGatheredPayloadByteCount)
    let start = gathered.count
    FrameEncoder.append(
      opcode, isFinal: isFinal, rsv1: rsv1, payload: payload, maskingKey: maskingKey,
      to: &gathered)
    byteCount += gathered.count - start
    if gathered.count >= Self.gatheredByteCount { sealGathered() }
  }

  /// Adds whole frames.
  ///
  /// - Parameters:
  ///   - leftOfFirst: how much of a first frame, already sent in part, comes first.
  ///   - isShared: whether other backlogs hold the bytes too.
  mutating func append(frames bytes: SharedBytes, leftOfFirst: Int = 0, isShared: Bool = false) {
    guard bytes.count > Self.maximumGatheredFrameByteCount || leftOfFirst > 0 else {
      bytes.withSpan { gathered.append(copying: $0) }
      byteCount += bytes.count
      if gathered.count >= Self.gatheredByteCount { sealGathered() }
      return
    }
    append(
      .frames(SharedSlice(bytes, 0..<bytes.count), leftOfFirst: leftOfFirst, isShared: isShared))
  }

  /// Adds a frame of which a part was sent.
  mutating func append(restOf frame: SharedBytes, from offset: Int, isShared: Bool) {
    let rest = SharedSlice(frame, offset..<frame.count)
    append(
      .frames(rest, leftOfFirst: offset > 0 ? rest.range.count : 0, isShared: isShared))
  }

  /// Adds a message that leaves in fragments.
  mutating func append(_ message: LongMessage, isShared: Bool = false) {
    append(.message(message, isShared: isShared))
  }

  private mutating func append(_ item: Item) {
    sealGathered()
    push(item)
    byteCount += item.byteCount
  }

  private mutating func push(_ item: Item) {
    items.append(item)
    ownItemByteCount += item.ownByteCount
  }

  /// Makes an item of the small frames, since others come behind them.
  private mutating func sealGathered() {
    guard !gathered.isEmpty else { return }
    let bytes = SharedBytes(copying: gathered.span)
    gathered = []
    push(.frames(SharedSlice(bytes, 0..<bytes.count), leftOfFirst: 0, isShared: false))
  }

  /// Puts the rest of a header, already sent in part, in front of everything.
  mutating func begin(withHead bytes: [UInt8]) {
    head = bytes
    headOffset = 0
    headKind = .fragmentHeader
    byteCount += bytes.count
  }

  /// Adds a control frame, which overtakes data at the next boundary of a frame.
  ///
  /// - Returns: false if too many wait.
  mutating func append(control frame: [UInt8]) -> Bool {
    guard control.count + frame.count <= Self.maximumControlByteCount else { return false }
    control.append(contentsOf: frame)
    byteCount += frame.count
    return true
  }

  // MARK: Dropping

  /// Drops everything after the frame in flight, and says how many bytes and messages were dropped.
  mutating func dropAfterFrameInFlight() -> (byteCount: Int, messageCount: Int) {
    let before = byteCount
    var messageCount = dropHeadAfterFrameInFlight()
    // A frame in flight that ends in the head ends before every item.
    var isInFlight = headOffset == head.count || headKind == .fragmentHeader
    var kept: [Item] = []
    for item in items[firstItem...] {
      messageCount += Self.drop(item, isInFlight: isInFlight, keepingIn: &kept)
      isInFlight = false
    }
    messageCount += FrameWalk.messageCount(in: gathered.span, from: 0, upTo: gathered.count)
    items = []
    firstItem = 0
    ownItemByteCount = 0
    for item in kept { push(item) }
    gathered = []
    control = []
    byteCount = kept.reduce(head.count - headOffset) { $0 + $1.byteCount }
    return (before - byteCount, messageCount)
  }

  /// Keeps the part of an item that is in flight, and counts the messages that end in the rest of
  /// it.
  private static func drop(
    _ item: Item, isInFlight: Bool, keepingIn kept: inout [Item]
  ) -> Int {
    switch item {
    case .frames(let slice, let leftOfFirst, let isShared):
      let left = isInFlight ? leftOfFirst : 0
      let end = slice.range.lowerBound + left
      if left > 0 {
        kept.append(
          .frames(
            SharedSlice(slice.bytes, slice.range.lowerBound..<end), leftOfFirst: left,
            isShared: isShared))
      }
      return slice.bytes.withSpan { bytes in
        FrameWalk.messageCount(in: bytes, from: end, upTo: slice.range.upperBound)
      }
    case .message(let message, let isShared):
      let rest = isInFlight ? message.restOfFragment : nil
      if let rest { kept.append(.message(rest, isShared: isShared)) }
      // A message in its final fragment loses nothing.
      return rest?.byteCount == message.byteCount ? 0 : 1
    case .sent: return 0
    }
  }

  private mutating func dropHeadAfterFrameInFlight() -> Int {
    guard headKind == .frames, headOffset < head.count else { return 0 }
    let left = FrameWalk.leftOfFrame(in: head.span, from: 0, at: headOffset)
    let end = headOffset + left
    let messageCount = FrameWalk.messageCount(in: head.span, from: end, upTo: head.count)
    head.removeSubrange(end...)
    return messageCount
  }

  // MARK: Sending

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

  /// Encrypts and sends as much as the peer takes, behind bytes that are encrypted already.
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

  /// Readies the next output; false if nothing is left.
  private mutating func prepareHead() -> Bool {
    guard headOffset == head.count else { return true }
    head.removeAll(keepingCapacity: true)
    headOffset = 0
    headKind = .frames
    let isAtBoundary: Bool
    switch firstItem < items.count ? items[firstItem] : nil {
    case nil, .sent?: isAtBoundary = true
    case .frames(_, let leftOfFirst, _)?: isAtBoundary = leftOfFirst == 0
    case .message(let message, _)?: isAtBoundary = message.isAtBoundary
    }
    if isAtBoundary, !control.isEmpty {
      swap(&head, &control)
      return true
    }
    guard firstItem < items.count else {
      swap(&head, &gathered)
      return !head.isEmpty
    }
    if case .message(var message, let isShared) = items[firstItem], isAtBoundary {
      head = message.beginFragment()
      headKind = .fragmentHeader
      byteCount += head.count
      items[firstItem] = .message(message, isShared: isShared)
    }
    return true
  }

  /// The slices behind the head: the frame or fragment in flight and the frames after it.
  private func nextSlices() -> [SharedSlice] {
    var slices: [SharedSlice] = []
    // A head that ends with whole frames stands at a boundary: only whole frames may follow, and a
    // message begins with its own head.
    for item in items[firstItem...].prefix(Syscalls.maximumPieceCount - 1) {
      switch item {
      case .frames(let slice, let leftOfFirst, _):
        if leftOfFirst > 0, !control.isEmpty {
          let end = slice.range.lowerBound + leftOfFirst
          slices.append(SharedSlice(slice.bytes, slice.range.lowerBound..<end))
          return slices
        }
        slices.append(slice)
      case .message(let message, _):
        if slices.isEmpty, let slice = message.fragmentSlice { slices.append(slice) }
        return slices
      case .sent: break
      }
    }
    return slices
  }

  private mutating func advance(by count: Int) {
    byteCount -= count
    var left = count
    let fromHead = min(left, head.count - headOffset)
    headOffset += fromHead
    left -= fromHead
    while left > 0, firstItem < items.count {
      switch items[firstItem] {
      case .frames(let slice, let leftOfFirst, let isShared):
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
            SharedSlice(slice.bytes, start..<slice.range.upperBound), leftOfFirst: rest,
            isShared: isShared)
        }
      case .message(var message, let isShared):
        left -= message.advance(by: left)
        if message.isFinished {
          finishFirstItem()
        } else {
          items[firstItem] = .message(message, isShared: isShared)
        }
      case .sent: finishFirstItem()
      }
    }
    if firstItem < items.count, case .message(let message, _) = items[firstItem],
      message.isFinished
    {
      finishFirstItem()
    }
  }

  private mutating func finishFirstItem() {
    ownItemByteCount -= items[firstItem].ownByteCount
    // The sent item is let go at once, not when the queue is compacted.
    items[firstItem] = .sent
    firstItem += 1
    // The queue is compacted when half of it is sent, so that each item is moved once on average
    // however long it is.
    if firstItem == items.count || (firstItem >= 64 && firstItem * 2 >= items.count) {
      items.removeFirst(firstItem)
      firstItem = 0
    }
  }
}
