import ArgumentParser
import ControlProtocol
import Testing
import Vocabulary

@testable import wstop

@Suite("Requests as command lines, and back")
struct RequestCommandTests {
  private static let ids = [SessionID(rawValue: 64), SessionID(rawValue: 129)]

  /// Every kind of request.
  ///
  /// The compiler asks for a new one here: `samples(of:)` has no default.
  private enum Kind: CaseIterable {
    case statistics, sessions, session, sessionSecrets, groups, close, send, traffic, acts, act
    case upstreams, drainUpstream, resumeUpstream
    case abort, limits, changeLimits, keepLimits, reload, closes, history, stop

    init(_ request: ControlRequest) {
      switch request {
      case .statistics: self = .statistics
      case .sessions: self = .sessions
      case .session: self = .session
      case .sessionSecrets: self = .sessionSecrets
      case .groups: self = .groups
      case .upstreams: self = .upstreams
      case .drainUpstream: self = .drainUpstream
      case .resumeUpstream: self = .resumeUpstream
      case .close: self = .close
      case .send: self = .send
      case .traffic: self = .traffic
      case .acts: self = .acts
      case .act: self = .act
      case .abort: self = .abort
      case .limits: self = .limits
      case .changeLimits: self = .changeLimits
      case .keepLimits: self = .keepLimits
      case .reload: self = .reload
      case .closes: self = .closes
      case .history: self = .history
      case .stop: self = .stop
      }
    }
  }

  /// Texts that a shell or a parser could take for something else.
  static let awkward = [
    "plain", "two words", "", "it's", "\"q\"", "$(x) `y` $z", "!x", "a\\b", "-x", "--ping", "--",
    "a\nb\t\r", "\u{1B}[2J", "'\u{301}", "`\u{301}x`\u{301}", "日本 é", "#x", "~", "*", "a;b|c&d",
  ]

  private static var closes: [ControlRequest] {
    [
      .close(CloseRequest(sessions: ids)),
      .close(CloseRequest(sessions: [ids[0]], code: .goingAway, reason: "good bye")),
      .close(CloseRequest(ActSelection(sessions: ids, rate: 0.5, jitter: 0.2, wait: false))),
      .close(CloseRequest(ActSelection(filter: "route=/ws/chat*", rate: 50, wait: false))),
      .close(CloseRequest(ActSelection(filter: "tls", dryRun: true))),
    ]
      + awkward.filter { !$0.isEmpty }.map { text in
        .close(CloseRequest(sessions: ids, code: CloseCode(rawValue: 4001), reason: text))
      }
  }

  private static var sends: [ControlRequest] {
    [
      .send(SendRequest(sessions: ids, ping: true)),
      .send(SendRequest(sessions: ids, binary: "")),
      .send(SendRequest(sessions: ids, binary: ControlJSON.base64(0...255))),
      .send(SendRequest(ActSelection(filter: "idle>5m !tls", wait: false), text: "x")),
      .send(SendRequest(ActSelection(sessions: ids, dryRun: true), binary: "AP8=")),
    ] + awkward.map { .send(SendRequest(sessions: ids, text: $0)) }
  }

  private static var limits: [ControlRequest] {
    [
      .limits,
      .changeLimits(LimitChange(set: ["message-bytes": "64KiB", "idle-timeout": "5m"])),
      .changeLimits(LimitChange(scope: .route("/ws/{a b}"), unset: ["message-bytes"])),
      .changeLimits(LimitChange(scope: .route("-x"), set: ["message-bytes": "1KiB"])),
      .changeLimits(LimitChange(scope: .session(ids[0]), set: ["message-bytes": "1KiB"])),
      .changeLimits(
        LimitChange(
          set: ["sessions": "2"], over: .close, order: .idlest, revertAfter: "10m")),
      .changeLimits(LimitChange(set: ["sessions": "2"], dryRun: true, over: .keep)),
      .keepLimits(LimitKeep()),
      .keepLimits(LimitKeep(keys: ["message-bytes", "sessions"])),
      .keepLimits(LimitKeep(scope: .route("/ws/echo"))),
      .keepLimits(LimitKeep(scope: .session(ids[0]), keys: ["message-bytes"])),
    ]
  }

