import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Mouse")
struct MouseTests {
  private func units(_ report: String) -> [InputDecoder.Unit] {
    [.mouseBegins] + report.unicodeScalars.map { .scalar($0) }
  }

  @Test(
    "Reports in xterm's SGR encoding",
    arguments: [
      ("0;1;1M", MouseEvent(.press, row: 0, column: 0)),
      ("0;300;47M", MouseEvent(.press, row: 46, column: 299)),
      ("64;5;6M", MouseEvent(.wheelUp, row: 5, column: 4)),
      ("65;5;6M", MouseEvent(.wheelDown, row: 5, column: 4)),
      ("4;5;6M", MouseEvent(.press, row: 5, column: 4)),
      ("0;1;1m", nil), ("2;1;1M", nil), ("1;1;1M", nil), ("32;1;1M", nil), ("66;1;1M", nil),
      ("0;0;1M", nil), ("0;1;99999M", nil), ("0;1M", nil), ("0;1;1;1M", nil), (";;M", nil),
      ("M", nil), ("99999999999999999999;1;1M", nil),
    ] as [(String, MouseEvent?)])
  func reports(report: String, event: MouseEvent?) {
    var decoder = InputDecoder()
    #expect(decoder.events(from: units(report)) == (event.map { [.mouse($0)] } ?? []))
    #expect(decoder.events(from: [.scalar("x")]) == [.key(.character("x"))])
  }

