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

  @Test("It never runs two jobs at a time, nor after its thread has given it up")
  func serial() async throws {
    let executor = try ReactorExecutor()
    let thread = try LoopThread(name: "test executor") {
      executor.adoptCurrentThread()
      executor.close()
    }
    thread.join()
    let (running, most) = (Counter(), Counter())
    await withTaskGroup { group in
      for _ in 0..<20 {
        group.addTask(executorPreference: executor) {
          for _ in 0..<100 {
            most.raise(to: running.add(1))
            _ = running.add(-1)
            await Task.yield()
          }
        }
      }
    }
    #expect(most.value == 1)
  }
}

private final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func add(_ difference: Int) -> Int {
    count.withLock { count in
      count += difference
      return count
    }
  }

  func raise(to value: Int) { count.withLock { $0 = max($0, value) } }
}
