import EventLoop

/// The memory of the engine that the legs of one reactor hold, and the largest holder.
///
/// Holders stand in classes by the power of two that they reach, so that to find the largest takes
/// no walk over all sessions just when memory is short. Confined to its reactor.
final class LegMemory {
  /// One leg's holding: a part of its `LegExtras`.
  struct Entry {
    /// The bytes that it holds.
    fileprivate(set) var heldByteCount = 0
    /// The most bytes that its end would free, bytes shared with others included.
    fileprivate(set) var weight = 0
    fileprivate var holdingClass = 0
    fileprivate var place = 0
  }

  /// The least weight of a leg whose end is worth anything.
  static let leastWeight = 1024
  /// How many of the largest class are compared.
  private static let comparedCount = 64

  private var heldByteCount = 0
  private var publishedByteCount = 0
  private var holders: [[Leg]] = Array(repeating: [], count: Int.bitWidth)
  /// The class of the largest holder; 0 if nobody holds anything worth its end.
  private(set) var largestClass = 0

  /// Updates a leg's holding.
  func update(_ leg: Leg, held: Int, weight: Int) {
    let entry = leg.makeExtras().memory
    heldByteCount += held - entry.heldByteCount
    let holdingClass =
      weight < Self.leastWeight ? 0 : Int.bitWidth - weight.leadingZeroBitCount
    if holdingClass != entry.holdingClass {
      leave(leg, entry)
      join(leg, holdingClass)
    }
    leg.makeExtras().memory.heldByteCount = held
    leg.makeExtras().memory.weight = weight
  }

  private func leave(_ leg: Leg, _ entry: Entry) {
    guard entry.holdingClass > 0 else { return }
    let last = holders[entry.holdingClass].removeLast()
    if last !== leg {
      holders[entry.holdingClass][entry.place] = last
      last.makeExtras().memory.place = entry.place
    }
    while largestClass > 0, holders[largestClass].isEmpty { largestClass -= 1 }
  }

  private func join(_ leg: Leg, _ holdingClass: Int) {
    leg.makeExtras().memory.holdingClass = holdingClass
    guard holdingClass > 0 else { return }
    leg.makeExtras().memory.place = holders[holdingClass].count
    holders[holdingClass].append(leg)
    largestClass = max(largestClass, holdingClass)
  }

  /// The leg whose end frees most, to within a factor of two where very many hold as much.
  var largestHolder: Leg? {
    holders[largestClass].prefix(Self.comparedCount)
      .max { $0.makeExtras().memory.weight < $1.makeExtras().memory.weight }
  }

  /// Adds the change since the last time to the engine's account.
  func publish(to account: ByteAccount) {
    let difference = heldByteCount - publishedByteCount
    guard difference != 0 else { return }
    publishedByteCount = heldByteCount
    account.add(difference)
  }
}

@available(*, unavailable)
extension LegMemory: Sendable {}
