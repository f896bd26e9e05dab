import DequeModule

/// A broadcast on its way to the members of a room.
struct PendingBroadcast {
  let broadcast: Broadcast
  let room: RoomShare
  /// The number of members that it is for.
  let expectedCount: Int
  /// Called with the number of members that it was queued for, when it has passed the last one.
  let completion: ((Int) -> Void)?
  /// The number of members that it was queued for so far.
  var deliveryCount = 0
}

/// The broadcasts that have members left to be sent to, the oldest first.
///
/// Each has a number, one more than the one before it, and each member knows up to which number it
/// needs none (`LegExtras.settledBroadcast`). So it gets the broadcasts of its rooms once and
/// in order, whether a broadcast passes by or the member is to be sent another message first.
/// Confined to its reactor.
struct BroadcastQueue {
  /// The memory of a broadcast under way beside its message, in bytes.
  static let boxByteCount = 256

  private var pending: Deque<PendingBroadcast> = []
  private var lastNumber: UInt64 = 0
  /// Whether any is under way.
  private(set) var isUnderWay = false
  /// The memory that they take, in bytes.
  private(set) var byteCount = 0

  /// How many are under way.
  var count: Int { pending.count }

  /// The number of the oldest one, or of the next one if none is under way.
  var firstNumber: UInt64 { lastNumber - UInt64(pending.count) + 1 }

  /// The broadcast of a number; it must be under way.
  subscript(number: UInt64) -> PendingBroadcast {
    get { pending[Int(number - firstNumber)] }
    set { pending[Int(number - firstNumber)] = newValue }
  }

  /// The numbers of broadcasts under way above a number.
  func numbers(behind settled: UInt64) -> Range<UInt64> {
    max(settled + 1, firstNumber)..<max(settled, lastNumber) + 1
  }

  mutating func append(_ broadcast: PendingBroadcast) {
    pending.append(broadcast)
    byteCount += Self.boxByteCount + broadcast.broadcast.message.byteCount
    lastNumber += 1
    isUnderWay = true
  }

  /// Takes the oldest one out; there must be one.
  mutating func removeFirst() -> PendingBroadcast {
    let first = pending.removeFirst()
    byteCount -= Self.boxByteCount + first.broadcast.message.byteCount
    isUnderWay = !pending.isEmpty
    return first
  }
}

@available(*, unavailable)
extension BroadcastQueue: Sendable {}