  @Test("A report may come in pieces; what is none ends it, and no report grows without end")
  func pieces() {
    var decoder = InputDecoder()
    #expect(decoder.events(from: [.mouseBegins, .scalar("0"), .scalar(";")]) == [])
    #expect(
      decoder.events(from: "3;4Mq".unicodeScalars.map { .scalar($0) })
        == [.mouse(MouseEvent(.press, row: 3, column: 2)), .key(.character("q"))])
    #expect(
      decoder.events(from: [.mouseBegins, .scalar("0"), .key(.up)]) == [.key(.up)])
    let endless = decoder.events(
      from: [.mouseBegins] + Array(repeating: .scalar("1"), count: 100))
    #expect(endless == [])
    #expect(
      decoder.events(from: "1;2Mq".unicodeScalars.map { .scalar($0) }) == [.key(.character("q"))])
  }

  @Test("In a paste a report is rubbish")
  func pasted() {
    var decoder = InputDecoder()
    let events = decoder.events(
      from: [.pasteBegins, .scalar("a"), .mouseBegins, .scalar("0"), .pasteEnds])
    #expect(events == [.paste("a0")])
  }

  /// Clicks where a text stands on the screen.
  private func click(_ text: String, _ model: inout Model, at offset: Int = 0) -> [Effect] {
    for (row, line) in model.lines.enumerated() {
      guard let range = line.firstRange(of: text) else { continue }
      let column = DisplayWidth.of(String(line[..<range.lowerBound])) + offset
      return update(&model, .mouse(MouseEvent(.press, row: row, column: column)))
    }
    Issue.record("\"\(text)\" is not on the screen")
    return []
  }

  @Test("A click selects a row, another one on it opens it")
  func rows() {
    var model = connected()
    _ = click("\(id(3)) ", &model)
    #expect(model.table.cursor == id(3) && model.pages.isEmpty)
    _ = click("\(id(3)) ", &model)
    #expect(model.keyContext == .details)
    // A page has no rows to select.
    _ = update(&model, .mouse(MouseEvent(.press, row: 9, column: 3)))
    #expect(model.keyContext == .details)
  }

  @Test("What is drawn over the footer takes its keys away: a click there is no Enter")
  func covered() throws {
    var model = connected()
    model.setup.commands = CommandCompletionTests.catalogue
    model.keys(.character(":"), .tab)
    for column in 0..<model.columns {
      _ = update(&model, .mouse(MouseEvent(.press, row: model.rows - 1, column: column)))
    }
    #expect(model.keyContext == .commandLine && model.text.contains("close  limits"))
    model.keys(.escape, .escape, .character("/"))
    model.type("st")
    model.keys(.tab)
    for column in 0..<model.columns {
      _ = update(&model, .mouse(MouseEvent(.press, row: model.rows - 1, column: column)))
    }
    #expect(model.keyContext == .filterLine)
  }

  @Test("A dialog over the footer takes the keys under it away", arguments: [4, 5, 6, 8])
  func coveredByDialog(rows: Int) throws {
    var model = connected(columns: 40, rows: rows)
    model.keys(.character("X"), .enter, .tab)
    var canvas = Canvas(columns: 0, rows: 0)
    draw(model, into: &canvas)
    for row in 0..<rows {
      for column in 0..<40 {
        guard case .key(let key)? = canvas.target(row: row, column: column) else { continue }
        #expect(try canvas.lines.at(row).contains(key.label), "\(key) at \(row)")
      }
    }
  }

  @Test("On the Closes screen a click goes to the line and the column, another one lists sessions")
  func closes() throws {
    var model = connected()
    model.keys(.character("3"))
    // The header names codes too.
    let other = try #require(model.lines.lastIndex { $0.contains("1006") })
    _ = update(&model, .mouse(MouseEvent(.press, row: other, column: 2)))
    #expect(model.closes.line == .code(.abnormalClosure) && model.closes.column == 0)
    // The counts of who closed stand below their names.
    let heading = try #require(model.lines.first { $0.contains("TOTAL") })
    let name = try ClosesScreen.kinds.at(1).rawValue
    let range = try #require(heading.firstRange(of: name))
    let column = DisplayWidth.of(String(heading[..<range.lowerBound]))
    let row = try #require(model.lines.lastIndex { $0.contains("1009") })
    let press = ConsoleEvent.mouse(MouseEvent(.press, row: row, column: column))
    _ = update(&model, press)
    #expect(model.closes.line == .code(.messageTooBig) && model.closes.column == 2)
    #expect(model.screen == .closes)
    _ = update(&model, press)
    #expect(model.screen == .sessions)
    #expect(model.table.filter == "code=1009 who=\(name)")
  }

  @Test("Headings sort, and turn the order around")
  func headings() {
    var model = connected()
    _ = click("MSG OUT", &model)
    #expect(model.table.sort == .messagesOut && model.table.isDescending)
    _ = click("MSG OUT", &model)
    #expect(!model.table.isDescending)
  }

  @Test("Tabs and the footer's keys work")
  func tabsAndFooter() {
    var model = connected(columns: 120)
    _ = click("3 Closes", &model)
    #expect(model.screen == .closes)
    _ = click("1 Sessions", &model)
    _ = click("/ filter", &model)
    #expect(model.keyContext == .filterLine)
    // Under a dialog nothing else can be clicked.
    _ = update(&model, .mouse(MouseEvent(.press, row: 3, column: 26)))
    #expect(model.screen == .sessions && model.keyContext == .filterLine)
    _ = click("Esc cancel", &model)
    #expect(model.dialog == nil)
    #expect(click("q quit", &model, at: 3) == [.quit])
  }

  @Test("In a list of a dialog a click selects, and another one takes it")
  func pickers() {
    var model = connected()
    model.keys(.function(6))
    _ = click("messages in", &model)
    #expect(model.keyContext == .sortPicker)
    _ = click("messages in", &model)
    #expect(model.table.sort == .messagesIn && model.dialog == nil)
    model.keys(.function(2))
    _ = click("[x] AGE", &model)
    #expect(!model.table.columns.keys.contains(.age))
  }

  @Test("The buttons of a dialog are clicked on purpose only")
  func buttons() {
    var model = connected()
    model.keys(.character("X"))
    _ = click("code", &model)
    #expect(model.keyContext == .closeDialog)
    _ = click("No", &model)
    #expect(model.dialog == nil)
    model.keys(.character("X"))
    let effects = click("Yes, close", &model)
    #expect(effects.contains { if case .request = $0 { true } else { false } })
  }

  @Test("The limits are selected and opened as sessions are")
  func limits() {
    var model = connected()
    model.keys(.character("4"))
    _ = click("backlog-policy", &model)
    _ = click("sessions-per-address", &model)
    #expect(model.limits.position.cursor == 4)
    _ = click("sessions-per-address", &model)
    #expect(model.keyContext == .limitDialog)
  }

  @Test("The wheel moves three rows, and nothing where nothing moves")
  func wheel() {
    var model = connected()
    let down = MouseEvent(.wheelDown, row: 10, column: 10)
    _ = update(&model, .mouse(down))
    #expect(model.table.position.cursor == 3)
    _ = update(&model, .mouse(MouseEvent(.wheelUp, row: 0, column: 0)))
    #expect(model.table.position.cursor == 0)
    model.keys(.character("?"))
    _ = update(&model, .mouse(down))
    guard case .help(_, let position)? = model.pages.last else {
      Issue.record("no help")
      return
    }
    #expect(position.top == 3)
    model.keys(.escape, .character("X"))
    _ = update(&model, .mouse(down))
    #expect(model.keyContext == .closeDialog)
    model.keys(.escape, .character("2"))
    #expect(update(&model, .mouse(down)) == [])
  }

  @Test("M leaves the mouse to the terminal, ^T shows the next theme")
  func appearance() {
    var model = connected()
    #expect(model.keys(.character("M")) == [.appear(Appearance(theme: .dark, usesMouse: false))])
    #expect(model.text.contains("selects text"))
    #expect(model.keys(.character("M")) == [.appear(Appearance(theme: .dark, usesMouse: true))])
    let themes = (0..<4).map { _ -> Theme in
      model.keys(.control("t"))
      return model.appearance.theme
    }
    #expect(themes == [.light, .mono, .contrast, .dark])
  }

  @Test("At no size does a click trap, wherever it goes")
  func anywhere() {
    for (columns, rows) in [(0, 0), (1, 1), (20, 5), (80, 24), (200, 50)] {
      for row in -1...rows where row % 3 != 1 {
        for column in stride(from: -1, through: columns, by: 7) {
          var model = connected(columns: columns, rows: rows)
          _ = update(&model, .mouse(MouseEvent(.press, row: row, column: column)))
          _ = update(&model, .mouse(MouseEvent(.wheelDown, row: row, column: column)))
        }
      }
    }
  }
}
