import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Table of sessions")
struct SessionTableTests {
  @Test("Connecting asks for the visible rows and a few more")
  func firstWatch() throws {
    var model = unconnected()
    let effects = update(&model, .connected)
    guard case .watch(let watch)? = effects.first, effects.count == 1 else {
      Issue.record("no watch in \(effects)")
      return
    }
    let query = try #require(watch.sessions)
    #expect(query.offset == 0)
    let limit = try #require(query.limit)
    #expect(limit >= Layout(model.context).bodyRows && limit <= Layout(model.context).bodyRows + 64)
    #expect(watch.wantsLimits && watch.details == nil && watch.eventsAfter == nil)
  }

  @Test("Nothing is sent again while the same things are looked at")
  func noRepeatedWatch() {
    var model = connected()
    #expect(update(&model, .snapshot(picture())) == [])
    #expect(update(&model, .tick(now: now + 1)) == [])
    #expect(model.keys(.down, .down, .up) == [])
  }

  @Test("Moving far asks for another window, and shows that rows are on their way")
  func movesWindow() throws {
    var model = connected(showing: picture(total: 10_000))
    let effects = model.keys(.end)
    guard case .watch(let watch)? = effects.first else {
      Issue.record("no watch in \(effects)")
      return
    }
    let query = try #require(watch.sessions)
    let limit = try #require(query.limit)
    #expect(query.offset <= model.table.position.top)
    #expect(query.offset + limit >= 10_000)
    #expect(model.table.position.cursor == 9999 && model.table.cursor == nil)
    #expect(model.text.contains("…"))
    _ = update(&model, .snapshot(picture(total: 10_000, offset: query.offset, count: limit)))
    #expect(model.table.cursor == id(9999))
  }

  @Test(
    "The cursor moves as the keys say",
    arguments: [
      ([Key.down], 1), ([.character("j"), .character("j"), .character("k")], 1), ([.up], 0),
      ([.pageDown], 16), ([.control("f"), .control("b")], 0), ([.control("d")], 8),
      ([.control("d"), .control("u")], 0), ([.character("G")], 99), ([.end, .home], 0),
      ([.character("G"), .character("g")], 0), ([.end, .down], 99),
    ])
  func moves(keys: [Key], cursor: Int) {
    var model = connected(showing: picture(count: 100))
    #expect(Layout(model.context).bodyRows == 16)
    for key in keys { model.keys(key) }
    #expect(model.table.position.cursor == cursor)
    #expect(model.table.cursor == id(cursor))
    let top = model.table.position.top
    #expect((top..<(top + 16)).contains(cursor))
  }

  @Test("The cursor stays on its session when rows move")
  func staysOnSession() {
    var model = connected()
    model.keys(.down, .down)
    var moved = picture()
    moved.sessions?.sessions.swapAt(2, 9)
    _ = update(&model, .snapshot(moved))
    #expect(model.table.cursor == id(2))
    #expect(model.table.position.cursor == 9)
  }

  @Test("Untouched at the top, the cursor stays at the top")
  func staysAtTop() {
    var model = connected()
    var moved = picture()
    moved.sessions?.sessions.swapAt(0, 9)
    _ = update(&model, .snapshot(moved))
    #expect(model.table.cursor == id(9))
    #expect(model.table.position.cursor == 0)
  }

  @Test("When its session goes, the cursor takes the row that came to its place")
  func sessionGoes() {
    var model = connected()
    model.keys(.down, .down)
    var less = picture(total: 99)
    less.sessions?.sessions.remove(at: 2)
    _ = update(&model, .snapshot(less))
    // It may have moved out of the window: the engine is asked where it is.
    #expect(model.table.cursor == id(2))
    #expect(model.watch.locate == id(2))
    #expect(!model.lines.contains { $0.hasPrefix("▸") })
    for _ in 0..<2 { _ = update(&model, .snapshot(less)) }
    #expect(model.watch.locate == nil)
    #expect(model.table.position.cursor == 2)
    #expect(model.table.cursor == id(3))
  }

  @Test("A shorter list takes cursor and window back into it")
  func shrinks() {
    var model = connected(showing: picture(count: 100))
    model.keys(.end)
    _ = update(&model, .snapshot(picture(total: 3)))
    #expect(model.table.position == ListPosition(cursor: 2, top: 0))
    _ = update(&model, .snapshot(picture(total: 0)))
    #expect(model.table.cursor == nil)
    #expect(model.keys(.enter, .character("m")) == [])
    #expect(model.pages.isEmpty && model.dialog == nil)
  }

  @Test("Following asks the engine to keep the row in the window, until it goes")
  func follows() {
    var model = connected()
    let effects = model.keys(.down, .character("F"))
    guard case .watch(let watch)? = effects.last else {
      Issue.record("no watch in \(effects)")
      return
    }
    #expect(watch.follow == id(1))
    _ = update(&model, .snapshot(picture(total: 10_000, offset: 5000)))
    #expect(!model.table.isFollowing)
    #expect(model.notice?.text.contains("has gone") == true)
  }

