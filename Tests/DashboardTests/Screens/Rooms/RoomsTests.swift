import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Rooms and routes")
struct GroupsTests {
  private func group(_ number: Int, name: String? = nil) -> GroupRow {
    var row = GroupRow(name: name ?? "room-\(number)")
    row.sessions = 1000 - number
    row.messagesIn = 12_000
    row.messagesOut = 2_400_000
    row.bytesOut = 5 << 30
    row.rates = GroupRow.Rates()
    row.rates?.messagesIn = 12.5
    row.rates?.messagesOut = 4210
    row.rates?.bytesIn = 1500
    row.rates?.bytesOut = 3_250_586
    return row
  }

  private func picture(
    _ kind: GroupKind = .rooms, names: [String]? = nil, total: Int? = nil, offset: Int = 0
  ) -> Snapshot {
    var snapshot = Snapshot(sequence: 2, statistics: statistics())
    let rows =
      names.map { $0.map { group(0, name: $0) } }
      ?? (offset..<(offset + 40)).map { group($0) }
    snapshot.groups = GroupList(
      engine: "run-1", kind: kind, total: total ?? rows.count, offset: offset, groups: rows)
    return snapshot
  }

  private func model(columns: Int = 80, rows: Int = 24, _ snapshot: Snapshot? = nil) -> Model {
    var model = connected(columns: columns, rows: rows)
    model.keys(.character("5"))
    _ = update(&model, .snapshot(snapshot ?? picture()))
    return model
  }

