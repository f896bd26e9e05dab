import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Choosing columns")
struct ColumnDialogTests {
  @Test("F2 and S open it; Space chooses, < and > move, and the table behind shows it at once")
  func choose() throws {
    for key in [Key.function(2), .character("S")] {
      var model = connected(columns: 120, rows: 40)
      model.keys(key)
      #expect(model.keyContext == .columnDialog)
      #expect(model.text.contains("[x] ADDRESS"))
      // The address to the left of the path, and the age out.
      model.keys(.down, .down, .character("<"))
      model.keys(.down, .down, .character(" "))
      #expect(model.table.columns.keys.prefix(3) == [.id, .address, .path])
      #expect(!model.table.columns.keys.contains(.age))
      let effects = model.keys(.enter)
      #expect(model.dialog == nil)
      guard case .save(let saved)? = effects.first else {
        Issue.record("no save in \(effects)")
        return
      }
      #expect(saved.columns == model.table.columns)
      let heading = try #require(model.lines.first { $0.contains("PATH") })
      #expect(heading.contains(#/ID▲ +ADDRESS +PATH +IDLE/#))
    }
  }

  @Test("Esc leaves the columns as they were")
  func cancel() {
    var model = connected()
    let before = model.table.columns
    model.keys(.function(2), .character(" "), .character("J"), .character("R"), .down)
    model.keys(.character(" "), .escape)
    #expect(model.dialog == nil && model.table.columns == before)
  }

  @Test("Letters go to the column whose key or title has them, and Space chooses it")
  func types() throws {
    var model = connected(columns: 120, rows: 40)
    model.keys(.function(2))
    #expect(model.text.contains("Columns: type to choose"))
    model.type("in.bytes/")
    #expect(model.text.contains("Columns: in.bytes/"))
    #expect(model.lines.contains { $0.contains("▸ [ ] B IN/S") && $0.contains("in.bytes/s") })
    model.keys(.character(" "))
    #expect(model.table.columns.keys.contains(.byteRateIn))
    // After another key typing begins anew; a text that no column has begins with its last letter.
    model.type("round")
    #expect(model.lines.contains { $0.contains("▸ [x] RTT") })
    model.keys(.backspace)
    #expect(model.text.contains("Columns: roun"))
    model.type("j")
    #expect(model.text.contains("Columns: none has rounj"))
    model.type("d")
    #expect(model.text.contains("Columns: round"))
    model.keys(.down)
    #expect(model.text.contains("Columns: type to choose"))
    model.keys(.escape)
  }

  @Test(
    "In both menus letters search and arrows move, as the footer says",
    arguments: [(Key.function(2), "Columns"), (.function(6), "Sort by")])
  func moves(key: Key, title: String) throws {
    var model = connected(columns: 100, rows: 24)
    model.keys(key)
    let footer = try #require(model.lines.last)
    #expect(footer.contains("Down move") && footer.contains("a–z search"), "\(footer)")
    #expect(footer.contains("Esc cancel"))
    func cursor() throws -> String {
      try #require(model.lines.first { $0.contains("│ ▸ ") })
    }
    let first = try cursor()
    // These letters move or leave elsewhere.
    model.type("j")
    #expect(model.text.contains("\(title): none has j"))
    #expect(try cursor() == first)
    model.type("k")
    #expect(model.text.contains("\(title): k"))
    #expect(try cursor().contains("backlog"))
    model.type("q")
    #expect(try cursor().contains("query"))
    #expect(model.dialog != nil)
    model.keys(.home)
    #expect(model.text.contains("\(title): type to choose"))
    #expect(try cursor() == first)
    model.keys(.down)
    #expect(try cursor() != first)
    // Where there is no room for all hints the way out stays.
    _ = update(&model, .resize(columns: 80, rows: 24))
    #expect(model.lines.last?.contains("Esc cancel") == true)
    model.keys(.escape)
    #expect(model.dialog == nil)
  }

