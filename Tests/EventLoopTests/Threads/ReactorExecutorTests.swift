import Synchronization
import TestSupport
import Testing

@testable import EventLoop

@Suite("Executor of a reactor's thread", .limited, .timeLimit(.minutes(10)))
struct ReactorExecutorTests {
  @Test("Tasks that prefer it run on the thread that adopted it, and elsewhere after the close")
  func thread() async throws {
    let executor = try ReactorExecutor()
    let isStopping = Atomic(false)
    let thread = try LoopThread(name: "test executor") {
      executor.adoptCurrentThread()
      while !isStopping.load(ordering: .acquiring) {
        executor.runJobs()
        _ = Poll.wait(for: executor.mailbox.descriptor, .readable, milliseconds: 1)
      }
      executor.close()
    }
    #expect(!executor.isCurrent)
    let task = Task(executorPreference: executor) {
      var isAlways = executor.isCurrent
      for _ in 0..<100 {
        await Task.yield()
        isAlways = isAlways && executor.isCurrent
      }
      async let child = executor.isCurrent
      return await child && isAlways
    }
    #expect(await task.value)
    isStopping.store(true, ordering: .releasing)
    thread.join()
    #expect(!executor.isCurrent)
    let late = Task(executorPreference: executor) { executor.isCurrent }
    #expect(await !late.value)
  }
}
