import EventLoop
import Glibc
import Synchronization
import Vocabulary

/// Something that did not happen in time.
struct TestTimeout: Error, CustomStringConvertible {
  var what: String
  var description: String { "waited too long for \(what)" }
}

/// Waits for descriptors on one thread for all tests, so that no test blocks a thread of the
/// pool that the others run on.
final class Waiting: Sendable {
  private struct Waiter: Sendable {
    var descriptor: Int32
    var events: Int16
    var deadline: Instant
    var continuation: CheckedContinuation<Bool, Never>
  }

  static let shared = Waiting()
  /// Far more than anything takes on a busy machine.
  static let patience = Duration.seconds(120)

  private let waiters = Mutex<[Waiter]>([])
  private let wakeUp: (reader: Int32, writer: Int32)

  private init() {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    wakeUp = (ends[0], ends[1])
    let thread = try? LoopThread(name: "test waiting") { [self] in
      while true { turn() }
    }
    precondition(thread != nil)
  }

  /// Waits until the descriptor is ready; false if `timeout` passed first.
  func wait(for descriptor: Int32, _ events: Int32, timeout: Duration = patience) async -> Bool {
    await withCheckedContinuation { continuation in
      let waiter = Waiter(
        descriptor: descriptor, events: Int16(events),
        deadline: SystemClock.monotonic().advanced(by: timeout), continuation: continuation)
      waiters.withLock { $0.append(waiter) }
      var byte: UInt8 = 1
      _ = write(wakeUp.writer, &byte, 1)
    }
  }

  private func turn() {
    let waiting = waiters.withLock { $0 }
    var entries = [pollfd(fd: wakeUp.reader, events: Int16(POLLIN), revents: 0)]
    entries += waiting.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
    let now = SystemClock.monotonic()
    let left = waiting.map { now.duration(to: $0.deadline).wholeNanoseconds }.min() ?? Int64.max
    let milliseconds = Int32(clamping: min(max(0, left / 1_000_000) + 1, 3_600_000))
    _ = poll(&entries, UInt(entries.count), waiting.isEmpty ? -1 : milliseconds)
    if entries[0].revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 512)
      _ = read(wakeUp.reader, &bytes, bytes.count)
    }
    let after = SystemClock.monotonic()
    var kept: [Waiter] = []
    for (waiter, entry) in zip(waiting, entries.dropFirst()) {
      if entry.revents != 0 {
        waiter.continuation.resume(returning: true)
      } else if waiter.deadline <= after {
        waiter.continuation.resume(returning: false)
      } else {
        kept.append(waiter)
      }
    }
    let unfinished = kept
    waiters.withLock { $0 = unfinished + $0.dropFirst(waiting.count) }
  }
}

/// Asks until a condition holds that nobody announces, such as a counter's.
func eventually(
  _ what: String, within patience: Duration = Waiting.patience,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = SystemClock.monotonic().advanced(by: patience)
  while try await !condition() {
    guard SystemClock.monotonic() < deadline else { throw TestTimeout(what: what) }
    try await Task.sleep(for: .milliseconds(2))
  }
}
