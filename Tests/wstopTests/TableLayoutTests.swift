import ControlProtocol
import Dashboard
import TestSupport
import Testing
import Vocabulary

@testable import wstop

@Suite("Tables in a terminal's width")
struct TableLayoutTests {
  private static let rows = [
    OutputTests.row(),
    OutputTests.row {
      $0.address = "2001:db8:85a3:8d3:1319:8a2e:370:7348"
      $0.port = 44_321
      $0.path = "/ws/chat/a-rather-long-room-in-which-many-people-are"
    },
  ]

  private static func lines(_ columns: Int, hasEndings: Bool = false) -> [String] {
    SessionText.table(rows, now: OutputTests.now, hasEndings: hasEndings)
      .text(as: .terminal(isUTF8: true, columns: columns)).split(separator: "\n").map(String.init)
  }

  @Test("No line is wider than the terminal, down to one column", arguments: 30...240)
  func fits(columns: Int) {
    for line in Self.lines(columns) { #expect(DisplayWidth.of(line) <= columns, "\(line)") }
    for line in Self.lines(columns, hasEndings: true) {
      #expect(DisplayWidth.of(line) <= columns, "\(line)")
    }
  }

  @Test("Columns give way in the console's order, and numbers are never cut")
  func order() throws {
    let order = ["RTT", "LARGEST", "AGE", "BYTES IN", "MSG IN", "BACKLOG", "IDLE"]
    var lost: [String] = []
    for columns in (40...240).reversed() {
      let heading = try #require(Self.lines(columns).first)
      for title in order where !heading.contains(title) && !lost.contains(title) {
        lost.append(title)
      }
      for line in Self.lines(columns).dropFirst() where heading.contains("MSG IN") {
        #expect(line.contains("12 041"), "\(columns): \(line)")
      }
    }
    #expect(lost == order)
    #expect(try Self.lines(240).at(0).hasSuffix("RTT"))
  }

  @Test(
    "The column that the table is sorted by stays, and programs see no difference",
    arguments: SessionField.sortable)
  func sorted(field: SessionField) throws {
    for hasEndings in [false, true] {
      func table(_ sort: SessionField) -> Table {
        SessionText.table(
          Self.rows, now: OutputTests.now, sortedBy: sort, hasEndings: hasEndings)
      }
      let lines = table(field).text(as: .terminal(isUTF8: true, columns: 80))
        .split(separator: "\n")
      let column = try #require(field.definition.column)
      // Of closed ones BY names the operator too.
      let title = hasEndings && [.who, .actor].contains(field) ? "BY" : column.longHeading
      #expect(lines.first?.contains(title) == true, "\(field)")
      for line in lines { #expect(DisplayWidth.of(String(line)) <= 80) }
      #expect(table(field).text(as: .plain) == table(.id).text(as: .plain))
      #expect(table(field).csv == table(.id).csv)
    }
  }

  @Test("Spare width goes to what is cut; an IPv6 address is cut in the middle")
  func cut() throws {
    let wide = try #require(Self.lines(240).last)
    #expect(wide.contains("/ws/chat/a-rather-long-room-in-which-many-people-are"))
    #expect(wide.contains("[2001:db8:85a3:8d3:1319:8a2e:370:7348]:44321"))
    let narrow = try #require(Self.lines(60).last)
    #expect(narrow.contains("…") && narrow.contains("48]:44321"), "\(narrow)")
    // An address of version 4 is whole wherever it is shown.
    #expect(try Self.lines(60).at(1).contains("10.0.3.7:51544"))
  }

  @Test("Columns that were chosen give way from the right, the first one never")
  func chosen() throws {
    let fields: [SessionField] = [.id, .path, .messagesIn, .bytesIn, .userAgent]
    func heading(_ columns: Int) throws -> String {
      let text = SessionText.table(Self.rows, columns: fields, now: OutputTests.now)
        .text(as: .terminal(isUTF8: true, columns: columns))
      return String(try #require(text.split(separator: "\n").first))
    }
    #expect(try heading(120).contains("AGENT"))
    let narrow = try heading(36)
    #expect(narrow.hasPrefix("ID") && narrow.contains("MSG IN") && !narrow.contains("AGENT"))
    #expect(try heading(10) == "ID")
    let table = SessionText.table(Self.rows, columns: fields, now: OutputTests.now)
    #expect(
      table.titlesWithoutRoom(as: .terminal(isUTF8: true, columns: 10)).count == fields.count - 1)
    #expect(table.titlesWithoutRoom(as: .terminal(isUTF8: true, columns: 240)).isEmpty)
  }

  @Test("A terminal shows the column that is sorted by too, and programs the chosen ones alone")
  func sortedChosen() throws {
    let fields: [SessionField] = [.id, .path]
    func table(_ sort: SessionField?) -> Table {
      SessionText.table(Self.rows, columns: fields, now: OutputTests.now, sortedBy: sort)
    }
    let terminal = OutputForm.terminal(isUTF8: true, columns: 120)
    func headings(_ sort: SessionField?) throws -> [Substring] {
      try table(sort).text(as: terminal).split(separator: "\n").at(0).split(separator: " ")
    }
    #expect(try headings(nil) == ["ID", "PATH"])
    #expect(try headings(.path) == ["ID", "PATH"])
    #expect(try headings(.messagesIn) == ["ID", "PATH", "MSG", "IN"])
    let lines = table(.messagesIn).text(as: terminal).split(separator: "\n")
    #expect(lines.count > 1 && lines.dropFirst().allSatisfy { $0.hasSuffix("12 041") })
    // On a terminal that is too narrow the chosen ones go first, as in the console.
    let narrow = table(.messagesIn).text(as: .terminal(isUTF8: true, columns: 20))
    #expect(narrow.hasPrefix("ID") && narrow.contains("MSG IN"))
    for sort: SessionField in [.path, .messagesIn] {
      #expect(table(sort).text(as: .plain) == table(nil).text(as: .plain))
      #expect(table(sort).csv == table(nil).csv)
    }
  }

  @Test("Where the width is not known texts have a bound, and nothing gives way")
  func unknown() throws {
    let text = SessionText.table(Self.rows, now: OutputTests.now).text(as: OutputTests.terminal)
    let lines = text.split(separator: "\n")
    #expect(try lines.at(0).hasSuffix("RTT"))
    #expect(try lines.at(2).contains("…  [2001:db8:85a3:8d3:1319:8a2e:370:7348]:44321"))
  }

  @Test("A list of fields is shown whole")
  func details() {
    let details = SessionDetails(engine: "r", row: Self.rows[1])
    let text = SessionText.details(details, now: OutputTests.now)
      .text(as: .terminal(isUTF8: true, columns: 40))
    #expect(text.contains(Self.rows[1].path))
  }

  @Test("The preview before a question fits too")
  func preview() {
    let preview = ActPreview(engine: "r", count: 2, total: 5, sample: Self.rows)
    let text = ActText.preview(preview, as: .terminal(isUTF8: true, columns: 70))
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= 70) }
    #expect(text.contains("2 of 5 open sessions match"))
  }

  @Test(
    "A text is cut in the middle, both ends stay",
    arguments: [
      ("[2001:db8::7]:443", 20, "[2001:db8::7]:443"), ("[2001:db8::7]:443", 10, "[2001…:443"),
      ("日本語テキスト", 7, "日本…ト"), ("abcdef", 2, "a…"), ("abcdef", 0, ""),
    ])
  func middle(text: String, columns: Int, shown: String) {
    let cut = DisplayWidth.fittedInMiddle(text, to: columns)
    #expect(cut == shown && DisplayWidth.of(cut) <= columns)
  }
}
