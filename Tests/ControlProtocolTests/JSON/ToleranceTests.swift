import ControlProtocol
import Testing
import Vocabulary

@Suite("An engine and a console of different versions")
struct ToleranceTests {
  @Test("Values are read back as they were written")
  func roundTrip() throws {
    func check<Value: Codable & Equatable>(_ value: Value) throws {
      #expect(try ControlJSON.decode(Value.self, from: ControlJSON.encode(value)) == value)
      let ascii = ControlJSON.encodeASCII(value, isIndented: true)
      #expect(try ControlJSON.decode(Value.self, from: ascii) == value)
    }
    try check(Samples.row())
    try check(Samples.row { $0.userAgent = nil })
    try check(Samples.statistics())
    try check(SessionQuery(filter: "tls", sort: .bytesIn, offset: 3, limit: 10))
    try check(SessionQuery(sort: .bytesIn, isDescending: false))
    try check(
      WatchRequest(
        sessions: SessionQuery(), follow: SessionID(rawValue: 1), wantsLimits: true, eventsAfter: 7,
        historySeconds: 60, intervalMilliseconds: 100))
    var snapshot = Snapshot(sequence: 1, statistics: Samples.statistics())
    try check(snapshot)
    snapshot.sessions = SessionList(engine: "r", total: 1, offset: 0, sessions: [Samples.row()])
    snapshot.limits = [Self.limit]
    snapshot.events = [EngineEvent(sequence: 1, at: 2, kind: .act, message: "m")]
    snapshot.history = [RateSample()]
    snapshot.details = SessionDetails(engine: "r", row: Samples.row(), limits: [Self.limit])
    snapshot.filterError = ControlError(code: "c", message: "m", column: 1).error
    try check(snapshot)
  }

  static let limit = LimitRow(
    key: .messageBytes, value: "1MiB", defaultValue: "1MiB", source: .default,
    scope: .route("/ws/echo"))

  @Test("A row needs its first eight fields only, and ignores what it does not know")
  func row() throws {
    let json = """
      {"id":"s-4k2","route":"/ws","path":"/ws","address":"10.0.0.7","port":1,"state":"open",
      "openedAt":1.5,"idleSeconds":0,"bytesOut":7,"bytesIn":null,"colour":{"deep":["blue"]}}
      """
    var expected = SessionRow(
      id: SessionID(rawValue: 4706), route: "/ws", path: "/ws", address: "10.0.0.7", port: 1,
      state: .open, openedAt: 1.5, idleSeconds: 0)
    expected.bytesOut = 7
    #expect(try ControlJSON.decode(SessionRow.self, from: json.utf8) == expected)
  }

