import ControlProtocol
import Testing

@testable import Dashboard

@Suite("Columns of the session table")
struct SessionColumnTests {
  @Test("Sessions at 200×50 have every column")
  func wide() {
    let model = connected(columns: 200, rows: 50)
    let lines = model.lines
    #expect(lines.count == 50)
    #expect(
      words(lines[0]) == [
        "wstop",
        "prod-1",
        "up",
        "3d",
        "04:12",
        "0.0.0.0:8080",
        "unix:/run/app.sock",
        "sessions",
        "10",
        "431",
        "of",
        "100",
        "000",
        "opened",
        "182",
        "004",
        "closed",
        "171",
        "573",
      ])
    #expect(
      words(lines[1]) == [
        "in",
        "12.4k",
        "msg/s",
        "3.1",
        "MiB/s",
        "▇▇██▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██",
        "sizes",
        "in",
        "p50",
        "215",
        "B",
        "p99",
        "8.5",
        "KiB",
        "max",
        "1.0",
        "MiB",
        "limit",
        "1.0",
        "MiB",
      ])
    #expect(
      words(lines[2]) == [
        "out",
        "48.0k",
        "msg/s",
        "12.9",
        "MiB/s",
        "▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███",
        "closes",
        "1000",
        "171",
        "000",
        "–/s",
        "1009",
        "73",
        "–/s",
        "1006",
        "500",
        "–/s",
        "other",
        "0",
        "–/s",
      ])
    #expect(
      words(lines[4]) == [
        "ID▲",
        "PATH",
        "ADDRESS",
        "AGE",
        "IDLE",
        "MSG",
        "IN",
        "MSG",
        "OUT",
        "BYTES",
        "IN",
        "BYTES",
        "OUT",
        "LARGEST",
        "BACKLOG",
        "RTT",
      ])
    #expect(
      words(lines[5]) == [
        "▸",
        "s-1yg1",
        "/ws/chat/lobby-0",
        "10.0.3.0:50000",
        "2h14m",
        "0.2s",
        "12",
        "041",
        "48",
        "233",
        "3.1",
        "MiB",
        "12.9",
        "MiB",
        "64",
        "KiB",
        "0",
        "12ms",
      ])
    #expect(lines[5...48].allSatisfy { $0.hasSuffix("12ms") && DisplayWidth.of($0) == 200 })
  }

  private func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  @Test("RTT goes first, then LARGEST, AGE, bytes and messages; the sorted column last")
  func columnsGo() {
    func headings(_ columns: Int, _ sort: SortKey) -> String {
      SessionColumn.fitting(ColumnChoice(), columns: columns, sort: sort).map(\.heading).joined(
        separator: " ")
    }
    let all = "ID PATH ADDRESS AGE IDLE MSG IN MSG OUT BYTES IN BYTES OUT LARGEST BACKLOG RTT"
    #expect(headings(128, .id) == all)
    #expect(headings(121, .id) == all.replacing(" RTT", with: ""))
    #expect(headings(80, .id) == "ID PATH ADDRESS IDLE MSG IN MSG OUT BACKLOG")
    #expect(headings(80, .bytesIn) == "ID PATH ADDRESS IDLE BYTES IN BYTES OUT")
    #expect(headings(20, .id) == "ID PATH")
    for columns in 0..<300 {
      for sort in SortKey.allCases {
        let shown = SessionColumn.fitting(ColumnChoice(), columns: columns, sort: sort)
        let width = 4 + shown.reduce(0) { $0 + $1.width } + shown.count - 1
        #expect(width == columns || columns < 20)
      }
    }
  }
}
