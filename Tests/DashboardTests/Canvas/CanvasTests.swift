import Testing

@testable import Dashboard

@Suite("Canvas")
struct CanvasTests {
  @Test("Text is clipped at both edges, and outside rows are ignored")
  func clips() {
    var canvas = Canvas(columns: 5, rows: 2)
    canvas.put("abcdefgh", row: 0, column: 2)
    canvas.put("xyz", row: 1, column: -1)
    canvas.put("no", row: 2, column: 0)
    canvas.put("no", row: -1, column: 0)
    canvas.put("no", row: 0, column: 99)
    #expect(canvas.lines == ["  abc", "yz"])
  }

  @Test("A limit cuts before the edge does")
  func limits() {
    var canvas = Canvas(columns: 10, rows: 1)
    #expect(canvas.put("abcdef", row: 0, column: 1, limit: 3) == 4)
    #expect(canvas.put("x", row: 0, column: 6, limit: 0) == 6)
    #expect(canvas.lines == [" abc"])
  }

  @Test("A wide character takes two cells and is never cut in half")
  func wide() {
    var canvas = Canvas(columns: 5, rows: 1)
    canvas.put("日本語", row: 0, column: 0)
    #expect(canvas.lines == ["日本"])
    #expect(canvas.cell(row: 0, column: 0).width == 2)
    #expect(canvas.cell(row: 0, column: 1).text == "")
    #expect(canvas.cell(row: 0, column: 4).text == " ")
  }

  @Test("Overwriting half of a wide character blanks the other half", arguments: [0, 1])
  func overwrites(column: Int) {
    var canvas = Canvas(columns: 3, rows: 1)
    canvas.put("日", row: 0, column: 0)
    canvas.put("x", row: 0, column: column)
    #expect(canvas.lines == [column == 0 ? "x" : " x"])
    #expect(canvas.cells(ofRow: 0).allSatisfy { $0.width == 1 })
  }

  @Test("A wide character over the first half of another one blanks the second half")
  func overwritesByWide() {
    var canvas = Canvas(columns: 4, rows: 1)
    canvas.put("日", row: 0, column: 1)
    canvas.put("本", row: 0, column: 0)
    #expect(canvas.cells(ofRow: 0).map(\.width) == [2, 0, 1, 1])
    canvas.put("x", row: 0, column: 3)
    #expect(canvas.lines == ["本 x"])
  }

  @Test("Combining marks join their character, three at most")
  func combining() {
    var canvas = Canvas(columns: 4, rows: 1)
    canvas.put("e\u{301}x" + String(repeating: "\u{302}", count: 50) + "y", row: 0, column: 0)
    #expect(canvas.cell(row: 0, column: 0).text == "e\u{301}")
    #expect(canvas.cell(row: 0, column: 1).text.unicodeScalars.count == 4)
    #expect(canvas.cell(row: 0, column: 2).text == "y")
  }

  @Test(
    "Control, format and unassigned characters never get in",
    arguments: [
      "\u{1B}", "\u{9B}", "\u{7F}", "\u{0}", "\n", "\u{202E}", "\u{2066}", "\u{200B}", "\u{200D}",
      "\u{FEFF}", "\u{2028}", "\u{378}", "\u{E0041}",
    ])
  func refuses(character: String) {
    var canvas = Canvas(columns: 3, rows: 1)
    canvas.put("a\(character)b", row: 0, column: 0)
    #expect(canvas.lines == ["a\u{FFFD}b"])
  }

  @Test("In ASCII nothing else gets in: drawings have stand-ins, wide characters keep their width")
  func ascii() {
    var canvas = Canvas(columns: 12, rows: 1, repertoire: .ascii)
    canvas.put("▸●✕…│─█▼日e\u{301}", row: 0, column: 0)
    #expect(canvas.lines == [">*x~|-#v? e"])
    #expect(canvas.lines.joined().utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("Any size is a canvas", arguments: [(-1, 5), (0, 0), (1, 1), (1_000_000, 2)])
  func sizes(columns: Int, rows: Int) {
    var canvas = Canvas(columns: columns, rows: rows)
    canvas.put("日x", row: 0, column: 0)
    canvas.fill(row: 0, columns: -5..<2_000_000, style: .title)
    canvas.restyle(row: 0, columns: -5..<2_000_000, style: .title)
    #expect(canvas.lines.count == canvas.rows)
    #expect(canvas.columns <= Canvas.maximumSide)
  }
}
