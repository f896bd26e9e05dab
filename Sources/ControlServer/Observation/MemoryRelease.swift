internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// When memory that a wave of sessions or messages has left goes back to the system.
///
/// The allocator keeps what is freed between what is still held, and hands it back only when asked;
/// that holds up whoever allocates meanwhile, 0.2 ms for each MiB and longer where the machine is busy.
/// So it is asked only when most of the wave has been gone for a while, and not again soon.
struct MemoryRelease {
  /// What an open session is taken to hold, in bytes: for its socket, its handler and its place in
  /// tables, besides what the account of buffered bytes knows.
  static let sessionByteCount = 2 << 10
  /// By how much less must be held than at most, in bytes; no more than half of that, besides.
  static let leastByteCount = 1 << 20
  /// For how long it must have been so.
  static let quietDuration = Duration.seconds(10)
  /// The least time between two times.
  static let interval = Duration.seconds(30)

  /// The most that was held since the last time, in bytes.
  private var peak = 0
  /// Since when less is held by so much.
  private var quietSince: Instant?
  private var lastRelease: Instant?

  /// About what a server's sessions hold, in bytes.
  static func heldByteCount(in server: Server) -> Int {
    let sessions = server.reactors.reduce(0) { $0 + $1.counters[.openNow] }
    return sessions * sessionByteCount + server.admission.buffered.byteCount
  }

  /// Hands free memory back: each reactor what its thread has, one after the other, then what lies
  /// between what is held.
  static func perform(on server: Server) async {
    for share in server.reactors { _ = await share.run { _ in Syscalls.returnFreeEnd() } }
    Syscalls.returnFreeEnd()
    Syscalls.returnFreeMemory()
  }

  /// Takes in what is held, once a second or so, and says whether free memory is to be handed back
  /// now.
  mutating func isDue(heldByteCount: Int, at now: Instant) -> Bool {
    peak = max(peak, heldByteCount)
    guard peak - heldByteCount >= Self.leastByteCount, heldByteCount <= peak / 2 else {
      quietSince = nil
      return false
    }
    let since = quietSince ?? now
    quietSince = since
    guard since.duration(to: now) >= Self.quietDuration,
      lastRelease.map({ $0.duration(to: now) >= Self.interval }) ?? true
    else { return false }
    (peak, quietSince, lastRelease) = (heldByteCount, nil, now)
    return true
  }
}