  @Test("5 asks for rooms and shows them, v asks for routes")
  func asks() throws {
    var model = connected()
    let effects = model.keys(.character("5"))
    #expect(model.screen == .rooms)
    guard case .watch(let request)? = effects.last else {
      Issue.record("nothing is asked for")
      return
    }
    #expect(request.groups == GroupQuery(.rooms, limit: 24 + 32) && request.sessions == nil)
    #expect(model.text.contains("loading…"))
    _ = update(&model, .snapshot(picture()))
    let heading = try model.lines.at(6)
    #expect(heading.hasPrefix("  ROOM") && heading.contains("MEMBERS▼"))
    #expect(
      model.lines.contains {
        $0.hasPrefix("▸ room-0 ") && $0.contains(" 1 000 ") && $0.contains("4.2k")
          && $0.hasSuffix("3.1 MiB")
      })
    model.keys(.character("v"))
    #expect(model.text.contains("loading…"))
    _ = update(&model, .snapshot(picture(.routes, names: ["/ws/chat/{room}"])))
    #expect(model.text.contains("ROUTE") && model.text.contains("▸ /ws/chat/{room}"))
  }

  @Test(
    "Wide terminals show totals too", arguments: [(20, 5), (40, 10), (80, 24), (200, 50), (1, 2)])
  func sizes(_ columns: Int, _ rows: Int) {
    let model = model(columns: columns, rows: rows)
    if columns >= 20 { #expect(model.text.contains("room-0")) }
    #expect(model.text.contains("2 400 000") == (columns == 200))
  }

  @Test("The cursor stays with its row while the order changes, and at the top with the top")
  func cursor() {
    var model = model()
    #expect(model.rooms.cursor == "room-0")
    model.keys(.down, .down)
    #expect(model.rooms.cursor == "room-2")
    _ = update(&model, .snapshot(picture(names: ["a", "b", "c", "d", "room-2", "e"])))
    #expect(model.rooms.cursor == "room-2" && model.rooms.position.cursor == 4)
    _ = update(&model, .snapshot(picture(names: ["a", "b"])))
    #expect(model.rooms.cursor == "b" && model.rooms.position.cursor == 1)
    model.keys(.character("g"))
    _ = update(&model, .snapshot(picture(names: ["new", "a", "b"])))
    #expect(model.rooms.cursor == "new")
  }

  @Test("Sorting by columns, the other way round, and by a part of the name")
  func arranging() {
    var model = model()
    model.keys(.character(">"))
    #expect(model.rooms.sort == .messagesIn && model.rooms.isDescending)
    model.keys(.character("<"), .character("<"), .character("I"))
    #expect(model.rooms.sort == .name && model.rooms.isDescending)
    model.keys(.character("/"))
    model.type("lob*y")
    let effects = model.keys(.enter)
    guard case .watch(let request)? = effects.last else {
      Issue.record("nothing is asked for")
      return
    }
    #expect(request.groups?.name == "lob*y" && request.groups?.sort == .name)
    _ = update(&model, .snapshot(picture(names: [])))
    #expect(model.text.contains("no room has lob*y in its name"))
    model.keys(.escape)
    #expect(model.rooms.name.isEmpty && model.screen == .rooms)
    model.keys(.escape)
    #expect(model.screen == .sessions)
  }

  @Test(
    "Enter shows the sessions of a room, whatever its name; t taps them",
    arguments: [
      ("lobby", "room=lobby"), ("a b", "room=\"a b\""), ("a*\"\\", "room=\"a\\*\\\"\\\\\""),
      ("", "room=\"\""),
    ])
  func drill(_ name: String, _ filter: String) throws {
    var model = model(picture(names: [name]))
    #expect(model.keys(.character("t")).contains(.tap(TapRequest(.filter(filter)))))
    model.keys(.character("q"))
    #expect(model.screen == .rooms)
    model.table.select(.closed)
    model.keys(.enter)
    #expect(model.screen == .sessions && model.table.filter == filter)
    // Those who are in a room live.
    #expect(model.table.show == .live && model.table.sort == .id)
    #expect(try SessionFilter(filter).description == filter)
    model.keys(.escape)
    #expect(model.table.filter.isEmpty)
  }

  @Test("m and X are for all in the room: the engine is asked how many, and the answer is No")
  func acts() throws {
    var model = model(picture(names: ["lobby"]))
    let effects = model.keys(.character("X"))
    guard case .request(let tag, .close(let request))? = effects.first else {
      Issue.record("nothing is asked")
      return
    }
    #expect(request.selection.filter == "room=lobby" && request.selection.isDryRun)
    _ = update(
      &model,
      .reply(
        tag: tag,
        .preview(
          ActPreview(
            engine: "run-1", count: 412, total: 10_431, sample: [row(0)],
            token: "t"))))
    #expect(model.text.contains("412 of 10 431"))
    // Enter all the way through the fields ends at No.
    for _ in 0..<8 where model.dialog != nil {
      #expect(!model.keys(.enter).contains { if case .request = $0 { true } else { false } })
    }
    #expect(model.keyContext == .screen(.rooms))
    model.keys(.character("m"))
    #expect(model.keyContext == .sendDialog)
  }

  @Test("A route's sessions are found by the route")
  func drillRoute() {
    var model = model()
    model.keys(.character("v"))
    _ = update(&model, .snapshot(picture(.routes, names: ["/ws/chat/{room}"])))
    model.keys(.enter)
    #expect(model.table.filter == "route=/ws/chat/{room}")
  }

  @Test("X and m are for all sessions of the room, with the preview and the question of an act")
  func actsOnQuotedName() {
    var model = model(picture(names: ["a b"]))
    let selection = ActSelection(engine: "run-1", filter: "room=\"a b\"", dryRun: true)
    #expect(
      model.keys(.character("X")).contains(.request(tag: 1, .close(CloseRequest(selection)))))
    _ = update(
      &model, .reply(tag: 1, .preview(ActPreview(engine: "run-1", count: 3, total: 9, token: "t"))))
    #expect(model.text.contains("Close 3 of 9 sessions"))
    model.keys(.escape)
    #expect(model.screen == .rooms)
    #expect(
      model.keys(.character("m")).contains(.request(tag: 2, .send(SendRequest(selection)))))
  }

  @Test("A name that no filter can hold is said to be too long")
  func longName() {
    var model = model(picture(names: [String(repeating: "x", count: 2000)]))
    model.keys(.enter)
    #expect(model.screen == .rooms && model.notice?.tone == .warning)
  }

  @Test("Without a row nothing is done; an engine without rooms says so")
  func empty() {
    var model = model(picture(names: []))
    #expect(model.text.contains("no session is in a room"))
    for key: Key in [.enter, .character("t"), .character("m"), .character("X")] {
      model.keys(key)
      #expect(model.notice?.tone == .warning && model.keyContext == .screen(.rooms))
    }
  }

  @Test("Hostile names are escaped")
  func hostile() {
    let names = ["\u{1B}[2J", "\u{202E}abc", String(repeating: "\u{302}", count: 9000), "日本語"]
    let model = model(picture(names: names, total: .max, offset: .min))
    #expect(model.text.contains("\\u{202e}abc"))
    #expect(!model.text.contains("\u{FFFD}") && !model.text.contains("\u{1B}"))
  }
}
