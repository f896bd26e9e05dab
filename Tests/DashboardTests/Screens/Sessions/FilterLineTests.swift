import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Completion in the filter line")
struct FilterLineTests {
  private func filter(_ text: String) -> Model {
    var model = connected()
    model.keys(.character("/"))
    model.type(text)
    return model
  }

  @Test("One that fits is taken, and the filter is tried at once")
  func single() {
    var model = filter("!tl")
    let effects = model.keys(.tab)
    #expect(model.dialog?.typedFilter == "!tls ")
    #expect(effects.count == 1)
    model.type("code=bad")
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "!tls code=1014 ")
  }

  @Test("Of several the common beginning is taken, then Tab goes through them, and back")
  func several() {
    var model = filter("rou")
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "route")
    #expect(model.lines.last?.contains(" route=  route!=  route~") == true)
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "route=")
    #expect(model.lines.last?.contains("[route=]") == true)
    model.keys(.tab, .tab, .tab)
    #expect(model.dialog?.typedFilter == "route=")
    model.keys(.backTab)
    #expect(model.dialog?.typedFilter == "route~")
    // Typing ends it.
    model.type("x")
    #expect(model.lines.last?.contains("route!=") == false)
  }

  @Test("The engine's routes are completed, and an example is given where nothing can be")
  func routes() {
    var model = filter("route=/ws/c")
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "route=/ws/chat/{room} ")
    model.keys(.control("u"))
    model.type("idle>")
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "idle>")
    #expect(model.lines.last?.contains("such as idle>5m") == true)
    model.keys(.control("u"))
    model.type("zzz")
    model.keys(.tab)
    #expect(model.lines.last?.contains("nothing fits") == true)
  }

  @Test("The word before the cursor is completed, what is behind it stays")
  func inside() {
    var model = filter("tl idle>5m")
    for _ in 0..<8 { model.keys(.left) }
    model.keys(.tab)
    #expect(model.dialog?.typedFilter == "tls  idle>5m")
  }

  @Test("A long list shows those around the one in the line, at 80 columns and at 20")
  func long() {
    for columns in [80, 20] {
      var model = filter("")
      _ = update(&model, .resize(columns: columns, rows: 24))
      model.keys(.tab)
      for _ in 0..<40 {
        model.keys(.tab)
        let line = model.lines.last ?? ""
        #expect(DisplayWidth.of(line) <= columns)
        let draft = (model.dialog?.typedFilter ?? "").trimmingSuffix(" ")
        #expect(line.contains("[\(draft)]") || columns == 20, "\(line)")
      }
    }
  }

  /// A model whose filter line has a text that is no filter.
  private func faulty(_ text: String, columns: Int) -> Model {
    var model = filter(text)
    _ = update(&model, .resize(columns: columns, rows: 24))
    return model
  }

  @Test(
    "The arrow points at what is wrong, behind wide and joined characters too",
    arguments: [
      "path~日本 x", "path~e\u{301}\u{301} x", "path~👩‍👩‍👧 x", "path~\u{202E} x", "tls x",
    ])
  func arrow(text: String) throws {
    let model = faulty(text, columns: 80)
    let lines = model.lines
    let typed = try #require(lines.firstIndex { $0.contains("filter: ") })
    let line = try lines.at(typed)
    let end = try #require(line.lastIndex(of: "x"))
    let wanted = DisplayWidth.of(String(line[..<end]))
    let pointer = try lines.at(typed + 1)
    let arrow = try #require(pointer.firstIndex(of: "^"))
    #expect(DisplayWidth.of(String(pointer[..<arrow])) == wanted, "\(line)\n\(pointer)")
  }

  @Test("A sentence that is too long for the line is told in lines of its own, whole")
  func wraps() throws {
    let fault = #expect(throws: FilterError.self) { try SessionFilter("tls foo=1") }
    let message = try #require(fault).message
    let model = faulty("tls foo=1", columns: 80)
    let lines = model.lines
    let typed = try #require(lines.firstIndex { $0.contains("filter: tls foo=1") })
    #expect(try lines.at(typed + 1) == String(repeating: " ", count: 13) + "^")
    let rest = lines.dropFirst(typed + 2).joined(separator: " ")
    #expect(rest.split(separator: " ") == "column 5: \(message)".split(separator: " "))
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 })
    let narrow = faulty("tls foo=1", columns: 20)
    #expect(narrow.lines.contains { $0.contains("column 5:") })
  }

  @Test("A filter longer than the line scrolls, and the arrow with it")
  func scrolled() throws {
    let text = String(repeating: "path~abcdef ", count: 12) + "x"
    let model = faulty(text, columns: 80)
    let lines = model.lines
    let typed = try #require(lines.firstIndex { $0.contains("filter: ") })
    let line = try lines.at(typed)
    let pointer = try lines.at(typed + 1)
    let end = try #require(line.lastIndex(of: "x"))
    let arrow = try #require(pointer.firstIndex(of: "^"))
    #expect(
      line.distance(from: line.startIndex, to: end)
        == pointer.distance(from: pointer.startIndex, to: arrow))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
