import ControlProtocol
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Changes of limits that take themselves back")
struct LimitRevertsTests {
  private func trial(
    _ key: LimitKey = .messageBytes, at scope: LimitScope = .engine, of tried: Int? = 64,
    from base: LimitSetting? = nil, after seconds: Int
  ) -> LimitReverts.Trial {
    LimitReverts.Trial(
      place: LimitReverts.Place(key: key, scope: scope), tried: tried.map { .amount($0) },
      base: base, baseValue: base?.value ?? .amount(1 << 20), deadline: instant(seconds),
      at: 1000 + Double(seconds), actor: "uid 1")
  }

  private func instant(_ seconds: Int) -> Instant {
    Instant(nanoseconds: Int64(seconds) * 1_000_000_000)
  }

  @Test("What is due is taken once, the soonest first")
  func due() {
    var reverts = LimitReverts()
    reverts.begin(trial(.sessions, after: 20))
    reverts.begin(trial(after: 10))
    reverts.begin(trial(at: .route("/a"), after: 30))
    let taken = [9, 20, 20].map { reverts.beginDue(at: instant($0)).map(\.place.key) }
    #expect(taken == [[], [.messageBytes, .sessions], []])
    #expect(reverts.count == 3)
  }

  @Test("What was tried on a session that is gone is forgotten, and nothing else")
  func sessionGone() {
    var reverts = LimitReverts()
    let ids = [SessionID(rawValue: 1), SessionID(rawValue: 2)]
    for id in ids { reverts.begin(trial(at: .session(id), after: 10)) }
    reverts.begin(trial(after: 10))
    reverts.forgetSessions { $0 == ids[0] }
    #expect(reverts.count == 2)
    let due = reverts.beginDue(at: instant(10)).map(\.place.scope)
    #expect(Set(due) == [.session(ids[1]), .engine])
  }

  @Test("Until it is taken back it is told of, and who keeps it or tries again is faster")
  func underWay() throws {
    var reverts = LimitReverts()
    reverts.begin(trial(after: 10))
    let due = try #require(reverts.beginDue(at: instant(10)).first)
    #expect(reverts.isUnderWay(due))
    reverts.begin(trial(after: 30))
    #expect(!reverts.isUnderWay(due))
    let again = try #require(reverts.beginDue(at: instant(30)).first)
    let kept = reverts.keep(at: nil, nil)
    #expect(kept.count == 1 && !reverts.isUnderWay(again))
  }

  @Test("A second trial begins the time anew and reverts to what was before the first")
  func again() throws {
    var reverts = LimitReverts()
    let flag = LimitSetting(.amount(4096), .flag)
    reverts.begin(trial(of: 64, from: flag, after: 10))
    reverts.begin(trial(of: 128, from: LimitSetting(.amount(64), .operator), after: 15))
    let early = reverts.beginDue(at: instant(14))
    #expect(early.isEmpty)
    let due = try #require(reverts.beginDue(at: instant(15)).first)
    #expect(due.base == flag)
    #expect(due.baseValue == .amount(4096))
    #expect(due.tried == .amount(128))
  }

  @Test("A change for good ends the trial")
  func forGood() {
    var reverts = LimitReverts()
    reverts.begin(trial(after: 10))
    let isOther = reverts.end(LimitReverts.Place(key: .messageBytes, scope: .route("/a")))
    let isEnded = reverts.end(LimitReverts.Place(key: .messageBytes, scope: .engine))
    #expect(!isOther && isEnded)
    let due = reverts.beginDue(at: instant(100))
    #expect(due.isEmpty)
  }

  @Test("Keeping takes all, those of a place, or those that are named")
  func keep() {
    func three() -> LimitReverts {
      var reverts = LimitReverts()
      reverts.begin(trial(after: 10))
      reverts.begin(trial(at: .route("/a"), after: 10))
      reverts.begin(trial(.idleTimeout, at: .route("/a"), after: 10))
      return reverts
    }
    var reverts = three()
    let all = reverts.keep(at: nil, nil)
    #expect(all.count == 3 && reverts.count == 0)
    reverts = three()
    let place = reverts.keep(at: .route("/a"), nil)
    #expect(place.count == 2)
    reverts = three()
    let named = reverts.keep(at: .route("/a"), [.messageBytes])
    #expect(named.map(\.place.key) == [.messageBytes] && reverts.count == 2)
    let none = reverts.keep(at: .engine, [.sessions])
    #expect(none.isEmpty)
  }

  @Test("No more than so many limits are on trial at once")
  func bound() {
    var reverts = LimitReverts()
    for number in 0..<LimitReverts.maximumCount {
      reverts.begin(trial(at: .route(UTF8Name("/\(number)")), after: 10))
    }
    let new = LimitReverts.Place(key: .messageBytes, scope: .engine)
    let old = LimitReverts.Place(key: .messageBytes, scope: .route("/1"))
    #expect(!reverts.hasRoom(for: [new]))
    #expect(reverts.hasRoom(for: [old]))
  }

  @Test("Rows tell of their reverts, and a setting that was taken away for a time has a row")
  func rows() throws {
    var reverts = LimitReverts()
    let rows = [
      LimitRow(
        key: .messageBytes, value: "64B", defaultValue: "1MiB", source: .operator, scope: .engine)
    ]
    #expect(reverts.annotated(rows) == rows)
    reverts.begin(trial(after: 10))
    reverts.begin(
      trial(at: .route("/a"), of: nil, from: LimitSetting(.amount(2048), .operator), after: 20))
    let annotated = reverts.annotated(rows)
    #expect(annotated.count == 2)
    #expect(annotated[0].revert == LimitRevert(at: 1010, value: "1MiB"))
    #expect(annotated[1].scope == .route("/a"))
    #expect(annotated[1].value == "64B")
    #expect(annotated[1].revert == LimitRevert(at: 1020, value: "2KiB"))
  }

  @Test("Changes queue: one is under way, and the next begins when it is done")
  @MainActor
  func queue() async {
    let queue = LimitChangeQueue()
    var begun: [Int] = []
    await queue.enter()
    var tasks: [Task<Void, Never>] = []
    for number in 1...2 {
      tasks.append(
        Task { @MainActor in
          await queue.enter()
          begun.append(number)
        })
      // Each waits before the next one comes.
      while queue.waitingCount < number { await Task.yield() }
    }
    #expect(begun.isEmpty)
    for number in 1...2 {
      queue.leave()
      await tasks[number - 1].value
      #expect(begun == Array(1...number))
    }
    queue.leave()
    await queue.enter()
    #expect(queue.waitingCount == 0)
  }

  @Test("So many wait at most, and one that is done makes room")
  @MainActor
  func fullQueue() async {
    let queue = LimitChangeQueue()
    await queue.enter()
    let tasks = (0..<LimitChangeQueue.maximumWaitingCount).map { _ in
      Task { @MainActor in
        await queue.enter()
        queue.leave()
      }
    }
    while queue.waitingCount < LimitChangeQueue.maximumWaitingCount { await Task.yield() }
    #expect(queue.isFull)
    queue.leave()
    #expect(!queue.isFull)
    for task in tasks { await task.value }
    #expect(queue.waitingCount == 0)
  }
}
