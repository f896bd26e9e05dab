import ControlProtocol
import Testing

@testable import Dashboard

@Suite("Settings of the console")
struct SettingsTests {
  @Test("What tells of a key names the one that a person has chosen")
  func labels() {
    var model = connected()
    let text = "keys.pause = F5\nkeys.abort-act = E\nkeys.mouse = F7"
    model.setup.keys = ConsoleSettings(text).keys
    model.keys(.function(5))
    #expect(model.notice?.text == "paused: F5 lets it run again")
    model.keys(.function(5), .function(7))
    #expect(model.notice?.text.hasSuffix("F7 takes it back") == true)
    var snapshot = picture()
    snapshot.acts = [ActStatus(engine: "run-1", id: 7, kind: .close, count: 3)]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.text.contains("E ends it"))
  }

  @Test("A file sets theme, mouse, pace and keys; comments and blanks mean nothing")
  func good() {
    let settings = ConsoleSettings(
      """
      # my console
      theme = light     # by day
        mouse=off

      refresh = 500ms
      keys.pause = p F5
      keys.open = e
      """)
    #expect(settings.problems.isEmpty)
    #expect(settings.theme == .light && settings.usesMouse == false)
    #expect(settings.intervalMilliseconds == 500)
    #expect(settings.keys.action(of: .character("p"), in: .screen(.sessions)) == .pause)
    #expect(settings.keys.action(of: .function(5), in: .screen(.limits)) == .pause)
    #expect(settings.keys.action(of: .character("Z"), in: .screen(.sessions)) == nil)
    // Enter cannot be taken away.
    #expect(settings.keys.action(of: .enter, in: .screen(.sessions)) == .open)
    #expect(settings.keys.action(of: .character("e"), in: .screen(.limits)) == .open)
    #expect(settings.keys.action(of: .character("d"), in: .screen(.sessions)) == nil)
  }

  @Test(
    "A line that is wrong is told of with its number, and the others hold",
    arguments: [
      ("theme = drak", 1, "\"drak\" is no theme: they are dark light mono contrast"),
      ("\n\ntheme", 3, "a line is such as: theme = dark"),
      ("theme = dark\ntheme = light", 2, "\"theme\" stands on line 1 already"),
      ("mouse = yes", 1, "mouse is on or off"),
      ("refresh = 3s", 1, "refresh is one of 100ms 200ms 500ms 1s 2s 5s 10s 30s 1m"),
      (
        "colour = red", 1,
        "nothing is called \"colour\": there are theme, mouse, refresh, alarm, mark and keys.ACTION"
      ),
      ("keys.explode = x", 1, "no action is called \"explode\": wstop keys lists them"),
      ("keys.pause =", 1, "an action has 1 to 8 keys, such as: keys.pause = Z F5"),
      (
        "keys.pause = Hyper", 1,
        "\"Hyper\" is no key: they are such as x ^F F5 Space PgUp"
      ),
      ("keys.pause = ^C", 1, "^C always does the same and cannot be given away"),
      ("keys.pause = Esc", 1, "Esc always does the same and cannot be given away"),
      ("keys.pause = X", 1, "X would mean two things at Sessions: pause and close"),
      ("theme = \u{1B}[2J", 1, nil), ("\u{202E} = x", 1, nil),
    ] as [(String, Int, String?)])
  func wrong(text: String, line: Int, message: String?) throws {
    let settings = ConsoleSettings(text + "\nkeys.follow = f")
    let problem = try #require(settings.problems.first)
    #expect(settings.problems.count == 1)
    #expect(problem.line == line)
    if let message { #expect(problem.text == message) }
    #expect(
      problem.description.unicodeScalars.allSatisfy {
        DisplayWidth.cellUse(of: $0) != .replaced
      })
    #expect(settings.keys.action(of: .character("f"), in: .screen(.sessions)) == .follow)
    #expect(settings.keys.action(of: .character("X"), in: .screen(.sessions)) == .close)
  }

  @Test("Two actions can change their keys with each other")
  func swapped() {
    let settings = ConsoleSettings("keys.pause = F\nkeys.follow = Z")
    #expect(settings.problems.isEmpty)
    #expect(settings.keys.action(of: .character("F"), in: .screen(.sessions)) == .pause)
    #expect(settings.keys.action(of: .character("Z"), in: .screen(.sessions)) == .follow)
  }

  @Test("Of two lines that want one key the later is left out")
  func conflict() {
    let settings = ConsoleSettings("keys.pause = F5\nkeys.follow = F5")
    #expect(settings.problems.map(\.line) == [2])
    #expect(settings.keys.action(of: .function(5), in: .screen(.sessions)) == .pause)
    #expect(settings.keys.action(of: .character("F"), in: .screen(.sessions)) == .follow)
  }

  @Test("Whatever a file says, every context has its way out and no key two meanings")
  func alwaysSound() {
    let lines = Action.named.enumerated().map { index, named in
      "keys.\(named.name) = \(["x", "F5", "Space", "k", "Esc", "^F"][index % 6])"
    }
    let settings = ConsoleSettings(lines.joined(separator: "\n"))
    #expect(!settings.problems.isEmpty)
    for context in KeyContext.allCases {
      #expect(settings.keys.action(of: .escape, in: context) == .cancel)
      #expect(settings.keys.action(of: .control("c"), in: context) == .quit)
      var seen: [Key: Action] = [:]
      for binding in settings.keys.bindings(in: context) {
        for key in binding.keys {
          #expect(seen[key] == nil || seen[key] == binding.action)
          seen[key] = binding.action
        }
      }
    }
  }

  @Test("Footer, help and notices name the keys that hold")
  func shown() {
    var model = connected(columns: 120)
    model.setup.keys = ConsoleSettings("keys.pause = F5\nkeys.close = D").keys
    #expect(model.text.contains("D close"))
    model.keys(.function(5))
    #expect(model.text.contains("paused: F5 lets it run again"))
    model.keys(.character("?"))
    #expect(model.lines.contains { $0.contains(#/^ D +close the session/#) })
  }

  @Test("No text names a key that was given away")
  func givenAway() throws {
    // Letters that no sentence has.
    let letters = (0x100..<0x17F).compactMap { UnicodeScalar($0).map { String(Character($0)) } }
    let lines = zip(Action.named, letters).map { "keys.\($0.name) = \($1)" }
    let settings = ConsoleSettings(lines.joined(separator: "\n"))
    #expect(settings.problems.isEmpty)
    let old = Set(
      Action.named.flatMap { named in
        KeyTable.bindings.filter { $0.action == named.action }.flatMap(\.keys)
      }.filter { !KeyMap.reserved.contains($0) }.map(\.label))
    let verbs = "shows|lets|ends|opens|takes|begins|says|changes|keeps|clears|quits|lists"
    let naming = try Regex(
      "(?:^|[ (:])([^ ]+) (?:\(verbs))\\b", as: (Substring, Substring).self)
    func check(_ model: Model) {
      for line in model.lines {
        for match in line.matches(of: naming) where old.contains(String(match.output.1)) {
          Issue.record("\(match.output.1) is another key: \(line)")
        }
      }
    }
    var empty = picture()
    empty.sessions = SessionList(engine: "run-1", total: 0, offset: 0, sessions: [])
    empty.groups = GroupList(engine: "run-1", kind: .rooms, total: 0, offset: 0, groups: [])
    for snapshot in [picture(), empty] {
      for action in Action.named.map(\.action) {
        for screen in Screen.allCases {
          var model = connected(columns: 110, rows: 24, showing: snapshot)
          model.setup.keys = settings.keys
          for key in [Action.show(screen), action, action] {
            let label = settings.keys.label(of: key, in: model.keyContext)
            guard let pressed = label.flatMap(Key.init(label:)) else { continue }
            model.keys(pressed)
            _ = update(&model, .snapshot(snapshot))
            check(model)
          }
        }
      }
    }
    var rooms = connected(showing: empty)
    rooms.setup.keys = settings.keys
    rooms.screen = .rooms
    _ = update(&rooms, .snapshot(empty))
    let label = try #require(settings.keys.label(of: .otherGroups, in: .screen(.rooms)))
    #expect(rooms.text.contains("\(label) shows the routes"))
  }

  @Test("The names of keys are read back, and those of actions are each one's own")
  func names() {
    for key in KeyTable.bindings.flatMap(\.keys) { #expect(Key(label: key.label) == key) }
    for label in ["", "^m", "^M", "F0", "F25", "xx", " ", "Ctrl-A"] {
      #expect(Key(label: label) == nil)
    }
    let names = Action.named.map(\.name)
    #expect(Set(names).count == names.count)
    for (name, action) in Action.named {
      #expect(Action(name: name) == action && action.name == name)
    }
  }

  @Test("A file that is too long is not read")
  func long() {
    let settings = ConsoleSettings(String(repeating: "# x\n", count: 20_000))
    #expect(settings.problems.map(\.text) == ["the file has over 65536 bytes"])
  }

  @Test("The arrangement of the table is read back as it was written")
  func table() throws {
    var saved = SavedTable()
    #expect(try SavedTable(saved.text) == saved)
    saved.columns = ColumnChoice([.rooms, .messageRateIn, .id], rates: .rates)
    saved.sort = .byteRateOut
    saved.isDescending = true
    #expect(saved.text.contains("sort = -out.bytes/s"))
    #expect(try SavedTable(saved.text) == saved)
    #expect(try SavedTable("") == SavedTable())
  }

  @Test(
    "A sign before the column to sort by means the same as in commands; an old file what it meant",
    arguments: [
      ("sort = in.bytes", true), ("sort = -in.bytes", true), ("sort = +in.bytes", false),
      ("version = 2\nsort = in.bytes", true), ("version = 1\nsort = in.bytes", false),
      ("version = 1\nsort = -in.bytes", true), ("sort = id", false), ("sort = -id", true),
      ("version = 1\nsort = id", false),
    ])
  func order(text: String, isDescending: Bool) throws {
    let table = try SavedTable(text)
    #expect(table.isDescending == isDescending)
    #expect(try SavedTable(table.text) == table)
  }

  @Test(
    "A file of the table that cannot be used says why",
    arguments: [
      ("version = 3\nfuture = 1", "a newer wstop has written it (version 3; this one reads 2)"),
      ("version = x", "line 1: version is 2"), ("version = 0", "line 1: version is 2"),
      ("columns = id nose", "line 1: no column is called \"nose\""),
      ("columns =", "line 1: columns names one column at least"),
      ("version = 1\nrates = many", "line 2: rates is totals, both or rates"),
      ("sort = -", "line 1: no column is called \"\""),
      (
        "sort = -bytes in",
        "line 1: no column is called \"bytes in\"; the nearest is in.bytes (bytes in)"
      ),
      ("what", "line 1: a line is such as: theme = dark"),
      ("theme = dark", "line 1: nothing is called \"theme\": there are columns, rates, sort"),
    ])
  func badTable(text: String, message: String) {
    let fault = #expect(throws: SavedTable.Fault.self) { try SavedTable(text) }
    #expect(fault?.description.hasPrefix(message) == true, "\(fault?.description ?? "")")
  }

  @Test("What is wrong with the files is the first thing that the console says")
  func complaint() {
    var setup = Setup(target: "x", version: "1")
    setup.complaint = "/h/console.conf: line 3: \u{1B} is no theme"
    let model = Model(setup: setup, columns: 80, rows: 24, now: 0)
    #expect(model.notice?.text == #"/h/console.conf: line 3: \u{1b} is no theme"#)
  }
}
