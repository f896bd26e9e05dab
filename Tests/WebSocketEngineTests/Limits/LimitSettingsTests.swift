import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Layers of limits")
struct LimitSettingsTests {
  private let session = SessionID(rawValue: 64)

  /// Which levels set message-bytes, and to what; the last column is in force and says where.
  @Test(
    "The most specific level wins, even if its value is larger",
    arguments: [
      // engine  route  session → value, level
      (nil, nil, nil, 1 << 20, "engine"),
      (50, nil, nil, 50, "engine"),
      (nil, 60, nil, 60, "route"),
      (50, 60, nil, 60, "route"),
      (50, 40, nil, 40, "route"),
      (nil, nil, 70, 70, "session"),
      (50, nil, 70, 70, "session"),
      (nil, 60, 70, 70, "session"),
      (50, 60, 70, 70, "session"),
      (50, 60, 10, 10, "session"),
    ] as [(Int?, Int?, Int?, Int, String)])
  func layers(engine: Int?, route: Int?, own: Int?, value: Int, level: String) throws {
    func change(_ amount: Int) -> LimitAssignments {
      LimitAssignments(set: [.messageBytes: .amount(amount)])
    }
    var settings = LimitSettings()
    var overrides = LimitOverrides()
    if let engine { try settings.apply(change(engine), origin: .flag) }
    if let route { try settings.apply(change(route), route: "/ws/echo", origin: .operator) }
    if let own { try overrides.apply(change(own), at: .session(session), origin: .handler) }

    #expect(
      settings.value(.messageBytes, route: "/ws/echo", overrides: overrides) == .amount(value))
    let row = settings.row(
      of: .messageBytes, route: "/ws/echo", session: (id: session, overrides: overrides))
    #expect(row.value == .amount(value))
    #expect(row.defaultValue == .amount(1 << 20))
    #expect(row.level.scopeName == level)
    let limits = SessionLimits(settings, route: "/ws/echo", overrides: overrides)
    #expect(limits.messageByteCount == value)
    #expect(
      settings.value(.messageBytes, route: "/ws/other") == .amount(engine ?? 1 << 20),
      "another route sees the engine's")
  }

  @Test("Off at a narrow level beats an amount at a wider one")
  func off() throws {
    var settings = LimitSettings()
    try settings.apply(LimitAssignments(set: [.idleTimeout: .amount(5000)]), origin: .flag)
    try settings.apply(LimitAssignments(set: [.idleTimeout: .off]), route: "/a", origin: .operator)
    #expect(SessionLimits(settings).idleTimeout == 5_000_000_000)
    #expect(SessionLimits(settings, route: "/a").idleTimeout == nil)
  }

  @Test("Unsetting at a level uncovers the wider one")
  func unset() throws {
    var settings = LimitSettings()
    try settings.apply(LimitAssignments(set: [.closeTimeout: .amount(700)]), origin: .environment)
    try settings.apply(
      LimitAssignments(set: [.closeTimeout: .amount(900)]), route: "/a", origin: .operator)
    #expect(settings.hasOverrides(forRoute: "/a"))
    try settings.apply(LimitAssignments(unset: [.closeTimeout]), route: "/a", origin: .operator)
    #expect(!settings.hasOverrides(forRoute: "/a"))
    #expect(settings.value(.closeTimeout, route: "/a") == .amount(700))
    try settings.apply(LimitAssignments(unset: [.closeTimeout]), origin: .operator)
    #expect(settings.row(of: .closeTimeout).origin == .default)
    #expect(settings == LimitSettings())
  }

  @Test("A key for the whole engine cannot be set for a route or a session")
  func scopes() {
    var settings = LimitSettings()
    var overrides = LimitOverrides()
    let change = LimitAssignments(set: [.sessions: .amount(5)])
    #expect(throws: LimitError.scopeNotPermitted(.sessions, scope: "route")) {
      try settings.apply(change, route: "/a", origin: .operator)
    }
    #expect(throws: LimitError.scopeNotPermitted(.sessions, scope: "session")) {
      try overrides.apply(change, at: .session(session), origin: .operator)
    }
    #expect(throws: LimitError.scopeNotPermitted(.headerBytes, scope: "route")) {
      try settings.apply(LimitAssignments(unset: [.headerBytes]), route: "/a", origin: .operator)
    }
  }

  @Test("A change with one bad value changes nothing")
  func allOrNothing() {
    var settings = LimitSettings()
    let change = LimitAssignments(set: [.messageBytes: .amount(10), .fragmentBytes: .amount(124)])
    #expect(throws: LimitError.invalidValue(.fragmentBytes, "124B")) {
      try settings.apply(change, origin: .operator)
    }
    #expect(settings == LimitSettings())
    #expect(throws: LimitError.scopeNotPermitted(.sessions, scope: "route")) {
      try settings.apply(
        LimitAssignments(set: [.messageBytes: .amount(10), .sessions: .amount(10)]), route: "/a",
        origin: .operator)
    }
    #expect(settings == LimitSettings())
  }

  @Test(
    "Values of the wrong kind are refused",
    arguments: [
      (.messageBytes, .off), (.messageBytes, .choice("close")), (.backlogPolicy, .amount(1)),
      (.backlogPolicy, .off), (.backlogPolicy, .choice("pause")), (.sessions, .amount(0)),
    ] as [(LimitKey, LimitValue)])
  func wrongKind(key: LimitKey, value: LimitValue) {
    var settings = LimitSettings()
    #expect(throws: LimitError.self) {
      try settings.apply(LimitAssignments(set: [key: value]), origin: .operator)
    }
  }

  @Test("A change is read from text, whole or not at all")
  func changesFromText() throws {
    let change = try LimitAssignments(
      set: ["message-bytes": "64KiB", "idle-timeout": "off"], unset: ["ping-interval"])
    #expect(change.set == [.messageBytes: .amount(65_536), .idleTimeout: .off])
    #expect(change.unset == [.pingInterval])
    #expect(throws: LimitError.unknownKey("message-byte")) {
      try LimitAssignments(set: ["message-byte": "1"], unset: [])
    }
    #expect(throws: LimitError.unknownKey("nothing")) {
      try LimitAssignments(set: [:], unset: ["nothing"])
    }
    #expect(throws: LimitError.invalidValue(.messageBytes, "0")) {
      try LimitAssignments(set: ["message-bytes": "0", "idle-timeout": "off"], unset: [])
    }
  }

  @Test("The list has a row for every key, then the routes' own")
  func rows() throws {
    var settings = try LimitSettings(environment: ["WSTOP_SESSIONS": "7"])
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(10), .idleTimeout: .amount(1000)]), route: "/b",
      origin: .operator)
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(20)]), route: "/a", origin: .handler)
    let rows = settings.rows()
    #expect(rows.prefix(LimitKey.allCases.count).map(\.key) == LimitKey.allCases)
    #expect(rows.first { $0.key == .sessions }?.origin == .environment)
    #expect(rows.first { $0.key == .sessions }?.value == .amount(7))
    #expect(rows.first { $0.key == .sessions }?.defaultValue == .amount(100_000))
    let own = rows.dropFirst(LimitKey.allCases.count)
    #expect(own.map(\.level) == [.route("/a"), .route("/b"), .route("/b")])
    #expect(own.map(\.key) == [.messageBytes, .messageBytes, .idleTimeout])
    #expect(own.map(\.origin) == [.handler, .operator, .operator])
  }

  @Test("A route's limits are not those of one with an equivalent pattern")
  func otherBytes() throws {
    var settings = LimitSettings()
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(10)]), route: "/\u{212A}", origin: .operator)
    #expect(settings.value(.messageBytes, route: "/\u{212A}") == .amount(10))
    #expect(settings.value(.messageBytes, route: "/K") == .amount(1 << 20))
    #expect(!settings.hasOverrides(forRoute: "/K"))
    #expect(settings.row(of: .messageBytes, route: "/K").level == .engine)
    #expect(LimitLevel.route("/K") != .route("/\u{212A}"))
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(20)]), route: "/K", origin: .operator)
    #expect(settings.rows().suffix(2).map(\.level) == [.route("/K"), .route("/\u{212A}")])
  }

  @Test("A session's rows say which level each value comes from")
  func sessionRows() throws {
    var settings = LimitSettings()
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(10)]), route: "/a", origin: .operator)
    var overrides = LimitOverrides()
    try overrides.apply(
      LimitAssignments(set: [.idleTimeout: .amount(1000)]), at: .session(session), origin: .handler)
    let rows = settings.rows(ofSession: session, route: "/a", overrides: overrides)
    #expect(!rows.contains { $0.key == .sessions })
    #expect(rows.first { $0.key == .messageBytes }?.level == .route("/a"))
    #expect(rows.first { $0.key == .idleTimeout }?.level == .session(session))
    #expect(rows.first { $0.key == .idleTimeout }?.origin == .handler)
    #expect(rows.first { $0.key == .closeTimeout }?.level == .engine)
  }
}