  @Test("A menu says how many entries are above and below")
  func goesOn() throws {
    var model = connected(columns: 80, rows: 24)
    let count = SessionField.columns.count
    model.keys(.function(2))
    let visible = ColumnPicker.visibleRows(in: model.context)
    #expect(visible < count)
    #expect(
      model.text.contains("▼ \(count - visible) more") && !model.text.contains(#/▲ \d+ more/#))
    model.keys(.end)
    #expect(
      model.text.contains("▲ \(count - visible) more") && !model.text.contains(#/▼ \d+ more/#))
    model.keys(.escape, .function(6))
    let sorted = SortPicker.visibleRows(in: model.context)
    #expect(model.text.contains("▼ \(count - sorted) more"))
  }

  @Test("The list of columns to sort by shows the key beside the title, and takes typed letters")
  func sorting() {
    var model = connected(columns: 80, rows: 24)
    model.keys(.function(6))
    #expect(model.lines.contains { $0.contains("▸ id ▲") })
    model.type("backlog.p")
    #expect(model.lines.contains { $0.contains("▸ backlog.peak") && $0.contains("backlog's peak") })
    model.keys(.enter)
    #expect(model.dialog == nil && model.table.sort == .backlogPeak)
    #expect(model.text.contains("sort backlog.peak ▼"))
  }

  @Test("The last column stays, and R brings the standard ones")
  func last() {
    var model = connected()
    model.table.columns = ColumnChoice([.rooms])
    model.keys(.function(2), .character(" "))
    #expect(model.table.columns.keys == [.rooms])
    model.keys(.character("R"))
    #expect(model.table.columns.keys == ColumnChoice.standard)
  }

  @Test("A column that there is no room for says so")
  func noRoom() {
    var model = connected(columns: 80, rows: 40)
    model.keys(.function(2))
    #expect(model.lines.contains { $0.contains("[x] RTT") && $0.contains("no room") })
    #expect(model.lines.contains { $0.contains("[x] ID") && !$0.contains("no room") })
  }

  @Test("At 20×5 it can still be used")
  func tiny() {
    var model = connected(columns: 20, rows: 5)
    model.keys(.function(2), .end, .character(" "))
    #expect(model.table.columns.keys.last == SessionField.columns.last)
    #expect(model.text.contains("[x] ACTOR"))
    model.keys(.home)
    #expect(model.text.contains("[x] ID"))
  }

  @Test("r goes from totals to both, to rates, and back; the engine is asked for rates")
  func rates() {
    var model = connected()
    #expect(model.watch.sessions?.wantsRates == false)
    model.keys(.character("r"))
    #expect(model.table.columns.rates == .both)
    #expect(model.watch.sessions?.wantsRates == true)
    #expect(model.text.contains("IN/S") && model.text.contains("MSG IN"))
    model.keys(.character("r"))
    #expect(model.text.contains("IN/S") && !model.text.contains("MSG IN"))
    model.keys(.character("r"))
    #expect(model.table.columns.rates == .totals && !model.text.contains("IN/S"))
  }

  @Test("Sorting by a rate, or showing rooms, asks for them")
  func asks() {
    var model = connected()
    model.table.sort(by: .byteRateIn)
    #expect(model.watch.sessions?.wantsRates == true && model.watch.sessions?.wantsRooms == false)
    model.table.columns = ColumnChoice([.id, .rooms])
    #expect(model.watch.sessions?.wantsRooms == true)
  }

  @Test("^S saves how the table is arranged, and says where, or why not")
  func save() {
    var model = connected()
    model.keys(.character("r"), .character("I"))
    let effects = model.keys(.control("s"))
    var wanted = SavedTable()
    wanted.columns.rates = .both
    wanted.isDescending = true
    #expect(effects == [.save(wanted)])
    _ = update(&model, .saved(path: "/home/\u{1B}x/table.conf", failure: nil))
    #expect(model.notice?.text == #"saved in /home/\u{1b}x/table.conf"#)
    _ = update(&model, .saved(path: "/a", failure: "open: Permission denied"))
    #expect(model.notice?.tone == .failed)
    #expect(model.text.contains("not saved: open: Permission denied"))
  }

  @Test("< and > go through the columns that the table has, around the end")
  func cycle() {
    var model = connected()
    model.table.columns = ColumnChoice([.id, .rooms, .ratio])
    model.keys(.character(">"))
    #expect(model.table.sort == .rooms)
    model.keys(.character(">"), .character(">"))
    #expect(model.table.sort == .id)
    model.keys(.character("<"))
    #expect(model.table.sort == .ratio)
  }

  @Test("Every column can be sorted by, with its arrow in the heading, both ways")
  func sortsEvery() throws {
    for key in SessionField.columns {
      var model = connected(columns: 200)
      model.table.sort(by: key)
      let heading = SessionColumn(key, columns: 200).heading
      for _ in 0..<2 {
        let arrow = model.table.isDescending ? "▼" : "▲"
        #expect(try model.lines.at(4).contains(heading + arrow), "\(key): \(model.lines)")
        model.keys(.character("I"))
      }
    }
  }
}
