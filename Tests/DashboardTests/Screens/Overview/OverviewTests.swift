import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("The overview")
struct OverviewTests {
  private func snapshot(uptime: Double = 100) -> Snapshot {
    var snapshot = picture()
    snapshot.sessions = nil
    snapshot.statistics.uptimeSeconds = uptime
    snapshot.statistics.rates.refused = 2
    snapshot.statistics.refusals = [
      RefusalCount(reason: "no-route", status: 404, count: 5),
      RefusalCount(reason: "tls\u{1B}[2J", status: 0, count: 12),
    ]
    snapshot.closeIntervals = [
      CloseInterval(
        seconds: 60, elapsed: 60,
        closes: [
          CloseCount(code: .normalClosure, by: .peer, count: 7),
          CloseCount(code: .messageTooBig, by: .limit, count: 30),
          CloseCount(code: .normalClosure, by: .handler, count: 4),
        ])
    ]
    var room = GroupRow(name: "lobby\u{202E}")
    room.sessions = 412
    snapshot.groups = GroupList(
      engine: "run-1", kind: .rooms, total: 1, offset: 0, groups: [room])
    return snapshot
  }

  /// What is asked for, by the column that it is sorted by.
  private func asked(_ effects: [Effect]) -> [SessionField: Int] {
    var tags: [SessionField: Int] = [:]
    for case .request(let tag, .sessions(let query)) in effects { tags[query.sort] = tag }
    return tags
  }

  private func answer(_ rows: [SessionRow]) -> ControlReply {
    .sessions(SessionList(engine: "run-1", total: rows.count, offset: 0, sessions: rows))
  }

  /// A console on the overview, to which the engine has told everything.
  private func overview(_ columns: Int = 80, _ rows: Int = 24) -> Model {
    var model = connected(columns: columns, rows: rows)
    let tags = asked(model.keys(.character("0")))
    _ = update(&model, .snapshot(snapshot(uptime: 274_320.5)))
    var fast = row(3)
    fast.rates = SessionRates()
    fast.rates?.bytesOut = 2_097_152
    if let tag = tags[.byteRateOut] {
      _ = update(&model, .reply(tag: tag, answer([fast, row(4)])))
    }
    if let tag = tags[.backlog] { _ = update(&model, .reply(tag: tag, answer([row(1), row(2)]))) }
    if let tag = tags[.roundTrip] { _ = update(&model, .reply(tag: tag, answer([row(9)]))) }
    return model
  }

  @Test("It asks for closes and the largest rooms, and for the sessions that stand out")
  func asks() throws {
    var model = connected()
    let effects = model.keys(.character("0"))
    #expect(model.screen == .overview && model.watch.wantsCloses && model.watch.sessions == nil)
    #expect(model.watch.groups == GroupQuery(.rooms, limit: OverviewScreen.topCount))
    let queries = effects.compactMap { effect -> SessionQuery? in
      if case .request(_, .sessions(let query)) = effect { query } else { nil }
    }
    #expect(queries.map(\.sort) == [.byteRateOut, .backlog, .roundTrip])
    #expect(queries.allSatisfy { $0.isDescending && $0.limit == OverviewScreen.topCount })
    #expect(queries.map(\.wantsRates) == [true, false, false])
  }

  @Test(
    "Nothing is asked again before all is answered, nor within a second, nor while it is paused")
  func asksSeldom() throws {
    var model = connected()
    let tags = asked(model.keys(.character("0")))
    #expect(tags.count == 3)
    #expect(asked(update(&model, .snapshot(snapshot(uptime: 274_400)))).isEmpty)
    for tag in tags.values.sorted().dropLast() {
      #expect(asked(update(&model, .reply(tag: tag, answer([])))).isEmpty)
    }
    let last = try #require(tags.values.max())
    #expect(asked(update(&model, .reply(tag: last, answer([])))).count == 3)
    var other = overview()
    #expect(asked(update(&other, .snapshot(snapshot(uptime: 274_320.9)))).isEmpty)
    other.keys(.character("Z"))
    #expect(asked(update(&other, .snapshot(snapshot(uptime: 274_900)))).isEmpty)
    other.keys(.character("Z"))
    #expect(asked(update(&other, .snapshot(snapshot(uptime: 275_000)))).count == 3)
    // What was asked before the connection broke is not waited for.
    _ = update(&other, .connectionLost(reason: "gone"))
    #expect(asked(update(&other, .connected)).count == 3)
    other.keys(.character("1"))
    #expect(asked(update(&other, .snapshot(picture()))).isEmpty)
  }

  @Test("Closes by code, refusals, rooms and the sessions that stand out, at 80×24")
  func whole() throws {
    let text = overview().text
    #expect(text.contains("refused 2.0/s"))
    for title in [
      "CLOSES IN THE LAST 1m", "REFUSED HANDSHAKES", "ROOMS BY MEMBERS", "BYTES OUT/S", "BACKLOG",
      "ROUND TRIP",
    ] {
      #expect(text.contains(title), "\(title)")
    }
    let lines = overview().lines
    let closes = try #require(lines.first { $0.contains("1009 message too big") })
    // The greatest count comes first, of codes and of reasons.
    #expect(closes.contains("1009 message too big   30") && closes.contains("TLS tls\\u{1b}"))
    #expect(lines.contains { $0.contains("1000 normal closure    11") })
    #expect(text.contains("412") && text.contains("lobby\\u{202e}"))
    #expect(text.contains("2.0 MiB/s") && text.contains("812 KiB") && text.contains("12ms"))
    // A session without a backlog does not stand out by it.
    #expect(!text.contains(id(2).description))
  }

