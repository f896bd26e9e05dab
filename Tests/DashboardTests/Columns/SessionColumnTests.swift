import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Columns of the session table")
struct SessionColumnTests {
  /// A model whose rows have this path and address.
  private func model(columns: Int, path: String, address: String) -> Model {
    var model = connected(columns: columns, rows: 30)
    var snapshot = picture()
    for index in snapshot.sessions?.sessions.indices ?? 0..<0 {
      snapshot.sessions?.sessions[index].path = path
      snapshot.sessions?.sessions[index].address = address
    }
    _ = update(&model, .snapshot(snapshot))
    return model
  }

  @Test(
    "Width that a text does not need goes to what is cut, to the path first",
    arguments: [
      (100, "/ws/chat/lobby-7", "10.0.3.7", "/ws/chat/lobby-7 "),
      (80, "/ws/chat/lobby-7", "10.0.3.7", "/ws/chat/lobby-7 "),
      (140, "/ws/chat/a-longer-room", "2001:db8:85a3::8a2e:370:7334", "/ws/chat/a-longer-room "),
      (140, "/ws/echo", "2001:db8:85a3::8a2e:370:7334", "[2001:db8:85a3::8a2e:370:7334]:5"),
      (200, "/ws/echo", "2001:db8:85a3:1234:5678:8a2e:370:7334", "8a2e:370:7334]:5"),
    ])
  func spare(columns: Int, path: String, address: String, shown: String) throws {
    let model = model(columns: columns, path: path, address: address)
    let rows = model.lines.filter { $0.contains(" s-") || $0.contains("▸") }
    #expect(rows.count > 10)
    #expect(rows.allSatisfy { $0.contains(shown) }, "\(rows.first ?? "")")
    #expect(model.lines.allSatisfy { DisplayWidth.of($0) <= columns })
    // Headings stand above what they head.
    let heading = try #require(model.lines.first { $0.contains("ADDRESS") })
    let start = try #require(heading.firstRange(of: "ADDRESS")).lowerBound
    let column = DisplayWidth.of(String(heading[..<start]))
    let row = try #require(rows.first)
    let text = address.contains(":") ? "[" : "10.0.3.7"
    let place = try #require(row.firstRange(of: text)).lowerBound
    #expect(DisplayWidth.of(String(row[..<place])) == column)
  }

  @Test("Tags stand in a column of their own, escaped, and a dash where the engine tells none")
  func tags() throws {
    var model = connected(columns: 120, rows: 30)
    model.table.columns = ColumnChoice([.id, .tag])
    var snapshot = picture(total: 3)
    try #require(snapshot.sessions?.sessions.count == 3)
    snapshot.sessions?.sessions[0].tags = ["user:olga", "vip"]
    snapshot.sessions?.sessions[1].tags = ["user:\u{1B}[2J"]
    _ = update(&model, .snapshot(snapshot))
    let heading = try #require(model.lines.first { $0.contains("TAGS") })
    let start = try #require(heading.firstRange(of: "TAGS")).lowerBound
    let rows = model.lines.filter { $0.contains(" s-") || $0.contains("▸") }
    let offset = heading.distance(from: heading.startIndex, to: start)
    let shown = rows.map { String($0.dropFirst(offset)) }
    #expect(shown.count == 3)
    #expect(try shown.at(0).hasPrefix("user:olga vip"))
    #expect(try shown.at(1).hasPrefix("user:\\u{1b}[2J"))
    #expect(try shown.at(2).hasPrefix("–"))
  }

  @Test("Sessions at 200×50 have every column")
  func wide() throws {
    let model = connected(columns: 200, rows: 50)
    let lines = model.lines
    #expect(lines.count == 50)
    #expect(
      words(try lines.at(0)) == [
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
        "(max",
        "100",
        "000,",
        "by",
        "limit)",
        "opened",
        "182",
        "004",
        "closed",
        "171",
        "573",
      ])
    #expect(
      words(try lines.at(1)) == [
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
      words(try lines.at(2)) == [
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
        "1006",
        "500",
        "–/s",
        "1009",
        "73",
        "–/s",
      ])
    #expect(
      words(try lines.at(4)) == [
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
      words(try lines.at(5)) == [
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
    #expect(try lines.at(5..<49).allSatisfy { $0.hasSuffix("12ms") && DisplayWidth.of($0) == 200 })
  }

  private func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  @Test("RTT goes first, then LARGEST, AGE, bytes and messages; the sorted column last")
  func columnsGo() {
    func headings(_ columns: Int, _ sort: SessionField) -> String {
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
      for sort in SessionField.columns {
        let shown = SessionColumn.fitting(ColumnChoice(), columns: columns, sort: sort)
        let width = 4 + shown.reduce(0) { $0 + $1.width } + shown.count - 1
        #expect(width == columns || columns < 20)
      }
    }
  }
}