  private static var looks: [ControlRequest] {
    var rates = SessionQuery(sort: .byteRateIn, limit: 5)
    rates.wantsRates = true
    var rooms = SessionQuery(filter: "state=open", show: .all)
    rooms.wantsRooms = true
    var queries = SessionQuery()
    (queries.wantsRooms, queries.wantsQuery) = (true, true)
    return [
      .statistics, .session(ids[0]), .sessionSecrets(ids[1]), .acts, .abort(7, AbortRequest()),
      .reload, .closes, .stop,
      .sessions(SessionQuery()), .sessions(SessionQuery(isDescending: true)),
      .sessions(SessionQuery(filter: "ua=\"a b\"", sort: .path, show: .closed)),
      .sessions(SessionQuery(sort: .path, isDescending: true, limit: 0)),
      .sessions(SessionQuery(sort: .age, isDescending: false)),
      .sessions(rates), .sessions(rooms), .sessions(queries),
      .groups(GroupQuery(.rooms, isDescending: false)),
      .groups(GroupQuery(.rooms)), .groups(GroupQuery(.routes, name: "-a*b ", limit: 3)),
      .groups(GroupQuery(.rooms, sort: .name)),
      .groups(GroupQuery(.rooms, sort: .name, isDescending: true)),
      .groups(GroupQuery(.routes, sort: .bytesOut)),
      .upstreams, .drainUpstream(UpstreamSelection(name: "ws://10.0.0.1:9000/a b")),
      .drainUpstream(UpstreamSelection(name: "unix:/run/a.sock", route: "/ws/{a b}")),
      .resumeUpstream(UpstreamSelection(name: "-it's", route: "/app/*")),
      .traffic(TrafficQuery()), .traffic(TrafficQuery(window: .day, route: "/ws/{a b}")),
      .history(HistoryQuery()),
      .history(
        HistoryQuery(
          filter: "code=1009", kinds: [.session], since: 1_764_000_000, until: 1_764_000_060,
          limit: 500)),
      .history(HistoryQuery(kinds: [.act, .limit])),
    ]
  }

  /// The request that the program's own parser reads from a line.
  private func request(of line: String) throws -> ControlRequest {
    let words = CommandWords(line).texts
    try #require(words.first == "wstop")
    let parsed = try WStop.parseAsRoot(Array(words.dropFirst()))
    let command = try #require(parsed as? any RequestCommand, "\(line)")
    return try command.request()
  }

  @Test(
    "A line that does what a request does is read back as that request",
    arguments: closes + sends + limits + looks)
  func roundTrip(request: ControlRequest) throws {
    #expect(request.shellCommands.count == 1)
    for asciiOnly in [false, true] {
      let line = try #require(request.shellCommands.line(asciiOnly: asciiOnly))
      #expect(try self.request(of: line) == request, "\(line)")
    }
  }

  @Test("There is a sample of every kind of request but one, which no command asks for")
  func completeness() {
    let kinds = Set((Self.closes + Self.sends + Self.limits + Self.looks).map(Kind.init))
    #expect(Set(Kind.allCases).subtracting(kinds) == [.act])
    #expect(ControlRequest.act(7).shellCommands.isEmpty)
  }

  @Test("A change that sets and unsets limits is two commands, of which each does its part")
  func twoCommands() throws {
    let change = LimitChange(
      scope: .route("/ws/echo"), set: ["idle-timeout": "5m"], unset: ["message-bytes"],
      revertAfter: "10m")
    let lines = ControlRequest.changeLimits(change).shellCommands.compactMap { [$0].line() }
    var (setting, ending) = (change, change)
    setting.unset = nil
    ending.set = nil
    #expect(try lines.map(request(of:)) == [.changeLimits(setting), .changeLimits(ending)])
    #expect(
      ControlRequest.changeLimits(change).shellCommands.line()
        == lines.joined(separator: " && "))
  }

  @Test(
    "What no command can say has no line, rather than one that does something else",
    arguments: [
      .sessions(SessionQuery(offset: 5)), .groups(GroupQuery(.rooms, offset: 5)),
      .history(HistoryQuery(since: 0.5)),
      .history(HistoryQuery(cursor: HistoryCursor(at: 1, number: 1))),
      .keepLimits(LimitKeep(scope: .engine)), .send(SendRequest(sessions: ids, binary: "?")),
      .send(SendRequest(sessions: ids, text: "\0")),
      .send(SendRequest(ActSelection(sessions: ids, dryRun: true))),
    ] as [ControlRequest])
  func unsayable(request: ControlRequest) {
    #expect(request.shellCommands.line() == nil)
  }

  @Test(
    "A tap is read back too",
    arguments: [
      TapRequest(.session(ids[0])), TapRequest(.filter("")), TapRequest(.filter("path~chat")),
      TapRequest(
        .session(ids[0]),
        options: TapOptions(
          direction: .in, kinds: [.text, .close], minimumBytes: 0, maximumBytes: 65_537,
          text: "-it's"),
        messagesPerSecond: 5),
    ])
  func tap(request: TapRequest) throws {
    let line = try #require([request.shellCommand].line())
    let words = CommandWords(line).texts.dropFirst()
    let command = try #require(try WStop.parseAsRoot(Array(words)) as? TapCommand)
    #expect(command.request == request)
  }

  @Test("The words that choose the engine stand behind the verbs")
  func attaching() {
    #expect(
      ControlRequest.limits.shellCommands.line(attaching: ["--name", "my engine"])
        == "wstop limits show --name \"my engine\"")
  }
}