  @Test("r counts closes over other spans, and a new run forgets what the old one told")
  func intervals() {
    var model = overview()
    model.keys(.character("r"))
    #expect(model.text.contains("CLOSES IN THE LAST 10m"))
    model.keys(.character("r"), .character("r"))
    #expect(model.text.contains("CLOSES SINCE THE START") && model.text.contains("171 000"))
    var next = snapshot()
    next.statistics.engine = engine(run: "run-2")
    next.groups = nil
    _ = update(&model, .snapshot(next))
    #expect(model.text.contains("SINCE THE START"))
    #expect(!model.text.contains("lobby") && !model.text.contains("812 KiB"))
  }

  @Test("A refusal leaves what was there")
  func refusal() {
    var model = overview()
    let tags = asked(update(&model, .snapshot(snapshot(uptime: 274_500))))
    for tag in tags.values {
      _ = update(
        &model, .reply(tag: tag, .refused(status: 503, ControlError(code: "x", message: "y").error))
      )
    }
    #expect(model.text.contains("812 KiB") && model.notice?.tone != .failed)
  }

  @Test(
    "It fits any terminal",
    arguments: [(80, 24), (20, 5), (40, 12), (66, 18), (10, 3), (1, 1), (200, 60), (0, 0)])
  func sizes(columns: Int, rows: Int) {
    let model = overview(columns, rows)
    #expect(model.lines.count == rows)
    if columns >= 66, rows >= 18 { #expect(model.text.contains("ROOMS BY MEMBERS")) }
    if columns == 200 { #expect(model.text.contains("ROUND TRIP")) }
  }

  /// A console on the overview with alarms, and the tags of what it asks for them.
  private func alarmed(_ file: String) throws -> (model: Model, tags: [Int]) {
    var model = connected(columns: 100, rows: 30)
    model.setup.alarms = ConsoleSettings(file).alarms
    let effects = model.keys(.character("0"))
    let tags = effects.compactMap { effect -> Int? in
      if case .request(let tag, .sessions(let query)) = effect, !query.filter.isEmpty {
        #expect(query.limit == 1)
        return tag
      }
      return nil
    }
    return (model, tags)
  }

  @Test("An alarm over sessions is on while one matches, and says which and for how long")
  func sessionAlarm() throws {
    var (model, tags) = try alarmed("alarm = backlog>1MiB\nalarm = !tls in.bytes>1GiB")
    #expect(tags.count == 2)
    #expect(model.text.contains("no alarm of 2 is on"))
    let three = SessionList(engine: "run-1", total: 3, offset: 0, sessions: [row(7)])
    _ = update(&model, .reply(tag: try #require(tags.first), .sessions(three)))
    #expect(
      model.text.contains("ALARM backlog>1MiB  3 sessions, such as \(id(7)) /ws/chat/lobby-7  for"))
    #expect(!model.text.contains("ALARM !tls"))
    let none = SessionList(engine: "run-1", total: 0, offset: 0, sessions: [])
    _ = update(&model, .reply(tag: try #require(tags.last), .sessions(none)))
    #expect(!model.text.contains("ALARM !tls"))
    // Another screen asks for nothing, so that what was known is out of date.
    model.keys(.character("3"))
    model.keys(.character("0"))
    #expect(model.text.contains("no alarm of 2 is on"))
  }

  @Test("An alarm over the engine is on while its number is over the amount")
  func engineAlarm() throws {
    var (model, tags) = try alarmed("alarm refused/s>1\nalarm = sessions<5\nalarm bytes.in/s>1TiB")
    #expect(tags.isEmpty)
    _ = update(&model, .snapshot(snapshot()))
    #expect(model.text.contains("ALARM refused/s>1  2.0/s  for 0.0s"))
    #expect(!model.text.contains("ALARM bytes"))
    var calm = snapshot()
    calm.statistics.rates.refused = 0
    calm.statistics.sessions.open = 4
    _ = update(&model, .snapshot(calm))
    #expect(!model.text.contains("ALARM refused"))
    #expect(model.text.contains("ALARM sessions<5  4"))
  }

  @Test("Many alarms leave room for the lists, and rates take as many lines as they need")
  func narrow() throws {
    let lines = (1...8).map { "alarm = sessions>\($0)" }.joined(separator: "\n")
    var (model, _) = try alarmed(lines)
    _ = update(&model, .snapshot(snapshot()))
    #expect(model.text.contains("ALARM sessions>4") && !model.text.contains("ALARM sessions>5"))
    #expect(model.text.contains("and 4 alarms more") && model.text.contains("CLOSES IN THE LAST"))
    let shown = overview(80, 24).lines
    #expect(shown.contains { $0.contains("opened") && $0.contains("messages in") })
    #expect(shown.contains { $0.contains("bytes in") && $0.contains("out") })
  }
}
