import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("Closed sessions in the table")
struct ClosedSessionTests {
  /// Two that live and three that are gone, each for another reason; the last one closed last.
  private struct Crowd {
    var engine: SyntheticEngine
    var live: [SessionID]
    var gone: [SessionID]

    init() throws {
      var engine = try SyntheticEngine()
      live = try [engine.open(path: "/a", messagesIn: 7), engine.open(path: "/b")]
      gone = try (0..<3).map { try engine.open(path: "/gone/\($0)", messagesIn: $0 + 1) }
      engine.close(gone[0], .messageTooBig, by: .limit(.messageBytes), reason: "too big")
      engine.close(gone[1], .normalClosure, by: .operator)
      engine.close(gone[2], .goingAway)
      self.engine = engine
    }

    func ids(
      _ show: SessionSelection, _ filter: String = "", sort: SessionField = .id,
      isDescending: Bool? = nil
    ) throws -> [SessionID] {
      try engine.ids(SessionQuery(sort: sort, isDescending: isDescending, show: show), filter)
    }
  }

  @Test("They stand beside those that live, or alone, or not at all")
  func selection() throws {
    let crowd = try Crowd()
    #expect(try crowd.ids(.live) == crowd.live)
    #expect(try crowd.ids(.closed) == crowd.gone)
    #expect(try crowd.ids(.all) == crowd.live + crowd.gone)
  }

  @Test(
    "Filters know how they ended",
    arguments: [
      ("code=1009", [0]), ("code>=1001", [0, 2]), ("who=limit", [0]),
      ("who=limit:message-bytes", [0]), ("who!=peer", [0, 1]), ("who=operator", [1]),
      ("state=closed", [0, 1, 2]), ("state=open", []), ("closed<1h", [0, 1, 2]), ("closed>1h", []),
      ("in.messages>=2", [1, 2]), ("path=/gone/1", [1]), ("addr=10.0.0.0/8 code=1000", [1]),
      ("ua~synth age<1h idle<1h", [0, 1, 2]), ("backlog=0 !throttled", [0, 1, 2]),
    ])
  func filters(filter: String, wanted: [Int]) throws {
    let crowd = try Crowd()
    #expect(try crowd.ids(.closed, filter) == wanted.map { crowd.gone[$0] })
  }

  @Test("What only an ended session has no live one has")
  func liveHaveNoEnd() throws {
    let crowd = try Crowd()
    for filter in ["code=1000", "who=peer", "closed<1d", "code>0"] {
      #expect(try crowd.ids(.live, filter).isEmpty, "\(filter)")
    }
    #expect(try crowd.ids(.all, "!code>0") == crowd.live)
  }

