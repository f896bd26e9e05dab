import ControlProtocol
import Testing

@testable import Dashboard

@Suite("Text from the network on the screen")
struct UntrustedDrawingTests {
  @Test(
    "Paths and addresses are escaped and the columns stay where they are",
    arguments: [
      "/\u{1B}[2J\u{1B}[H", "/\u{9B}31m", "/\u{202E}gpj.exe", "/\u{2066}x\u{2069}",
      "/a\u{200D}b\u{FEFF}", "/e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "/日本語日本語日本語日本語",
      "/\n\r\t\u{0}\u{7}", "/" + String(repeating: "x", count: 60_000),
      "/" + String(repeating: "\u{302}", count: 60_000),
      "/\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
    ])
  func paths(path: String) {
    var snapshot = picture(total: 2)
    snapshot.sessions?.sessions[0].path = path
    snapshot.sessions?.sessions[0].address = path
    for repertoire in [Repertoire.unicode, .ascii] {
      let model = connected(columns: 200, rows: 50, repertoire: repertoire, showing: snapshot)
      var canvas = Canvas(columns: 0, rows: 0)
      draw(model, into: &canvas)
      let columns = (190..<200).map { canvas.cell(row: 5, column: $0).text }.joined()
      #expect(columns.hasSuffix("12ms"))
      #expect(
        canvas.lines.joined().unicodeScalars.allSatisfy {
          DisplayWidth.cellUse(of: $0) != .replaced && $0 != "\u{FFFD}"
        })
      if repertoire == .ascii {
        #expect(canvas.lines.joined().utf8.allSatisfy { $0 < 0x80 })
      }
    }
  }

  @Test("Engine names, listeners and refusals are escaped")
  func engineTexts() {
    var snapshot = picture(total: 0)
    snapshot.statistics.engine.name = "p\u{1B}[2J"
    snapshot.statistics.engine.listeners = ["\u{1B}]0;x\u{7}:80"]
    snapshot.statistics.refusals = [RefusalCount(reason: "no\u{1B}c", status: 404, count: 3)]
    var model = connected(columns: 100, showing: snapshot)
    #expect(model.text.contains("p\\u{1b}[2J"))
    #expect(!model.text.contains("\u{FFFD}"))
    model.keys(.character("3"))
    #expect(model.text.contains("404"))
    #expect(model.text.contains("no\\u{1b}c"))
    #expect(!model.text.contains("\u{FFFD}"))
  }
}
