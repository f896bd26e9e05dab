import TestSupport
import Testing
import Vocabulary

@testable import EventLoop

@Suite("Timer", .limited, .timeLimit(.minutes(10)))
struct TimerTests {
  /// What the timer wakes.
  final class Handler: ReactorHandler {
    var instants: [Instant] = []
    var onHandle: () -> Void = {}

    func handle(_ readiness: Readiness) {
      instants.append(SystemClock.monotonic())
      onHandle()
    }

    func handleDeadline() {}
  }

  final class Delegate: ReactorDelegate {
    func turnBegins() -> Bool { false }
    func turnEnds() -> Bool { false }
  }

  @Test("It wakes the reactor at each instant it is set to, never early, and once each")
  func instants() throws {
    let reactor = try Reactor()
    let timer = try Timer()
    let handler = Handler()
    _ = try reactor.register(
      handler, descriptor: timer.descriptor, for: [.readable, .edgeTriggered])
    let start = SystemClock.monotonic()
    let wanted = [0, 3, 7, 7].map { start.advanced(by: .milliseconds($0)) }
    // Weak, or the handler would hold itself for ever.
    handler.onHandle = { [weak handler] in
      guard let handler else { return }
      guard handler.instants.count < wanted.count else { return reactor.stop() }
      timer.set(at: wanted[handler.instants.count])
    }
    timer.set(at: wanted[0])
    reactor.run(Delegate())
    #expect(handler.instants.count == wanted.count)
    for (instant, wanted) in zip(handler.instants, wanted) { #expect(instant >= wanted) }
  }
}
