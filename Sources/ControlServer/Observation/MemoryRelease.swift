internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The times at which free memory after a wave of sessions or messages goes back to the system.
///
/// The allocator keeps freed memory between blocks in use, and hands it back only when asked; that
/// delays threads that allocate meanwhile, by 0.2 ms for each MiB and longer where the machine is
/// busy. So it is asked only when most of the wave has been gone for a while, and not again soon.
struct MemoryRelease {
  /// The bytes that an open session is taken to hold for its socket, its handler and its place in
  /// tables, besides the account of buffered bytes.
  static let sessionByteCount = 2 << 10
  /// The least difference between the peak and the bytes held; these must be half of the peak at
  /// most, too.
  static let leastByteCount = 1 << 20
  /// How long the difference must have lasted.
  static let quietDuration = Duration.seconds(10)
  /// The least time between two times.
  static let interval = Duration.seconds(30)

  /// The most bytes held since the last release.
  private var peak = 0
  /// The time since which fewer bytes are held by that difference.
  private var quietSince: Instant?
  private var lastRelease: Instant?

  /// About how many bytes a server's sessions hold.
  static func heldByteCount(in server: Server) -> Int {
    let sessions = server.reactors.reduce(0) { $0 + $1.counters[.openNow] }
    return sessions * sessionByteCount + server.admission.buffered.byteCount
  }

  /// Hands free memory back: first each reactor that of its thread, one after the other, then that
  /// between blocks in use.
  static func perform(on server: Server) async {
    for handle in server.reactors { _ = await handle.run { _ in Syscalls.returnFreeEnd() } }
    Syscalls.returnFreeEnd()
    Syscalls.returnFreeMemory()
  }

  /// Takes the bytes held, once a second or so, and says whether free memory is to be handed back
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
