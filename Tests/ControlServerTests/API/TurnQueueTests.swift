import TestSupport
import Testing

@testable import ControlServer

@Suite("Longer work of the control thread, a step a turn", .limited, .timeLimit(.minutes(10)))
@MainActor
struct TurnQueueTests {
  @Test("Work takes turns, in its order, until it has its result")
  func turns() async {
    let queue = TurnQueue()
    var done: [String] = []
    var tasks: [Task<Int?, Never>] = []
    for name in ["a", "b"] {
      tasks.append(
        Task { @MainActor in
          var count = 0
          return await queue.finish { _ -> Int? in
            done.append(name)
            count += 1
            return count == 3 ? count : nil
          }
        })
      // Each waits for its turn before the next one begins.
      while queue.count < tasks.count { await Task.yield() }
    }
    for turn in 0..<4 {
      queue.resumeNext()
      while done.count < 3 + turn || queue.count < min(2, 4 - turn - 1) { await Task.yield() }
    }
    for task in tasks { #expect(await task.value == 3) }
    #expect(done == ["a", "b", "a", "b", "a", "b"])
    #expect(queue.isEmpty)
  }

  @Test("Work whose task is cancelled is given up, and there is an end of turns")
  func ends() async {
    let queue = TurnQueue()
    let given = Task { @MainActor in await queue.finish { _ -> Int? in nil } }
    while queue.isEmpty { await Task.yield() }
    given.cancel()
    queue.resumeNext()
    #expect(await given.value == nil)
    let last = Task { @MainActor in
      var count = 0
      return await queue.finish { _ -> Int? in
        count += 1
        return count == 1000 ? count : nil
      }
    }
    while queue.isEmpty { await Task.yield() }
    queue.end()
    #expect(await last.value == 1000)
  }
}
