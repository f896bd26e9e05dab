import EventLoop
import Vocabulary

/// The work that one session may cause in its turn before the others get theirs.
///
/// Counted in units of roughly the cost of delivering a broadcast to one member, so that the same
/// input always ends its turn at the same place; and, since a handler may take any time, also
/// looked at by the clock once every few hundred units.
struct TurnBudget {
  /// The units of a turn: as many deliveries, a quarter as many messages, or 1 MiB of payload.
  static let unitCount = 4096
  /// The cost of a message or a control frame, whatever its content.
  static let messageUnitCount = 4
  /// How long a session's turn may take, looked at between two messages.
  static let duration = Duration.milliseconds(2)
  private static let nanoseconds = duration.wholeNanoseconds
  private static let lookInterval = 512
  /// The units of each session whose events come late in a turn, behind many others'.
  static let lateUnitCount = unitCount / 16

  private var left = 0
  private var nextLook = 0
  private var deadline = Int64.max

  /// Begins a session's turn.
  ///
  /// - Parameter isLate: whether others have had much of the reactor's turn before.
  mutating func begin(isLate: Bool = false) {
    left = isLate ? Self.lateUnitCount : Self.unitCount
    nextLook = max(0, left - Self.lookInterval)
    deadline = .max
  }

  /// Whether the session may cause more in this turn.
  var isLeft: Bool { left > 0 }

  /// Charges a broadcast that was queued for so many members.
  @inline(__always)
  mutating func delivered(to count: Int) { left &-= count }

  /// Charges a message or a control frame that was handled.
  ///
  /// - Parameter byteCount: the size of its payload, after inflation.
  /// - Returns: whether the session may go on.
  @inline(__always)
  mutating func handled(messageOf byteCount: Int) -> Bool {
    left &-= Self.messageUnitCount &+ (byteCount >> 8)
    return left > nextLook || lookAtClock()
  }

  // The clock is read for the first time when some units are spent: most turns never get there.
  @inline(never)
  private mutating func lookAtClock() -> Bool {
    guard left > 0 else { return false }
    nextLook = max(0, left - Self.lookInterval)
    let now = SystemClock.monotonic().nanoseconds
    if deadline == .max { deadline = now + Self.nanoseconds }
    return now < deadline
  }
}
