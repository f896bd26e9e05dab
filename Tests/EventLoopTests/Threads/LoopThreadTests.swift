import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite("Threads of the engine")
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
}
