import ArgumentParser
import ControlProtocol
import Testing
import Vocabulary

@testable import wstop

@Suite("Tables as comma-separated values")
struct CSVTests {
  @Test("The names of all values come first, then the forms for programs")
  func table() {
    let table = Table(
      columns: [.left("NAME"), .right("MSG IN")], names: ["name", "in", "hidden"],
      rows: [
        [Table.Cell("a, b"), Table.Cell("1 000", plain: "1000"), Table.Cell(nil, plain: "\"x\"")]
      ])
    #expect(table.csv == "name,in,hidden\n\"a, b\",1000,\"\"\"x\"\"\"\n")
    #expect(Table(columns: [.left("MSG IN")]).csv == "msg-in\n")
  }

  @Test(
    "No value is a formula, whatever a client sent",
    arguments: [
      "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0",
    ])
  func formulas(text: String) throws {
    let rows = [
      OutputTests.row {
        $0.path = text
        $0.state = .closed
        $0.ending = SessionEnding(
          code: .normalClosure, reason: text, by: .peer, at: OutputTests.now)
      }
    ]
    let csv = SessionText.table(rows, now: OutputTests.now, hasEndings: true).csv
    let lines = csv.split(separator: "\n")
    try #require(lines.count == 2)
    #expect(lines[0].split(separator: ",").count == 22)
    for field in lines[1].split(separator: ",") {
      let bare = field.hasPrefix("\"") ? field.dropFirst() : field
      #expect(!"=+-@＝\t\r".contains(bare.first ?? "a"), "\(field)")
    }
    let details = SessionText.details(
      SessionDetails(
        engine: "r", row: rows[0], headers: [.init(name: "X", value: text)]),
      now: OutputTests.now)
    #expect(!details.csv.contains("\n=") && !details.csv.contains(",="))
  }

  @Test("Every table has a name for each of its values")
  func names() throws {
    let event = EngineEvent(
      sequence: 1, at: 2.5, kind: .act, message: "=x, \"y\"", actor: "uid 0", command: "wstop stop")
    let limit = LimitRow(
      key: .messageBytes, value: "1MiB", defaultValue: "1MiB", source: .default, scope: .engine)
    let tables: [Table] = [
      SessionText.table([OutputTests.row()], now: OutputTests.now),
      SessionText.table([OutputTests.row()], now: OutputTests.now, hasEndings: true),
      LimitText.table([limit]), EventText.table([event]),
      ClosesText.table([CloseCount(code: .goingAway, by: .peer, count: 3)]),
      ActText.table(
        ActResult(engine: "r", outcomes: [SessionOutcome(id: OutputTests.row().id, outcome: .done)])
      ),
    ]
    for table in tables {
      let lines = table.csv.split(separator: "\n", omittingEmptySubsequences: false)
      try #require(lines.count == 3)
      let names = lines[0].split(separator: ",", omittingEmptySubsequences: false)
      #expect(names.count == (table.rows.first?.count ?? 0) + table.times.count, "\(lines[0])")
      #expect(Set(names).count == names.count)
    }
    #expect(
      EventText.table([event]).csv.split(separator: "\n").last
        == "1,2.5,1970-01-01T00:00:02.500Z,act,\"'=x, \"\"y\"\"\",uid 0,wstop stop")
  }

  @Test(
    "A moment has its time by ISO 8601 beside it",
    arguments: [
      ("0", "1970-01-01T00:00:00.000Z"), ("1764000000.25", "2025-11-24T16:00:00.250Z"),
      ("1e9", "2001-09-09T01:46:40.000Z"), ("-0.001", "1969-12-31T23:59:59.999Z"), ("", ""),
      ("1e300", ""), ("x", ""),
    ])
  func times(seconds: String, time: String) {
    let table = Table(
      columns: [], names: ["at", "x"], times: ["at"],
      rows: [[Table.Cell(nil, plain: seconds), Table.Cell(nil, plain: "y")]])
    #expect(table.csv.hasPrefix("at,at.time,x\n"))
    #expect(table.csv.hasSuffix(",\(time),y\n"))
    // Programs that read values between tabs find them where they were.
    #expect(table.text(as: .plain) == "\(seconds)\ty\n")
  }

  @Test(
    "--json and --csv exclude each other", arguments: ["sessions", "limits", "closes", "events"])
  func exclusive(command: String) {
    #expect(throws: (any Error).self) { try WStop.parseAsRoot([command, "--json", "--csv"]) }
  }

  @Test("Closes are counted by code and by who")
  func closes() {
    let table = ClosesText.table([
      CloseCount(code: .messageTooBig, by: .limit, count: 2),
      CloseCount(code: .messageTooBig, by: .peer, count: 1),
    ])
    #expect(
      table.csv
        == "code,name,total,peer,handler,operator,limit,protocol,timeout,shutdown,network,upstream\n"
        + "1009,message too big,3,1,0,0,2,0,0,0,0,0\n")
  }
}
