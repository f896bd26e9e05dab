import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Limits resolved for the data path")
struct ResolvedLimitsTests {
  @Test("The defaults, in plain numbers")
  func defaults() {
    let limits = SessionLimits(LimitSettings())
    #expect(limits.messageByteCount == 1_048_576)
    #expect(limits.fragmentByteCount == 65_536)
    #expect(limits.backlogByteCount == 4_194_304)
    #expect(limits.backlogPolicy == .close)
    #expect(limits.idleTimeout == nil)
    #expect(limits.pingInterval == 30_000_000_000)
    #expect(limits.pongTimeout == 20_000_000_000)
    #expect(limits.closeTimeout == 5_000_000_000)
    #expect(limits.roomsPerSession == 64)
    #expect(limits.messageRate == nil && limits.byteRate == nil && limits.ratePolicy == .close)
    let engine = EngineLimits(LimitSettings())
    #expect(engine.sessionCount == 100_000)
    #expect(engine.sessionsPerAddress == nil && engine.handshakesPerSecond == nil)
    #expect(engine.bufferedByteCount == 268_435_456)
    #expect(engine.handshakeTimeout == 10_000_000_000)
    #expect(engine.headerByteCount == 16_384)
  }

  @Test("What is set is resolved")
  func resolved() throws {
    let settings = try LimitSettings(
      environment: [:],
      flags: [
        "backlog-policy=drop", "ping-interval=off", "pong-timeout=off", "rooms-per-session=0",
        "sessions-per-address=3", "handshake-timeout=100ms", "idle-timeout=7d",
      ])
    let limits = SessionLimits(settings)
    #expect(limits.backlogPolicy == .drop)
    #expect(limits.pingInterval == nil && limits.pongTimeout == nil)
    #expect(limits.roomsPerSession == 0)
    #expect(limits.idleTimeout == 604_800_000_000_000)
    #expect(EngineLimits(settings).sessionsPerAddress == 3)
    #expect(EngineLimits(settings).handshakeTimeout == 100_000_000)
  }

  @Test("A burst that is off is one second's worth; without a rate it is nothing")
  func rates() throws {
    let settings = try LimitSettings(
      environment: [:],
      flags: [
        "messages-per-second=10", "bytes-per-second=1KiB", "bytes-burst=1MiB", "rate-policy=pause",
        "handshakes-per-second=7",
      ])
    let limits = SessionLimits(settings)
    #expect(limits.messageRate == RateLimit(perSecond: 10, burst: 10))
    #expect(limits.byteRate == RateLimit(perSecond: 1024, burst: 1 << 20))
    #expect(limits.ratePolicy == .pause)
    #expect(EngineLimits(settings).handshakesPerSecond == 7)
    let burst = try LimitSettings(environment: [:], flags: ["messages-burst=5"])
    #expect(SessionLimits(burst).messageRate == nil)
  }

  @Test("Routes without settings share one object; one with settings has its own")
  func sharing() throws {
    var settings = LimitSettings()
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(10)]), route: "/b", origin: .operator)
    let inForce = ResolvedLimits(settings, routes: ["/a", "/b", "/c"])
    #expect(inForce.limits(ofRoute: 0) === inForce.unrouted)
    #expect(inForce.limits(ofRoute: 2) === inForce.unrouted)
    #expect(inForce.limits(ofRoute: 1).messageByteCount == 10)
  }

  @Test("What is declared for a route holds for it while nobody sets the limit, wherever that is")
  func declared() throws {
    func inForce(_ settings: LimitSettings) -> [Int] {
      let limits = ResolvedLimits(settings, routes: ["/a", "/b"])
      return [0, 1].map { limits.limits(ofRoute: $0).messageByteCount }
    }
    var settings = try LimitSettings(
      environment: [:], routeSettings: ["/b": ["message-bytes=64KiB"]])
    #expect(inForce(settings) == [1 << 20, 64 << 10])
    #expect(settings.rows().last?.origin == .handler)
    #expect(settings.rows().last?.level == .route("/b"))
    try settings.apply(LimitAssignments(set: [.messageBytes: .amount(7)]), origin: .operator)
    #expect(inForce(settings) == [7, 7])
    #expect(settings.rows().allSatisfy { $0.level == .engine })
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(9)]), route: "/b", origin: .operator)
    #expect(inForce(settings) == [7, 9])
    try settings.apply(LimitAssignments(unset: [.messageBytes]), origin: .operator)
    try settings.apply(LimitAssignments(unset: [.messageBytes]), route: "/b", origin: .operator)
    #expect(inForce(settings) == [1 << 20, 64 << 10])
    for (environment, flags) in [
      ([:], ["message-bytes=2MiB"]), (["WSTOP_MESSAGE_BYTES": "2MiB"], []),
    ] as [([String: String], [String])] {
      let settings = try LimitSettings(
        environment: environment, flags: flags, routeSettings: ["/b": ["message-bytes=64KiB"]])
      #expect(inForce(settings) == [2 << 20, 2 << 20])
    }
    let error = #expect(throws: LimitStartError.self) {
      try LimitSettings(environment: [:], routeSettings: ["/b": ["sessions=5"]])
    }
    #expect(error?.description.hasPrefix("route /b: ") == true)
  }

  @Test("A session with overrides has an object to itself, made over its route's")
  func ownOverrides() throws {
    var settings = LimitSettings()
    try settings.apply(
      LimitAssignments(set: [.messageBytes: .amount(10)]), route: "/b", origin: .operator)
    let inForce = ResolvedLimits(settings, routes: ["/a", "/b"])
    var overrides = LimitOverrides()
    #expect(inForce.limits(ofRoute: 1, overrides: overrides) === inForce.limits(ofRoute: 1))
    try overrides.apply(
      LimitAssignments(set: [.roomsPerSession: .amount(1)]),
      at: .session(SessionID(rawValue: 1)), origin: .handler)
    let own = inForce.limits(ofRoute: 1, overrides: overrides)
    #expect(own.messageByteCount == 10 && own.roomsPerSession == 1)
  }
}
