import Glibc
import Synchronization
import TestSupport
import Testing

@testable import EventLoop

@Suite("Threads of the engine", .limited, .timeLimit(.minutes(10)))
struct LoopThreadTests {
  @Test(
    "A thread is at least as nice as asked for, and its maker stays as it was", arguments: [0, 10])
  func niceness(_ niceness: Int32) throws {
    func own() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
    let before = own()
    let seen = Mutex<Int32?>(nil)
    let thread = try LoopThread(name: "nice test", niceness: niceness) {
      let value = own()
      seen.withLock { $0 = value }
    }
    thread.join()
    #expect(seen.withLock { $0 } == (niceness == 0 ? before : max(before, niceness)))
    #expect(own() == before)
  }

  /// The process's address space in bytes (`statm`, proc(5)).
  private func addressSpace() throws -> Int {
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    try #require(fgets(&text, 128, file) != nil)
    let digits = text.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8(bitPattern: $0) }
    return try #require(Int(String(decoding: digits, as: UTF8.self))) * sysconf(Int32(_SC_PAGESIZE))
  }

  private final class Ended: Sendable {
    let count = Atomic(0)
  }

  @Test("A thread that nobody joins runs to its end and gives its stack of 8 MiB back")
  func unjoined() async throws {
    let ended = Ended()
    let before = try addressSpace()
    for _ in 0..<200 {
      _ = try LoopThread(name: "left alone") { ended.count.wrappingAdd(1, ordering: .relaxed) }
    }
    while ended.count.load(ordering: .relaxed) < 200 { try await Task.sleep(for: .milliseconds(2)) }
    while try addressSpace() - before > 800 << 20 { try await Task.sleep(for: .milliseconds(2)) }
  }
}