  @Test("They are sorted like others, and by how and when they ended")
  func sorting() throws {
    let crowd = try Crowd()
    let (live, gone) = (crowd.live, crowd.gone)
    #expect(try crowd.ids(.closed, sort: .code) == [gone[1], gone[2], gone[0]])
    #expect(try crowd.ids(.closed, sort: .who) == [gone[0], gone[1], gone[2]])
    #expect(try crowd.ids(.closed, sort: .who, isDescending: true).first == gone[2])
    #expect(try crowd.ids(.closed, sort: .messagesIn) == [gone[2], gone[1], gone[0]])
    #expect(
      try crowd.ids(.all, sort: .messagesIn) == [live[0], gone[2], gone[1], gone[0], live[1]])
    // What lives is closed after all that is closed.
    #expect(Set(try crowd.ids(.all, sort: .closed).prefix(2)) == Set(live))
    #expect(try crowd.ids(.all, sort: .path) == live + gone)
    #expect(try crowd.ids(.all, sort: .state).suffix(3) == gone)
    for sort in SessionField.columns {
      for isDescending in [false, true] {
        let ids = try crowd.ids(.all, sort: sort, isDescending: isDescending)
        #expect(Set(ids) == Set(live + gone))
      }
    }
  }

  @Test("A row has the last numbers, the code, the reason, who closed and when")
  func row() throws {
    let crowd = try Crowd()
    let window = crowd.engine.observer.window(SessionQuery(show: .closed), SessionFilter())
    let row = try #require(window.rows(0..<1).first)
    #expect(row.state == .closed && row.messagesIn == 1 && row.path == "/gone/0")
    let ending = try #require(row.ending)
    #expect(ending.code == .messageTooBig && ending.reason == "too big")
    #expect(ending.by == .limit(.messageBytes))
    #expect(abs(ending.at - SystemClock.secondsSince1970()) < 600)
    #expect(row.idleSeconds >= 0 && row.idleSeconds < 600)
  }

  @Test("A window is cut out of them too, and follows a row")
  func windows() throws {
    var engine = try SyntheticEngine()
    let ids = try (0..<200).map { _ in try engine.open() }
    for id in ids { engine.close(id) }
    let all = try engine.ids(SessionQuery(show: .closed))
    #expect(all == ids)
    let middle = try engine.ids(SessionQuery(offset: 90, limit: 20, show: .closed))
    #expect(middle == Array(ids[90..<110]))
    let followed = engine.observer.window(
      SessionQuery(offset: 0, limit: 20, show: .closed), SessionFilter(), following: ids[150])
    #expect(followed.sessions.contains { $0.profile.id == ids[150] })
    #expect(followed.total == 200)
  }

  @Test("Of a request that is longer than most only the beginning is kept")
  func longRequest() throws {
    var engine = try SyntheticEngine()
    let id = try engine.open(
      path: "/" + String(repeating: "p", count: 5000), agent: String(repeating: "a", count: 5000))
    let short = try engine.open(path: "/short", agent: "curl")
    engine.close(id)
    engine.close(short)
    engine.observer.tick()
    let profile = try #require(engine.observer.sessionOrLately(id)?.profile)
    #expect(profile.path.utf8.count == 512)
    #expect(profile.headers["User-Agent"]?.utf8.count == 512)
    #expect(profile.headers["Host"] == nil)
    let kept = try #require(engine.observer.sessionOrLately(short)?.profile)
    #expect(kept.path == "/short" && kept.headers["Host"] == "localhost")
  }
}

@Suite("What closed in the last minute, ten minutes and hour")
struct CloseHistoryTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func counts(_ count: Int) -> [CloseLedger.Close] {
    [
      CloseLedger.Close(code: .normalClosure, initiator: .peer, count: count),
      CloseLedger.Close(code: .goingAway, initiator: .peer, count: 3),
    ]
  }

  @Test("An interval has what closed in it, once it is long enough since the start")
  func intervals() throws {
    var history = CloseHistory(startingAt: start, counts(10))
    // One session a second.
    for second in 1...1000 {
      history.add(counts(10 + second), at: start.advanced(by: .seconds(second)))
    }
    let end = start.advanced(by: .seconds(1000))
    let intervals = history.intervals(counts(1010), at: end)
    try #require(intervals.map(\.seconds) == [60, 600, 3600])
    #expect(intervals[0].closes == [CloseCount(code: .normalClosure, by: .peer, count: 60)])
    #expect(intervals[0].elapsed == 60)
    // The beginning is exact to a sixtieth.
    #expect(try abs(intervals[1].closes.at(0).count - 600) <= 10)
    #expect(try intervals[2].closes.at(0).count == 1000 && intervals[2].elapsed == 1000)
  }

  @Test("What did not change is left out, and a pause is one long step")
  func quiet() throws {
    var history = CloseHistory(startingAt: start, counts(10))
    let later = start.advanced(by: .seconds(500))
    history.add(counts(10), at: later)
    #expect(history.intervals(counts(10), at: later).allSatisfy { $0.closes.isEmpty })
    let intervals = history.intervals(counts(15), at: later.advanced(by: .seconds(30)))
    #expect(try intervals.at(0).closes.map(\.count) == [5])
    #expect(try intervals.at(0).elapsed == 30)
  }
}
