import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("The table as it was")
struct PastTests {
  /// A picture some seconds on, of which the first row has other numbers.
  private func later(_ second: Int, run: String = "run-1") -> Snapshot {
    var snapshot = picture(run: run)
    snapshot.statistics.now = now + Double(second)
    snapshot.statistics.sessions.open = 1000 + second
    snapshot.sessions?.sessions[0].messagesIn = 700_000 + second
    return snapshot
  }

  /// A console that has seen 121 seconds.
  private func watched(columns: Int = 120) -> Model {
    var model = connected(columns: columns, rows: 30, showing: later(0))
    pass(0, in: &model)
    for second in 1...120 {
      _ = update(&model, .snapshot(later(second)))
      pass(second, in: &model)
    }
    return model
  }

  /// The console's clock after some seconds.
  private func pass(_ second: Int, in model: inout Model) {
    _ = update(&model, .tick(now: now + Double(second)))
  }

  @Test("[ shows the table and the header of a second earlier, ] goes on, behind the newest is now")
  func stepping() {
    var model = watched()
    #expect(model.text.contains("700 120") && !model.text.contains("PAST"))
    model.keys(.character("["))
    #expect(model.text.contains("700 119") && model.text.contains("sessions 1 119"))
    #expect(model.text.contains(" PAST ") && model.text.contains("1s ago"))
    model.keys(.character("["), .character("["))
    #expect(model.text.contains("700 117"))
    model.keys(.character("]"))
    #expect(model.text.contains("700 118"))
    model.keys(.character("{"))
    #expect(model.text.contains("700 058") && model.text.contains("1m02s ago"))
    model.keys(.character("}"))
    #expect(model.text.contains("700 118"))
    model.keys(.character("]"), .character("]"))
    #expect(model.text.contains("700 120") && !model.text.contains("PAST"))
    model.keys(.character("["), .character("{"), .escape)
    #expect(model.text.contains("700 120") && model.notice?.text == "this is now")
  }

  @Test("Snapshots do not move the past, and are kept meanwhile; the oldest is the end")
  func going() {
    var model = watched()
    model.keys(.character("{"))
    #expect(model.text.contains("700 060"))
    _ = update(&model, .snapshot(later(121)))
    #expect(model.text.contains("700 060"))
    model.keys(.character("{"), .character("{"), .character("["))
    #expect(model.text.contains("700 000"))
    #expect(model.notice?.tone == .warning)
    model.keys(.escape)
    #expect(model.text.contains("700 121"))
    model.keys(.character("["))
    #expect(model.text.contains("700 120"))
  }

  @Test("Nothing can be done in the past, and a sentence says why")
  func acts() {
    for key in ["X", "m", "t", "T", " ", "b", "/"] as [Character] {
      var model = watched()
      model.keys(.character("["))
      let effects = model.keys(.character(key))
      #expect(effects.isEmpty && model.dialog == nil && model.pages.isEmpty, "\(key)")
      #expect(model.notice?.text.contains("only to look at: Esc goes back to now") == true)
      #expect(model.table.marks.isEmpty)
    }
    var model = watched()
    model.keys(.character(" "), .character("["))
    #expect(model.commandContext.subjects.isEmpty && model.table.marks.count == 1)
    let request = ControlRequest.close(CloseRequest())
    let effects = update(
      &model,
      .command(line: "close --yes", .success(.request(request, .close, saying: "closing"))))
    #expect(!effects.contains { if case .request = $0 { true } else { false } })
    #expect(model.notice?.tone == .warning)
    #expect(!model.text.contains("X close"))
  }

  @Test("What is copied is of the past; moving moves in it, and leaves the present where it is")
  func moving() throws {
    var model = watched()
    model.keys(.down, .character("["), .down, .down)
    #expect(
      try model.keys(.character("y"), .character("i")) == [
        .copy(#require(ClipboardText("\(id(3))")))
      ])
    model.keys(.escape)
    #expect(model.table.cursor == id(1))
    // Another screen is of now, and so is this one afterwards.
    model.keys(.character("["), .character("3"), .character("1"))
    #expect(!model.text.contains("PAST"))
  }

  @Test("The past of a run that is over stays, and is marked as such")
  func runs() {
    var model = watched()
    _ = update(&model, .snapshot(later(130, run: "run-2")))
    pass(130, in: &model)
    _ = update(&model, .snapshot(later(131, run: "run-2")))
    model.keys(.character("["))
    #expect(model.text.contains("of a run that is over") && model.text.contains("700 120"))
    model.keys(.character("X"))
    #expect(model.dialog == nil)
    model.keys(.escape)
    #expect(!model.text.contains("of a run that is over") && model.text.contains("700 131"))
  }

  @Test("Without a past there is none to show; every size can be drawn")
  func edges() {
    var model = connected()
    model.keys(.character("["))
    #expect(model.notice?.tone == .warning && !model.text.contains("PAST"))
    model = watched()
    model.keys(.character("["))
    for (columns, rows) in [(1, 1), (20, 5), (40, 10), (80, 24), (200, 50)] {
      _ = update(&model, .resize(columns: columns, rows: rows))
      #expect(model.lines.count == rows)
    }
    _ = update(&model, .resize(columns: 80, rows: 24))
    #expect(model.text.contains("PAST"))
    _ = update(&model, .connectionLost(reason: "gone"))
    model.keys(.character("["))
    #expect(model.text.contains("700 118") && model.text.contains("LOST"))
  }
}
