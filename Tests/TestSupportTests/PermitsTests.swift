import Synchronization
import TestSupport
import Testing

@Suite("Permits of tests")
struct PermitsTests {
  /// How many are in, were in at once, and have gone.
  private final class Count: Sendable {
    let state = Mutex((inside: 0, most: 0, done: 0))

    func enter() {
      state.withLock {
        $0.inside += 1
        $0.most = max($0.most, $0.inside)
      }
    }

    func leave() {
      state.withLock {
        $0.inside -= 1
        $0.done += 1
      }
    }
  }

  @Test("No more than there are permits for are in at once, and all come in", arguments: [1, 3])
  func bound(limit: Int) async {
    let permits = Permits(count: limit)
    let count = Count()
    await withTaskGroup { group in
      for _ in 0..<200 {
        group.addTask {
          await permits.hold {
            count.enter()
            for _ in 0..<5 { await Task.yield() }
            count.leave()
          }
        }
      }
    }
    #expect(count.state.withLock { $0.most } == limit)
    #expect(count.state.withLock { $0.done } == 200)
  }

  @Test("A permit comes back from a test that throws")
  func thrown() async {
    struct Failure: Error {}
    let permits = Permits(count: 1)
    for _ in 0..<3 {
      await #expect(throws: Failure.self) { try await permits.hold { throw Failure() } }
    }
    #expect(await permits.hold { true })
  }

  @Test("A limited test holds its permit around all of its cases, which come one by one")
  func scope() async throws {
    let test = try #require(Test.current)
    let trait = LimitedTrait(permits: Permits(count: 1))
    #expect(trait.scopeProvider(for: test, testCase: nil) != nil)
    #expect(trait.scopeProvider(for: test, testCase: Test.Case.current) == nil)
  }

  /// How many cases of `serial` run.
  private static let running = Mutex(0)

  @Test("Cases of a limited test do not run beside each other", .limited, arguments: 0..<20)
  func serial(number: Int) async {
    #expect(
      Self.running.withLock {
        $0 += 1; return $0
      } == 1)
    for _ in 0..<5 { await Task.yield() }
    Self.running.withLock { $0 -= 1 }
    #expect(Task.currentPriority >= .high)
  }
}
