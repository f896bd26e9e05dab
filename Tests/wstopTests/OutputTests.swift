import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import wstop

@Suite("Output for people and for programs")
struct OutputTests {
  static let now = 1_764_000_000.0
  static let terminal = OutputForm.terminal(isUTF8: true)

  static func row(_ change: (inout SessionRow) -> Void = { _ in }) -> SessionRow {
    var row = SessionRow(
      id: SessionID(rawValue: 4706), route: "/ws/chat/{room}", path: "/ws/chat/lobby",
      address: "10.0.3.7", port: 51_544, state: .open, openedAt: now - 8040, idleSeconds: 0.2)
    row.messagesIn = 12_041
    row.bytesIn = 3_250_586
    row.largestOut = 65_536
    row.roundTripMilliseconds = 12.4
    change(&row)
    return row
  }

  @Test("Columns are aligned on a terminal")
  func alignment() {
    let table = Table(
      columns: [.left("NAME"), .right("N")],
      rows: [
        [Table.Cell("a"), Table.Cell("1 000", plain: "1000")],
        [Table.Cell("long name"), Table.Cell("2")],
      ])
    #expect(
      table.text(as: Self.terminal) == """
        NAME           N
        a          1 000
        long name      2

        """)
    #expect(table.text(as: .plain) == "a\t1000\nlong name\t2\n")
  }

  @Test("A value for programs has no column")
  func programsOnly() {
    let table = Table(
      columns: [.left("A")], rows: [[Table.Cell("x"), Table.Cell(nil, plain: "hidden")]])
    #expect(table.text(as: Self.terminal) == "A\nx\n")
    #expect(table.text(as: .plain) == "x\thidden\n")
    #expect(Table(columns: [.left("A")]).text(as: .plain) == "")
  }

  @Test("A terminal without UTF-8 gets ASCII, a program gets the text")
  func ascii() {
    let form = OutputForm.terminal(isUTF8: false)
    #expect(form.shown("a–b…ü") == "a-b...\\u{fc}")
    #expect(Self.terminal.shown("a–b…ü") == "a–b…ü")
    #expect(OutputForm.plain.shown("ü") == "ü")
  }

  @Test("Sessions are a table")
  func sessions() throws {
    let rows = [
      Self.row(),
      Self.row {
        $0.address = "2001:db8::7"
        $0.roundTripMilliseconds = nil
        $0.path = "/\u{1b}[2J\u{202e}"
      },
    ]
    let table = SessionText.table(rows, now: Self.now)
    let lines = table.text(as: Self.terminal).split(separator: "\n").map(String.init)
    try #require(lines.count == 3)
    #expect(lines[0].hasPrefix("ID     STATE  PATH"))
    #expect(lines[1].contains("/ws/chat/lobby      10.0.3.7:51544       2h14m  0.2s  12 041"))
    #expect(lines[1].hasSuffix("12ms"))
    #expect(lines[2].contains("/\\u{1b}[2J\\u{202e}  [2001:db8::7]:51544  2h14m"))
    #expect(lines[2].hasSuffix("–"))
    #expect(
      table.text(as: .plain).split(separator: "\n").first
        == "s-4k2\topen\t/ws/chat/{room}\t/ws/chat/lobby\t10.0.3.7\t51544\t8040\t0.2\t12041\t0\t3250586\t0\t65536\t0\t12.4"
    )
  }

  @Test("A path is decoded for people, and as it came for programs")
  func paths() throws {
    let row = Self.row { $0.path = "/caf%C3%A9%1B" }
    let table = SessionText.table([row], now: Self.now)
    #expect(table.text(as: Self.terminal).contains("/café\\u{1b}"))
    #expect(table.text(as: .plain).contains("/caf%C3%A9%1B"))
    let details = SessionText.details(SessionDetails(engine: "r", row: row), now: Self.now)
    #expect(details.text(as: Self.terminal).contains("/café\\u{1b}"))
    #expect(details.text(as: .plain).contains("path\t/caf%C3%A9%1B\n"))
  }

  @Test("Tags stand in a column of their own, escaped, and one a line in the details")
  func tags() {
    let row = Self.row { $0.tags = ["user:\u{1b}[2J", "vip"] }
    let table = SessionText.table([row, Self.row()], columns: [.id, .tag], now: Self.now)
    #expect(
      table.text(as: Self.terminal) == """
        ID     TAGS
        s-4k2  user:\\u{1b}[2J vip
        s-4k2

        """)
    #expect(table.csv.split(separator: "\n").first?.hasPrefix("id,tag") ?? false)
    let details = SessionText.details(SessionDetails(engine: "r", row: row), now: Self.now)
      .text(as: .plain)
    #expect(details.contains("tag\tuser:\\u{1b}[2J\ntag\tvip\n"))
  }

  @Test("A tab in a path does not make another value")
  func tabs() {
    let table = SessionText.table([Self.row { $0.path = "/a\tb\nc" }], now: Self.now)
    #expect(table.text(as: .plain).split(separator: "\t").count == 15)
    #expect(table.text(as: .plain).contains("\t/a\\tb\\nc\t"))
  }

  @Test("A session on a Unix socket has no port")
  func unix() throws {
    let row = Self.row {
      $0.address = "unix"
      $0.port = 0
    }
    #expect(try SessionText.table([row], now: Self.now).rows.at(0).at(4).readable == "unix")
  }

  @Test("What is listed is counted")
  func footer() {
    var list = SessionList(engine: "r", total: 10_431, offset: 0, sessions: [Self.row()])
    #expect(SessionText.footer(list) == "1 of 10 431 sessions")
    list.total = 1
    #expect(SessionText.footer(list) == "1 session")
    list.sessions = []
    list.total = 0
    #expect(SessionText.footer(list).hasPrefix("no sessions: wstop stats tells where"))
    #expect(
      SessionText.footer(list, isFiltered: true).hasPrefix(
        "no session matches: wstop sessions without --filter lists all, --closed"))
    #expect(SessionText.footer(list, show: .closed) == "0 sessions")
  }

  @Test("Everything known of a session is a list, what is missing left out")
  func details() {
    let details = SessionDetails(
      engine: "r", row: Self.row(), query: "a=\u{7f}",
      headers: [SessionDetails.Header(name: "Host", value: "x\u{1b}")], rooms: ["lobby", "attic"],
      limits: [
        LimitRow(
          key: .messageBytes, value: "1MiB", defaultValue: "1MiB", source: .default, scope: .engine)
      ],
      compression: SessionCompression(
        mode: .shared, parameters: "server_max_window_bits=10", ratioIn: 3.25))
    let lines = SessionText.details(details, now: Self.now).text(as: .plain)
      .split(separator: "\n").map(String.init)
    for line in [
      "id\ts-4k2", "query\ta=\\u{7f}", "header\tHost: x\\u{1b}", "room\tlobby", "room\tattic",
      "limit\tmessage-bytes=1MiB (engine)", "rtt\t12.4", "age\t8040", "tls\tno",
      "compressed\tpermessage-deflate, shared, in 3.3:1, out –",
      "compression-parameters\tserver_max_window_bits=10",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(!lines.contains { $0.hasPrefix("subprotocol") || $0.hasPrefix("rtt-last") })
  }

  @Test("Statistics are a list with closes by code and by who")
  func statistics() {
    let identity = EngineIdentity(
      run: "r1", name: "default", version: "9\u{1b}", processID: 42, startedAt: 0,
      listeners: ["127.0.0.1:8080"], routes: [])
    var statistics = EngineStatistics(engine: identity, now: 10, uptimeSeconds: 274_320)
    statistics.closes = [CloseCount(code: .messageTooBig, by: .limit, count: 3)]
    statistics.refusals = [RefusalCount(reason: "no-route", status: 404, count: 2)]
    statistics.sizesIn = SizeDistribution(bucketCounts: [0, 2, 0, 5], maximum: 3)
    statistics.rates.messagesIn = 12_400
    let plain = StatisticsText.table(statistics).text(as: .plain)
    let lines = plain.split(separator: "\n").map(String.init)
    for line in [
      "uptime\t274320", "closes.1009.limit\t3", "refusals.404.no-route\t2", "in.sizes.p50\t3",
      "in.sizes.maximum\t3", "in.messages-per-second\t12400", "version\t9\\u{1b}",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(!plain.contains("out.sizes"))
    #expect(StatisticsText.table(statistics).text(as: Self.terminal).contains("3d 04:12"))
    #expect(StatisticsText.version(identity) == "engine 9\\u{1b} (default, run r1, process 42)")
  }

  @Test("What an act would hit is a sample and a share for people, and numbers for programs")
  func preview() {
    let preview = ActPreview(engine: "r", count: 412, total: 10_431, sample: [Self.row()])
    #expect(
      ActText.preview(preview, as: .plain) == "count\t412\ntotal\t10431\nsample\ts-4k2\n")
    let text = ActText.preview(preview, as: Self.terminal)
    #expect(text.hasSuffix("… and 411 more\n412 of 10 431 open sessions match\n"))
    #expect(text.contains("s-4k2"))
  }

  @Test("What an act did is a sentence for people, and numbers for programs")
  func act() {
    var act = ActStatus(engine: "r", id: 3, kind: .close, filter: "path~\u{1b}", count: 412)
    act.delivered = 400
    act.failed.counts = ["no-such-session": 10, "no-longer-matches": 1, "odd\u{1b}": 1]
    act.previewed = 500
    act.state = .finished
    #expect(
      ActText.result(act, as: Self.terminal)
        == "closed 400 of 412, 10 had already gone, 1 no longer matched, "
        + "the preview had counted 500\n")
    #expect(
      ActText.result(act, as: .plain)
        == "act\t3\nstate\tfinished\ncount\t412\npreviewed\t500\ndelivered\t400\nqueued\t0\n"
        + "failed.no-longer-matches\t1\nfailed.no-such-session\t10\nfailed.odd\\u{1b}\t1\n")
    #expect(
      ActText.table([act]).text(as: .plain)
        == "3\tclose\tfinished\t412\t400\t0\t12\t\tpath~\\u{1b}\t\n")
  }

  @Test("Limits are a table with scope and source")
  func limits() {
    var row = LimitRow(
      key: .messageBytes, value: "64KiB", defaultValue: "1MiB", source: .operator,
      scope: .route("/ws\u{1b}"))
    #expect(
      LimitText.table([row]).text(as: .plain)
        == "message-bytes\t64KiB\t1MiB\troute:/ws\\u{1b}\toperator\tclose 1009\t\n")
    row.revert = LimitRevert(at: 0, value: "2MiB\u{1b}")
    #expect(LimitText.table([row]).text(as: .plain).hasSuffix("\t2MiB\\u{1b}@0\n"))
    #expect(LimitText.table([row]).text(as: Self.terminal).contains("to 2MiB\\u{1b} in 0.0s"))
  }

  @Test("An event is one line")
  func events() throws {
    let event = EngineEvent(
      sequence: 7, at: 1.5, kind: .act, message: "closed\ns-4k2", actor: "uid 0 pid 1",
      command: "wstop close s-4k2")
    #expect(
      EventText.line(event, as: .plain)
        == "7\t1.5\tact\tclosed\\ns-4k2\tuid 0 pid 1\twstop close s-4k2")
    #expect(
      EventText.line(event, as: .terminal(isUTF8: true, columns: 80))
        .hasSuffix("  act      closed\\ns-4k2  by uid 0 pid 1"))
    #expect(
      EventText.line(event, as: .terminal(isUTF8: true, columns: 120))
        .hasSuffix("  act      uid 0 pid 1               closed\\ns-4k2"))
    for columns in [80, 120] {
      let form = OutputForm.terminal(isUTF8: true, columns: columns)
      let place = try #require(EventText.heading(as: form).firstRange(of: "WHAT HAPPENED"))
      let heading = EventText.heading(as: form)
      let line = EventText.line(event, as: form)
      let offset = heading.distance(from: heading.startIndex, to: place.lowerBound)
      #expect(line.dropFirst(offset).hasPrefix("closed"))
    }
  }

  @Test(
    "Numbers have at most three decimals",
    arguments: [(0.0, "0"), (1.5, "1.5"), (0.1 + 0.2, "0.3"), (2, "2"), (.nan, "0"), (1e300, "0")])
  func decimals(number: Double, text: String) {
    #expect(SessionText.decimal(number) == text)
  }
}
