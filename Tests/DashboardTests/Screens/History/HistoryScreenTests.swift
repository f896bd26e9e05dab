import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("The history screen")
struct HistoryScreenTests {
  private func entry(_ number: Int, reason: String = "bye") -> HistoryEntry {
    var row = ClosedSessionsTests.closedRow(number, reason: reason)
    row.ending?.at = now - Double(number)
    var entry = HistoryEntry(row, at: now - Double(number), run: "run-1", query: "a=\u{1B}[2J")
    entry.number = 10_000 - number
    return entry
  }

  private func act(_ number: Int) -> HistoryEntry {
    var entry = HistoryEntry(
      EngineEvent(
        sequence: 1, at: now - 5, kind: .act, message: "closed s-1 \u{202E}", actor: "uid 0",
        command: "wstop close s-1"), run: "run-0")
    entry.number = number
    return entry
  }

  /// The request among effects.
  private func asked(_ effects: [Effect]) -> (tag: Int, query: HistoryQuery)? {
    for case .request(let tag, .history(let query)) in effects { return (tag, query) }
    return nil
  }

  private func page(
    _ entries: [HistoryEntry], next: HistoryCursor? = nil, store: HistoryStore = .disk
  ) -> ControlReply {
    .history(HistoryPage(engine: "run-1", store: store, entries: entries, next: next))
  }

  /// A console on the history screen, which has some entries.
  private func shown(
    _ entries: [HistoryEntry], next: HistoryCursor? = nil, columns: Int = 80, rows: Int = 24
  ) -> Model {
    var model = connected(columns: columns, rows: rows)
    if let question = asked(model.keys(.character("7"))) {
      _ = update(&model, .reply(tag: question.tag, page(entries, next: next)))
    }
    return model
  }

  @Test("The screen asks for the newest entries once, and shows them")
  func first() throws {
    var model = connected()
    let question = try #require(asked(model.keys(.character("7"))))
    #expect(question.query == HistoryQuery(limit: HistoryScreen.pageCount))
    #expect(model.text.contains("loading…"))
    #expect(asked(update(&model, .snapshot(picture()))) == nil)
    _ = update(&model, .reply(tag: question.tag, page([entry(1), act(2)])))
    #expect(model.text.contains("session  \(id(1))  1009 by limit:message-bytes"))
    #expect(model.text.contains("act      closed s-1 \\u{202e}  by uid 0"))
    #expect(asked(update(&model, .snapshot(picture()))) == nil)
    #expect(model.pending.acts.isEmpty && model.notice == nil)
  }

  @Test("It pages: older entries are asked for when the cursor comes near the last")
  func pages() throws {
    let next = HistoryCursor(at: now - 200, number: 9800)
    var model = shown((0..<200).map { entry($0) }, next: next)
    #expect(asked(model.keys(.down, .pageDown)) == nil)
    let older = try #require(asked(model.keys(.end)))
    #expect(older.query.cursor == next)
    #expect(asked(model.keys(.up, .down)) == nil, "one question at a time")
    _ = update(&model, .reply(tag: older.tag, page((200..<250).map { entry($0) })))
    #expect(model.history.entries.count == 250 && model.history.next == nil)
    #expect(asked(model.keys(.end)) == nil)
    #expect(model.text.contains("250"))
  }

  @Test("What is kept is bounded")
  func bound() {
    let next = HistoryCursor(at: 0, number: 1)
    var model = shown((0..<200).map { entry($0) }, next: next)
    for _ in 0..<100 {
      guard let older = asked(model.keys(.end)) else { break }
      _ = update(&model, .reply(tag: older.tag, page((0..<200).map { entry($0) }, next: next)))
    }
    #expect(model.history.entries.count == HistoryScreen.maximumCount)
    #expect(model.text.contains("and older ones: filter"))
  }

  @Test("News is fetched where the cursor is at the top, and nowhere else")
  func news() throws {
    var model = shown((0..<50).map { entry($0) })
    var more = picture()
    more.statistics.history = HistoryStatistics()
    more.statistics.history?.stored = 7
    model.keys(.down)
    #expect(asked(update(&model, .snapshot(more))) == nil)
    let again = try #require(asked(model.keys(.up)))
    #expect(again.query.cursor == nil)
    _ = update(&model, .reply(tag: again.tag, page([entry(3)])))
    #expect(model.history.entries.count == 1)
  }