  @Test("While following, the visible part moves with the row")
  func followsFar() {
    var model = connected()
    model.keys(.down, .character("F"))
    var far = picture(total: 10_000, offset: 5000)
    far.sessions?.sessions[7] = row(1)
    _ = update(&model, .snapshot(far))
    #expect(model.table.position.cursor == 5007)
    #expect(model.table.isFollowing && model.table.cursor == id(1))
    model.keys(.down)
    #expect(!model.table.isFollowing)
  }

  @Test("Sorting: picker, cycling, reversing; each is a new watch")
  func sorts() {
    var model = connected()
    #expect(model.keys(.character(">")).count == 1)
    #expect(model.table.sort == .path && !model.table.isDescending)
    model.keys(.character("<"), .character("<"))
    #expect(model.table.sort == .roundTrip && model.table.isDescending)
    model.keys(.character("I"))
    #expect(!model.table.isDescending)
    model.keys(.function(6), .home, .down, .down, .enter)
    #expect(model.table.sort == .path && model.dialog == nil)
    model.keys(.function(6), .down, .escape)
    #expect(model.table.sort == .path && model.dialog == nil)
  }

  @Test("After sorting, the window is asked to be where the cursor's session is")
  func cursorFollowsSort() {
    var model = connected()
    model.keys(.down)
    guard case .watch(let watch)? = model.keys(.character("o")).first else {
      Issue.record("no watch")
      return
    }
    #expect(watch.follow == id(1))
    _ = update(&model, .snapshot(picture()))
    let effects = update(&model, .snapshot(picture()))
    guard case .watch(let later)? = effects.first else {
      Issue.record("the window stays bound to the row")
      return
    }
    #expect(later.follow == nil)
  }

  @Test("Marks are by session, survive sorting and are counted")
  func marks() {
    var model = connected()
    model.keys(.character(" "), .character(" "), .up)
    #expect(model.table.marks == [id(0), id(1)])
    #expect(model.table.position.cursor == 1)
    #expect(model.text.contains("2 marked"))
    model.keys(.character(" "))
    #expect(model.table.marks == [id(0)])
    model.keys(.character("U"))
    #expect(model.table.marks.isEmpty)
  }

  @Test("The window asked for has what is shown, and rows on both sides of it", arguments: 0...100)
  func window(top: Int) {
    var table = SessionTable()
    table.position.top = top
    let query = table.query(rows: 20, filter: "")
    #expect(query.offset <= max(0, top - 16), "rows before")
    #expect(query.offset + (query.limit ?? 0) > top + 20, "rows behind")
    #expect((query.limit ?? 0) <= 60)
  }

  @Test("No more are marked than one act can name")
  func marksAreLimited() {
    var model = connected()
    model.table.marks = Set((0..<SessionTable.maximumMarkCount).map { id(1000 + $0) })
    model.keys(.character(" "))
    #expect(model.table.marks.count == SessionTable.maximumMarkCount)
    #expect(model.notice?.tone == .warning)
  }

  @Test("Paused, the picture stands still, but what is moved to is fetched once")
  func pauses() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.character("Z"))
    _ = update(&model, .snapshot(picture(total: 7)))
    #expect(model.latest.sessionCount == 1000)
    #expect(model.text.contains("PAUSED"))
    guard case .watch(let watch)? = model.keys(.end).last, let query = watch.sessions else {
      Issue.record("no watch")
      return
    }
    _ = update(&model, .snapshot(picture(total: 1000, offset: 0)))
    #expect(model.table.cursor == nil)
    _ = update(
      &model, .snapshot(picture(total: 1000, offset: query.offset, count: query.limit ?? 0)))
    #expect(model.table.cursor == id(999))
    _ = update(&model, .snapshot(picture(total: 7)))
    #expect(model.latest.sessionCount == 1000)
    model.keys(.character("Z"))
    _ = update(&model, .snapshot(picture(total: 7)))
    #expect(model.latest.sessionCount == 7)
  }

  @Test("The pace changes by + and -, within the engine's bounds")
  func pace() {
    var model = connected()
    guard case .watch(let watch)? = model.keys(.character("+")).first else {
      Issue.record("no watch")
      return
    }
    #expect(watch.intervalMilliseconds == 2000)
    for _ in 0..<20 { model.keys(.character("-")) }
    #expect(model.watch.intervalMilliseconds == 100)
    for _ in 0..<20 { model.keys(.character("+")) }
    #expect(model.watch.intervalMilliseconds == 60_000)
  }
}

extension ListPosition {
  init(cursor: Int, top: Int) {
    self.init()
    self.cursor = cursor
    self.top = top
  }
}
