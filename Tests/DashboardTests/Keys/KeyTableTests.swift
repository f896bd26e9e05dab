import Testing

@testable import Dashboard

@Suite("Table of keys")
struct KeyTableTests {
  @Test("No key has two meanings in one context", arguments: KeyContext.allCases)
  func noConflicts(context: KeyContext) {
    var seen: [Key: Action] = [:]
    for binding in KeyMap.standard.bindings(in: context) {
      for key in binding.keys {
        #expect(seen[key] == nil, "\(key.label) in \(context) is \(binding.action) and more")
        seen[key] = binding.action
      }
    }
  }

  @Test(
    "Every context has a way out, can be quit, repainted and suspended",
    arguments: KeyContext.allCases)
  func waysOut(context: KeyContext) {
    #expect(KeyMap.standard.action(of: .escape, in: context) == .cancel)
    #expect(KeyMap.standard.action(of: .control("c"), in: context) == .quit)
    #expect(KeyMap.standard.action(of: .control("l"), in: context) == .redraw)
    #expect(KeyMap.standard.action(of: .control("z"), in: context) == .suspend)
  }

  @Test("k is up and never kills, d never destroys", arguments: KeyContext.allCases)
  func harmless(context: KeyContext) {
    let up = KeyMap.standard.action(of: .character("k"), in: context)
    #expect(up == nil || up == .move(.up))
    let details = KeyMap.standard.action(of: .character("d"), in: context)
    #expect(details == nil || details == .open)
  }

  @Test(
    "The keys of the design do what it says",
    arguments: [
      (Key.character("j"), Action.move(.down)), (.down, .move(.down)),
      (.character("k"), .move(.up)),
      (.up, .move(.up)), (.character("g"), .move(.top)), (.home, .move(.top)),
      (.character("G"), .move(.bottom)), (.end, .move(.bottom)), (.pageUp, .move(.pageUp)),
      (.control("b"), .move(.pageUp)), (.pageDown, .move(.pageDown)),
      (.control("f"), .move(.pageDown)), (.control("d"), .move(.halfPageDown)),
      (.control("u"), .move(.halfPageUp)), (.character("?"), .help), (.function(1), .help),
      (.character("h"), .help), (.character("q"), .back), (.escape, .cancel),
      (.character("/"), .filter), (.function(4), .filter), (.character("\\"), .invertFilter),
      (.function(6), .pickSort), (.character("<"), .previousSort), (.character(">"), .nextSort),
      (.character("o"), .nextSort), (.character("I"), .reverseSort), (.character(" "), .mark),
      (.character("U"), .clearMarks), (.enter, .open), (.character("d"), .open),
      (.character("m"), .send), (.character("X"), .close), (.function(9), .close),
      (.character("F"), .follow), (.character("Z"), .pause), (.tab, .nextScreen),
      (.backTab, .previousScreen), (.character("1"), .show(.sessions)),
      (.character("2"), .show(.traffic)), (.character("3"), .show(.closes)),
      (.character("4"), .show(.limits)), (.character("5"), .show(.rooms)),
      (.character("6"), .show(.log)), (.character("t"), .tap), (.character("T"), .tapMatching),
      (.character("+"), .slower), (.character("-"), .faster), (.character(":"), .command),
    ])
  func keys(key: Key, action: Action) {
    #expect(KeyMap.standard.action(of: key, in: .screen(.sessions)) == action)
  }

  @Test("The help has every key once, and fits 80 columns", arguments: KeyContext.allCases)
  func help(context: KeyContext) {
    let lines = HelpText.lines(for: context)
    #expect(lines.allSatisfy { $0.width <= 78 })
    for binding in KeyTable.bindings {
      let keys = binding.keys.map(\.label).joined(separator: " ")
      let count = lines.count {
        $0.runs.count == 2 && $0.runs.first?.text.hasPrefix(keys + " ") == true
          && $0.runs.last?.text == " " + binding.help
      }
      #expect(count == 1, "\(keys): \(binding.help)")
    }
  }
}