  @Test(
    "A row without one of its first eight fields is refused, naming it",
    arguments: [
      "id", "route", "path", "address", "port", "state", "openedAt", "idleSeconds",
    ])
  func requiredField(name: String) {
    let row = ControlJSON.encode(Samples.row())
    let text = String(decoding: row, as: UTF8.self)
    let renamed = text.replacing("\"\(name)\":", with: "\"x\":")
    #expect(throws: ControlError(code: "invalid-json", message: "\(name) is missing")) {
      try ControlJSON.decode(SessionRow.self, from: renamed.utf8)
    }
  }

  @Test("Statistics need the engine's identity and the time")
  func statistics() throws {
    let json = """
      {"engine":{"run":"r","name":"n","version":"9","processID":1,"startedAt":0},
      "now":2,"uptimeSeconds":2,"news":[1],"sessions":{"open":5,"ghosts":1},
      "closes":[{"code":1000,"by":"peer","count":1},{"code":1000,"by":"the cat","count":9}]}
      """
    let statistics = try ControlJSON.decode(EngineStatistics.self, from: json.utf8)
    #expect(statistics.sessions.open == 5)
    #expect(statistics.sessions.opened == 0)
    #expect(statistics.closes == [CloseCount(code: .normalClosure, by: .peer, count: 1)])
    #expect(statistics.engine.listeners == [])
    #expect(statistics.traffic == Traffic())
    #expect(statistics.sizesIn == SizeDistribution())
  }

  @Test("A snapshot drops the rows it cannot read, and keeps the others")
  func snapshot() throws {
    var snapshot = Snapshot(sequence: 1, statistics: Samples.statistics())
    snapshot.limits = [Self.limit, Self.limit]
    snapshot.events = [EngineEvent(sequence: 1, at: 2, kind: .problem, message: "m")]
    let text = String(decoding: ControlJSON.encode(snapshot), as: UTF8.self)
    #expect(!text.contains("null"))
    let newer =
      text
      .replacing("\"key\":\"message-bytes\"", with: "\"key\":\"quantum-bytes\"", maxReplacements: 1)
      .replacing("\"kind\":\"problem\"", with: "\"kind\":\"omen\"")
    let read = try ControlJSON.decode(Snapshot.self, from: newer.utf8)
    #expect(read.limits == [Self.limit])
    #expect(read.events == [])
    #expect(read.history == nil)
  }

  @Test("A watch and a query may say nothing at all")
  func requests() throws {
    #expect(try ControlJSON.decode(WatchRequest.self, from: "{}".utf8) == WatchRequest())
    #expect(try ControlJSON.decode(SessionQuery.self, from: "{}".utf8) == SessionQuery())
    #expect(
      try ControlJSON.decode(SessionQuery.self, from: #"{"sort":"age","new":1}"#.utf8)
        == SessionQuery(sort: .age, isDescending: true))
  }

  @Test("For a terminal everything but ASCII is escaped, and reads back the same")
  func ascii() throws {
    let row = Samples.row { $0.userAgent = "\u{1b}\u{7f}\u{9b}ü\u{202e}\u{1F600}\u{10FFFF}/\"" }
    for isIndented in [false, true] {
      let json = ControlJSON.encodeASCII(row, isIndented: isIndented)
      #expect(json.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A })
      #expect(json.contains(0x0A) == isIndented)
      #expect(try ControlJSON.decode(SessionRow.self, from: json) == row)
    }
    let text = String(decoding: ControlJSON.encodeASCII(row, isIndented: false), as: UTF8.self)
    #expect(text.contains(#"\u007f\u009b\u00fc\u202e\ud83d\ude00\udbff\udfff/\""#))
  }

  @Test(
    "What is no JSON for a value is an error that says where",
    arguments: [
      ("", "no JSON at column 1: a value is wanted"),
      ("{", "no JSON at column 2: a name in double quotes is wanted"),
      ("[]", "the body has the wrong type"),
      (#"{"sort":7}"#, "sort has the wrong type"), (#"{"offset":1.5}"#, nil),
      (#"{"sort":"colour"}"#, nil), ("\u{0}", "no JSON at column 1: a value is wanted"),
    ] as [(String, String?)] as [(String, String?)])
  func refused(json: String, message: String?) {
    let error = #expect(throws: ControlError.self) {
      try ControlJSON.decode(SessionQuery.self, from: json.utf8)
    }
    #expect(error?.error.code == "invalid-json")
    if let message { #expect(error?.error.message == message) }
  }

  @Test(
    "Numbers have at most four decimals and no exponent",
    arguments: [
      (0.1 + 0.2, "0.3"), (1e-7, "0"), (0.00012, "0.0001"),
      (1_764_000_000.123_456, "1764000000.1235"),
      (5, "5"), (.nan, "0"), (.infinity, "0"),
    ] as [(Double, String)])
  func numbers(number: Double, text: String) {
    let row = Samples.row {
      $0.openedAt = number
      $0.roundTripMilliseconds = number
    }
    let json = String(decoding: ControlJSON.encode(row), as: UTF8.self)
    #expect(json.contains("\"openedAt\":\(text),"))
    #expect(json.contains("\"roundTripMilliseconds\":\(text),"))
    var sample = RateSample()
    sample.messagesIn = number
    #expect(
      String(decoding: ControlJSON.encode(sample), as: UTF8.self).contains(
        "\"messagesIn\":\(text),"))
  }
}
