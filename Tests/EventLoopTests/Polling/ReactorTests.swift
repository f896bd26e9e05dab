import Glibc
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import EventLoop

@Suite("Reactor", .limited, .timeLimit(.minutes(10)))
struct ReactorTests {
  final class Handler: ReactorHandler {
    var readiness: [Readiness] = []
    var deadlineCount = 0
    var onHandle: (Readiness) -> Void = { _ in }
    var onDeadline: () -> Void = {}

    func handle(_ readiness: Readiness) {
      self.readiness.append(readiness)
      onHandle(readiness)
    }

    func handleDeadline() {
      deadlineCount += 1
      onDeadline()
    }
  }

  final class Delegate: ReactorDelegate {
    var onBegin: () -> Void = {}
    var onEnd: () -> Bool = { false }
    func turnBegins() -> Bool {
      onBegin()
      return true
    }
    func turnEnds() -> Bool { onEnd() }
  }

  struct Pair: ~Copyable {
    let near: OwnedDescriptor
    let far: OwnedDescriptor

    init() throws {
      let (near, far) = try Socket.pair()
      self.near = OwnedDescriptor(owning: near)
      self.far = OwnedDescriptor(owning: far)
    }
  }

  @Test("A descriptor that became ready is handled; one that is not watched any more is not")
  func events() throws {
    let reactor = try Reactor()
    let first = try Pair()
    let second = try Pair()
    let (one, two) = (Handler(), Handler())
    let byte: [UInt8] = [1]
    _ = Syscalls.send(first.far.number, byte.span)
    _ = Syscalls.send(second.far.number, byte.span)
    let registrations = [
      try reactor.register(one, descriptor: first.near.number, for: .readable),
      try reactor.register(two, descriptor: second.near.number, for: .readable),
    ]
    // Whoever is first takes the other one out: the event of the same wait must not arrive.
    one.onHandle = { _ in reactor.unwatch(registrations[1], descriptor: second.near.number) }
    two.onHandle = { _ in reactor.unwatch(registrations[0], descriptor: first.near.number) }
    let delegate = Delegate()
    delegate.onEnd = {
      if reactor.turnCount == 2 { reactor.stop() }
      return true
    }
    reactor.run(delegate)
    #expect(one.readiness.isEmpty != two.readiness.isEmpty)
  }

  @Test("A place that is used again belongs to its new owner alone")
  func generations() throws {
    let reactor = try Reactor()
    let (old, new) = (Handler(), Handler())
    let stale = reactor.registerTimer(old)
    reactor.setDeadline(reactor.now, for: stale)
    reactor.unregister(stale)
    var fresh: Reactor.Registration?
    let delegate = Delegate()
    delegate.onEnd = {
      if fresh == nil {
        fresh = reactor.registerTimer(new)
      } else if fresh != stale, new.deadlineCount == 0, reactor.turnCount == 2 {
        // Deadlines and changes by the old name come to nothing.
        let again = reactor.registerTimer(new)
        #expect(again.token & 0xFFFF_FFFF == stale.token & 0xFFFF_FFFF)
        #expect(again != stale)
        reactor.setDeadline(reactor.now, for: stale)
        reactor.unregister(stale)
        reactor.replaceHandler(of: stale, with: old)
        reactor.setDeadline(reactor.now, for: again)
      }
      if new.deadlineCount > 0 { reactor.stop() }
      return true
    }
    reactor.run(delegate)
    #expect(old.deadlineCount == 0)
    #expect(new.deadlineCount == 1)
  }

  @Test("A deadline ends an idle wait, and so does one set in its place")
  func deadlines() throws {
    let reactor = try Reactor()
    let began = reactor.now
    var passed: [(name: String, after: Duration)] = []
    func timer(_ name: String, _ body: @escaping () -> Void = {}) -> Reactor.Registration {
      let handler = Handler()
      handler.onDeadline = {
        passed.append((name, began.duration(to: reactor.now)))
        body()
      }
      return reactor.registerTimer(handler)
    }
    let (far, between) = (timer("far"), timer("between") { reactor.stop() })
    let first = timer("first") {
      reactor.setDeadline(reactor.now.advanced(by: .milliseconds(40)), for: between)
    }
    reactor.setDeadline(began.advanced(by: .seconds(60)), for: far)
    reactor.setDeadline(began.advanced(by: .milliseconds(50)), for: first)
    reactor.run(Delegate())
    #expect(passed.map(\.name) == ["first", "between"])
    for (entry, due) in zip(passed, [50, 90]) {
      #expect(entry.after >= .milliseconds(due), "\(entry.name) came early")
    }
    // A timer that is over must not wake again.
    #expect(reactor.turnCount <= 5)
  }

  @Test("A deadline set while a wait for a later one goes on is in time")
  func soonerDeadline() throws {
    let reactor = try Reactor()
    let mailbox = try Mailbox<Int>()
    try reactor.watch(mailbox)
    let (far, near) = (Handler(), Handler())
    near.onDeadline = { reactor.stop() }
    reactor.setDeadline(
      reactor.now.advanced(by: .seconds(3600)), for: reactor.registerTimer(far))
    let timer = reactor.registerTimer(near)
    let delegate = Delegate()
    delegate.onBegin = {
      guard !mailbox.takeAll().isEmpty else { return }
      // Not in the first turn, so that the alarm of the far one is set.
      #expect(reactor.turnCount == 2)
      reactor.setDeadline(reactor.now.advanced(by: .milliseconds(40)), for: timer)
    }
    delegate.onEnd = {
      if reactor.turnCount == 1 { mailbox.post(1) }
      return false
    }
    mailbox.wake()
    reactor.run(delegate)
    #expect(near.deadlineCount == 1 && far.deadlineCount == 0)
  }

  @Test("A mailbox wakes the loop from another thread, and an idle loop does not turn")
  func wakeUp() throws {
    let mailbox = try Mailbox<Int>()
    let received = Mutex<[Int]>([])
    let turns = Atomic(0)
    let thread = try LoopThread(name: "test reactor") {
      guard let reactor = try? Reactor(), (try? reactor.watch(mailbox)) != nil else { return }
      let delegate = Delegate()
      let handler = Handler()
      let timer = reactor.registerTimer(handler)
      handler.onDeadline = { reactor.stop() }
      delegate.onBegin = {
        let messages = mailbox.takeAll()
        received.withLock { $0 += messages }
        // Idle from the last message on.
        guard messages.contains(99) else { return }
        reactor.setDeadline(reactor.now.advanced(by: .milliseconds(200)), for: timer)
      }
      reactor.run(delegate)
      turns.store(reactor.turnCount, ordering: .releasing)
    }
    for number in 0..<100 { #expect(mailbox.post(number)) }
    thread.join()
    #expect(received.withLock { $0 } == Array(0..<100))
    // One more at most for each message, and some for the time of which the wheel is told.
    #expect(turns.load(ordering: .acquiring) < 110)
  }
}
