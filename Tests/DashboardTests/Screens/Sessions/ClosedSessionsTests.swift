import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Closed sessions in the table")
struct ClosedSessionsTests {
  /// A row of a session that was closed three seconds ago.
  static func closedRow(_ number: Int, reason: String = "") -> SessionRow {
    var row = row(number)
    row.state = .closed
    row.ending = SessionEnding(
      code: .messageTooBig, reason: reason, by: .limit(.messageBytes), at: now - 3)
    return row
  }

  private static func closedPicture(_ reason: String = "") -> Snapshot {
    var snapshot = picture(total: 2, count: 2)
    snapshot.sessions?.sessions = [row(0), closedRow(1, reason: reason)]
    return snapshot
  }

  private func query(_ effects: [Effect]) -> SessionQuery? {
    for case .watch(let watch) in effects { return watch.sessions }
    return nil
  }

  @Test("a goes from live to closed, to all, and back; closed ones come newest first")
  func cycles() throws {
    var model = connected()
    let closed = try #require(query(model.keys(.character("a"))))
    #expect(closed.show == .closed && closed.sort == .closed && closed.isDescending)
    #expect(model.text.contains("closed  sort closed ▼"))
    let all = try #require(query(model.keys(.character("a"))))
    #expect(all.show == .all)
    let live = try #require(query(model.keys(.character("a"))))
    #expect(live.show == .live && live.sort == .id && !live.isDescending)
    #expect(!model.text.contains("sort closed"))
  }

  @Test("An order that was chosen stays")
  func keepsOrder() throws {
    var model = connected()
    model.keys(.function(6), .home, .down, .down, .enter)
    let closed = try #require(query(model.keys(.character("a"))))
    #expect(closed.sort == .path)
  }

  @Test("An operator who closed it is named, with the act", arguments: [nil, 1] as [Int?])
  func actor(act: Int?) throws {
    var snapshot = Self.closedPicture()
    var row = Self.closedRow(1)
    row.ending?.by = .operator
    row.ending?.actor = "ro\u{1B}ot"
    row.ending?.act = act
    snapshot.sessions?.sessions = [row]
    var model = connected(columns: 132, showing: snapshot)
    model.keys(.character("a"))
    _ = update(&model, .snapshot(snapshot))
    let line = try #require(model.lines.first { $0.contains("✕") })
    #expect(line.contains("by operator ro\\u{1b}ot" + (act.map { " (act \($0))" } ?? "")))
    #expect(line.contains("(act") == (act != nil))
  }

  @Test("A closed row has its mark, when, the code, who and the reason", arguments: [80, 132, 200])
  func drawn(columns: Int) throws {
    var model = connected(columns: columns, showing: Self.closedPicture("far too big"))
    model.keys(.character("a"))
    #expect(model.text.contains("CODE, BY WHOM, REASON"))
    _ = update(&model, .snapshot(Self.closedPicture("far too big")))
    let line = try #require(model.lines.first { $0.contains("✕") })
    #expect(line.contains("\(id(1)) "))
    #expect(line.contains("3s ago"))
    #expect(line.contains("1009"))
    if columns >= 132 {
      #expect(line.contains("1009 message too big, by limit:message-bytes  \"far too big\""))
      #expect(line.contains("12 042   3.1 MiB") == (columns == 200))
    } else {
      #expect(line.contains("1009 limit:mess"))
    }
    #expect(model.lines.contains { $0.contains(" \(id(0)) ") && !$0.contains("✕") })
  }

  @Test("What a client sent as reason cannot leave its place", arguments: [20, 80, 200])
  func hostileReason(columns: Int) {
    let model = connected(
      columns: columns, showing: Self.closedPicture("\u{1B}[2J\u{202E}\n" + longText))
    #expect(model.lines.allSatisfy { DisplayWidth.of($0) <= columns })
    #expect(!model.text.contains("\u{1B}") && !model.text.contains("\u{202E}"))
  }

  private let longText = String(repeating: "界", count: 100)

  @Test("Nothing can be done to a closed session, and that is said", arguments: ["m", "X", " "])
  func refusesActs(key: Character) {
    var model = connected(showing: Self.closedPicture())
    model.keys(.down)
    model.keys(.character(key))
    #expect(model.dialog == nil && model.table.marks.isEmpty)
    #expect(
      model.notice?.text
        == "\(id(1)) was closed 3s ago with 1009 message too big, by limit:message-bytes: "
        + "nothing can be done to it")
    // Its neighbour lives.
    model.keys(.up, .character("X"))
    #expect(model.dialog != nil)
  }

  @Test("The page of a closed session tells its end, and refuses acts too")
  func details() {
    var model = connected(showing: Self.closedPicture())
    model.keys(.down, .enter)
    var next = Self.closedPicture()
    next.details = SessionDetails(engine: "run-1", row: Self.closedRow(1, reason: "bye \u{7}"))
    _ = update(&model, .snapshot(next))
    #expect(model.text.contains("closed 3s ago with 1009 message too big, by limit:m"))
    #expect(model.text.contains("bye \\u{7}"))
    #expect(model.text.contains("after 2h13m"))
    next.details?.row.ageSeconds = 5
    _ = update(&model, .snapshot(next))
    #expect(model.text.contains("after 5s") && model.text.contains(", 8s ago"))
    model.keys(.character("X"))
    #expect(model.dialog == nil && model.notice?.tone == .warning)
  }

  @Test("Where nothing has closed, that is said; a filter is named")
  func empty() {
    var model = connected(showing: picture(total: 0))
    model.keys(.character("a"))
    #expect(model.text.contains("no session has closed yet"))
    #expect(model.text.contains("a shows live ones"))
    model.keys(.character("/"))
    model.type("code=1009")
    model.keys(.enter)
    #expect(model.text.contains("no session matches code=1009"))
  }
}
