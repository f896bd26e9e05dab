import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("The matrix of closes")
struct ClosesScreenTests {
  private func closes(_ columns: Int = 80, _ rows: Int = 24) -> Model {
    var model = connected(columns: columns, rows: rows)
    model.keys(.character("3"))
    var snapshot = picture()
    snapshot.closeIntervals = [
      CloseInterval(
        seconds: 60, elapsed: 60,
        closes: [CloseCount(code: .messageTooBig, by: .limit, count: 30)]),
      CloseInterval(seconds: 600, elapsed: 120, closes: []),
    ]
    snapshot.statistics.refusals = [
      RefusalCount(reason: "no-route", status: 404, count: 5),
      RefusalCount(reason: "tls", status: 0, count: 2),
    ]
    _ = update(&model, .snapshot(snapshot))
    return model
  }

  @Test("The screen asks for intervals, the others do not")
  func asks() {
    var model = connected()
    #expect(!model.watch.wantsCloses)
    model.keys(.character("3"))
    #expect(model.watch.wantsCloses)
  }

  @Test(
    "Without room for all initiators the one with the cursor is shown", arguments: [60, 80, 100])
  func narrow(columns: Int) {
    var model = closes(columns)
    func heading() -> String { model.lines.first { $0.contains("CODE") } ?? "" }
    #expect(heading().contains("TOTAL   /S peer"))
    for (index, kind) in CloseInitiator.Kind.allCases.enumerated() {
      model.keys(.right)
      #expect(heading().contains(kind.rawValue), "\(index): \(heading())")
    }
    #expect(model.lines.allSatisfy { DisplayWidth.of($0) <= columns })
  }

  @Test(
    "Enter lists the sessions behind a cell",
    arguments: [
      ([], "code=1000"), ([.right], "code=1000 who=peer"), ([.down, .down], "code=1009"),
      ([.down, .down, .right, .right, .right, .right], "code=1009 who=limit"),
      ([.down, .down, .down], ""), ([.down, .down, .down, .right], "who=peer"),
      ([.left, .character("r")], "code=1000 closed<1m"),
      (Array(repeating: Key.right, count: 20), "code=1000 who=upstream"),
    ] as [([Key], String)])
  func opens(keys: [Key], filter: String) throws {
    var model = closes()
    for key in keys { model.keys(key) }
    let effects = model.keys(.enter)
    #expect(model.screen == .sessions && model.table.filter == filter)
    guard case .watch(let watch)? = effects.last else {
      Issue.record("no watch in \(effects)")
      return
    }
    #expect(watch.sessions?.show == .closed && watch.sessions?.filter == filter)
    #expect(try SessionFilter(filter).description == filter)
    // Back at the closes the cursor is where it was.
    let line = model.closes.line
    model.keys(.character("3"))
    #expect(model.closes.line == line)
  }

  @Test("Refused handshakes have no sessions, and the cursor passes over what lies between")
  func refusals() {
    var model = closes()
    model.keys(.down, .down, .down, .down)
    #expect(model.closes.line == .refusal(0))
    model.keys(.enter)
    #expect(model.screen == .closes && model.notice?.tone == .warning)
    model.keys(.up)
    #expect(model.closes.line == .sum)
    model.keys(.character("G"))
    #expect(model.closes.line == .refusal(1))
    #expect(model.text.contains("TLS") && model.text.contains("no-route"))
  }

  @Test("r counts the last minute, ten minutes, the hour, and all again")
  func intervals() {
    var model = closes()
    #expect(model.text.contains("counted since the start"))
    model.keys(.character("r"))
    #expect(model.text.contains("counted in the last 1m"))
    let line = model.lines.first { $0.contains("1009") && !$0.contains("closes") } ?? ""
    #expect(line.split(separator: " ").prefix(3) == ["1009", "30", "0.5"])
    model.keys(.character("r"))
    let quiet = model.lines.first { $0.contains("1009") && !$0.contains("closes") } ?? ""
    #expect(quiet.split(separator: " ").prefix(2) == ["1009", "0"])
    // The engine did not tell the hour.
    model.keys(.character("r"))
    #expect(model.text.contains("in the last 1h") && model.text.contains("–"))
    model.keys(.character("r"))
    #expect(model.closes.seconds == nil)
  }

  @Test("The cursor stays on its code when others come")
  func staysOnCode() {
    var model = closes()
    model.keys(.down)
    #expect(model.closes.line == .code(.abnormalClosure))
    var more = picture()
    more.statistics.closes.insert(CloseCount(code: .goingAway, by: .peer, count: 1), at: 1)
    _ = update(&model, .snapshot(more))
    #expect(model.closes.line == .code(.abnormalClosure))
    #expect(model.lines.contains { $0.hasPrefix("▸1006") })
  }

  @Test("It fits any terminal", arguments: [(20, 5), (40, 10), (80, 24), (130, 24), (200, 50)])
  func sizes(columns: Int, rows: Int) {
    var model = closes(columns, rows)
    #expect(model.lines.contains { $0.hasPrefix("▸1000") })
    model.keys(.character("G"), .right, .right)
    #expect(model.lines.contains { $0.hasPrefix("▸TLS") })
    if columns >= 130 { #expect(model.text.contains("message too big")) }
  }

  @Test("Without closes and refusals it says so, and Enter does nothing")
  func empty() {
    var none = picture()
    none.statistics.closes = []
    var model = connected(showing: none)
    model.keys(.character("3"), .down, .right)
    #expect(model.text.contains("no session has closed yet"))
    model.keys(.enter)
    #expect(model.screen == .closes)
  }
}