  @Test("A filter and the kinds choose; Esc clears the filter first")
  func choices() throws {
    var model = shown([entry(1)])
    model.keys(.character("/"))
    model.type("code=1009")
    let filtered = try #require(asked(model.keys(.enter)))
    #expect(filtered.query.filter == "code=1009")
    _ = update(&model, .reply(tag: filtered.tag, page([])))
    #expect(model.text.contains("nothing in the history matches code=1009"))
    #expect(model.text.contains("Esc clears the filter, / changes it"))
    let sessions = try #require(asked(model.keys(.character("a"))))
    #expect(sessions.query.kinds == [.session] && sessions.query.filter == "code=1009")
    // The answer to what was asked before does not count any more.
    _ = update(&model, .reply(tag: filtered.tag, page([entry(1)])))
    #expect(model.history.entries.isEmpty)
    _ = update(&model, .reply(tag: sessions.tag, page([entry(2)])))
    #expect(model.history.entries.count == 1)
    let cleared = try #require(asked(model.keys(.escape)))
    #expect(cleared.query.filter.isEmpty && model.screen == .history)
    model.keys(.escape)
    #expect(model.screen == .sessions)
    #expect(model.table.filter.isEmpty)
  }

  @Test("A filter that is none keeps the line open and says why")
  func wrongFilter() {
    var model = shown([entry(1)])
    model.keys(.character("/"))
    model.type("tls idle>5")
    #expect(asked(model.keys(.enter)) == nil)
    #expect(model.dialog != nil && model.text.contains("column 10"))
    _ = update(&model, .snapshot(picture()))
    #expect(model.text.contains("column 10"))
    model.keys(.end)
    model.type("m")
    #expect(!model.text.contains("column 10"))
    model.keys(.backspace, .enter)
    #expect(model.text.contains("column 10"))
    model.keys(.escape)
    #expect(model.dialog == nil && !model.text.contains("column 10"))
  }

  @Test("Enter opens all that is kept of an entry, escaped")
  func opens() {
    var model = shown([entry(1, reason: "no \u{9B}"), act(2)], rows: 40)
    model.keys(.enter)
    for text in [
      "Closed session \(id(1))", "1009 message too big", "no \\u{9b}", "a=\\u{1b}[2J",
      "run-1, this one", "MESSAGES",
    ] {
      #expect(model.text.contains(text), "\(text) is missing")
    }
    model.keys(.character("q"), .down, .enter)
    #expect(model.text.contains("wstop close s-1") && model.text.contains("Event: act"))
    #expect(!model.text.contains("this one"))
  }

  @Test("A refusal is shown, and memory is named")
  func refused() throws {
    var model = connected()
    let question = try #require(asked(model.keys(.character("7"))))
    let error = ControlError(code: "no-history", message: "the engine keeps no \u{1B} history")
    _ = update(&model, .reply(tag: question.tag, .refused(status: 404, error.error)))
    #expect(model.text.contains("the engine keeps no \\u{1b} history"))
    var other = shown([])
    let kinds = try #require(asked(other.keys(.character("a"))))
    _ = update(&other, .reply(tag: kinds.tag, page([entry(1)], store: .memory)))
    #expect(other.text.contains("in memory"))
  }

  @Test("A search that goes on shows how far it is", arguments: [80, 20])
  func searching(columns: Int) throws {
    var model = connected(columns: columns, rows: columns == 20 ? 5 : 24)
    let first = try #require(asked(model.keys(.character("7"))))
    let next = HistoryCursor(at: now - 86_400, number: 5)
    let further = update(&model, .reply(tag: first.tag, page([], next: next)))
    #expect(asked(further)?.query.cursor == next)
    if columns == 80 { #expect(model.text.contains("searching, back to 11-13 22:13:20…")) }
  }

  @Test("After the connection was lost everything is asked for anew")
  func reconnects() throws {
    var model = shown([entry(1)])
    _ = update(&model, .connectionLost(reason: "gone"))
    #expect(model.history.entries.count == 1, "the last picture stays")
    #expect(asked(update(&model, .connected)) != nil)
  }

  @Test(
    "Days are of the Gregorian calendar",
    arguments: [
      (0, "01-01 00:00:00"), (951_782_400, "02-29 00:00:00"), (951_868_799, "02-29 23:59:59"),
      (951_868_800, "03-01 00:00:00"), (1_700_000_000, "11-14 22:13:20"),
      (4_107_542_399, "02-28 23:59:59"), (4_107_542_400, "03-01 00:00:00"), (-1, "12-31 23:59:59"),
    ] as [(Double, String)])
  func days(seconds: Double, text: String) {
    #expect(HumanText.dayAndTime(seconds, secondsFromUTC: 0) == text)
  }
}
