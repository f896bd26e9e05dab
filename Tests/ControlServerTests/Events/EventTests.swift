import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("GET /v1/events", .limited, .timeLimit(.minutes(10)))
struct EventEndpointTests {
  @Test("The log begins with the engine's start, and has numbers without gaps")
  func log() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      for _ in 0..<5 { _ = try client.post("/v1/send", #"{"sessions":["s-2"],"ping":true}"#) }
      let reply = try client.get("/v1/events")
      #expect(reply.headers["Content-Type"] == "application/x-ndjson")
      let events = try engine.allEvents(client)
      #expect(events.map(\.sequence) == Array(1..<(events.count + 1)))
      #expect(try events.at(0).kind == .engine)
      #expect(try events.at(0).message.contains(engine.server.run))
      let acts = events.filter { !$0.isOfSlowness }.dropFirst()
      #expect(acts.map(\.message) == Array(repeating: "sent a ping to 0 of 1 session", count: 5))
      let later = try client.get("/v1/events?after=5").body
      let next = try #require(later.split(separator: UInt8(ascii: "\n")).first)
      #expect(try ControlJSON.decode(EngineEvent.self, from: next).sequence == 6)
      #expect(try client.get("/v1/events?after=100").body.isEmpty)
      #expect(try client.get("/v1/events?follow=yes").status == 400)
    }
  }

  @Test("A follower gets what was and what comes, until the connection ends")
  func follow() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let follower = try engine.client()
      try follower.send("GET", "/v1/events?follow=1")
      let head = try follower.head()
      #expect(head.status == .ok)
      #expect(head.headers["Content-Length"] == nil)
      #expect(head.headers["Connection"] == "close")
      #expect(try ControlJSON.decode(EngineEvent.self, from: follower.line()).sequence == 1)
      let client = try engine.client()
      var sequence = 1
      for value in 2...4 {
        _ = try client.request("PATCH", "/v1/limits", #"{"set":{"message-bytes":"\#(value)"}}"#)
        var event: EngineEvent
        repeat {
          event = try ControlJSON.decode(EngineEvent.self, from: follower.line())
          sequence += 1
          #expect(event.sequence == sequence)
        } while event.isOfSlowness
        #expect(event.kind == .limit)
      }
    }
  }
}

@Suite("The event log")
struct EventLogTests {
  @Test("It keeps the last 1000, and numbers go on")
  func capacity() {
    var log = EventLog()
    for index in 1...1500 {
      #expect(log.append(EventDraft(.act, "\(index)"), at: 0).event.sequence == index)
    }
    #expect(log.events(after: 0, for: .view).map(\.sequence) == Array(501...1500))
    #expect(log.events(after: 1490, for: .view).map(\.message) == (1491...1500).map(String.init))
    #expect(log.events(after: -5, for: .view).count == 1000)
    #expect(log.events(after: 1500, for: .view).isEmpty)
    #expect(log.events(after: .max, for: .view).isEmpty)
  }

  @Test("A command that has what was sent is told in full to whoever may act, and to nobody else")
  func fullCommands() {
    var log = EventLog()
    var draft = EventDraft(.act, "sent text", command: "wstop send s-1 --text ‹3 B›")
    draft.fullCommand = "wstop send s-1 --text abc"
    _ = log.append(draft, at: 0)
    _ = log.append(EventDraft(.act, "stopped", command: "wstop stop"), at: 1)
    #expect(
      log.events(after: 0, for: .view).map(\.command) == [
        "wstop send s-1 --text ‹3 B›", "wstop stop",
      ])
    #expect(
      log.events(after: 0, for: .operate).map(\.command) == [
        "wstop send s-1 --text abc", "wstop stop",
      ])
  }

  @Test("A condition that lasts is told once")
  func notices() {
    var filter = NoticeFilter()
    func events(at seconds: Int) -> Int {
      filter.events(
        for: [.slowHandler(route: "/a"), .slowHandler(route: "/a")],
        at: Instant(nanoseconds: Int64(seconds) * 1_000_000_000)
      ).count
    }
    #expect([0, 1, 20, 45].map(events(at:)) == [1, 0, 0, 0])
    #expect(filter.events(for: [], at: Instant(nanoseconds: 60_000_000_000)).isEmpty)
    #expect(events(at: 100) == 1)
  }

  @Test("That accepting goes on is told behind that it paused, each time")
  func accepting() {
    var filter = NoticeFilter()
    for second in 0..<3 {
      let events = filter.events(
        for: [.outOfDescriptors, .acceptingAgain(milliseconds: 3400)],
        at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
      #expect(
        events.map(\.message) == [
          "accepting pauses: no descriptor is left for new connections",
          "accepting goes on after 3.4s",
        ])
      #expect(events.map(\.kind) == [.problem, .engine])
    }
  }

  @Test("Upstreams that go down, come up or are drained are told with route, name and reason")
  func upstreams() {
    var filter = NoticeFilter()
    let name = "ws://10.0.0.1:9000"
    let events = filter.events(
      for: [
        .upstreamDown(route: "/app", name: name, reason: .refused, detail: "connect: refused"),
        .upstreamUp(route: "/app", name: name, downMilliseconds: 2500),
        .upstreamDown(route: "/app", name: name, reason: .unavailable, detail: ""),
        .upstreamDrained(route: "/app", name: name),
      ], at: Instant(nanoseconds: 0))
    #expect(
      events.map(\.message) == [
        "upstream ws://10.0.0.1:9000 of /app is down: it refuses connections (connect: refused)",
        "upstream ws://10.0.0.1:9000 of /app is up again after 2.5s",
        "upstream ws://10.0.0.1:9000 of /app is down: it answers 503",
        "upstream ws://10.0.0.1:9000 of /app is drained: it has no session left",
      ])
    #expect(events.map(\.kind) == [.problem, .engine, .problem, .engine])
  }
}

@Suite("The command lines of acts")
struct EventCommandsTests {
  private let sessions = [SessionID(rawValue: 64), SessionID(rawValue: 129)]

  private func commands(_ name: String = ControlPath.defaultName) throws -> EventCommands {
    EventCommands(try ControlPath(name: name, runtimeDirectory: "/run/user/1", userID: 1))
  }

  @Test(
    "Closing",
    arguments: [
      (nil, nil, "wstop close s-20 s-41"),
      (4001, "bye", "wstop close s-20 s-41 --code 4001 --reason bye"),
      (1000, "it's", #"wstop close s-20 s-41 --code 1000 --reason "it's""#),
      (nil, "$(reboot) `x` \\ \"", #"wstop close s-20 s-41 --reason '$(reboot) `x` \ "'"#),
      (nil, "a\nb\u{1B}[2J", #"wstop close s-20 s-41 --reason $'a\nb\x1b[2J'"#),
      (nil, "'\u{301}", #"wstop close s-20 s-41 --reason $'\'\xcc\x81'"#),
    ] as [(UInt16?, String?, String)])
  func close(code: UInt16?, reason: String?, line: String) throws {
    let request = CloseRequest(
      sessions: sessions, code: code.map(CloseCode.init(rawValue:)), reason: reason)
    #expect(try commands().line(.close(request)) == line)
  }

  @Test("Sending")
  func send() throws {
    let commands = try commands("prod-1")
    let begin = "wstop send --name prod-1 s-20 s-41"
    #expect(
      commands.line(.send(SendRequest(sessions: sessions, text: "-x"))) == begin + " --text=-x")
    #expect(
      commands.line(.send(SendRequest(sessions: sessions, text: ""))) == begin + " --text \"\"")
    #expect(commands.line(.send(SendRequest(sessions: sessions, ping: true))) == begin + " --ping")
    #expect(
      commands.line(.send(SendRequest(sessions: sessions, binary: "AP8=")))
        == begin + " --hex 00ff")
    // No shell can say this, and nobody wants to read that.
    #expect(commands.line(.send(SendRequest(sessions: sessions, text: "\0"))) == nil)
    let long = String(repeating: "x", count: 5000)
    #expect(commands.line(.send(SendRequest(sessions: sessions, text: long))) == nil)
    #expect(commands.line(.send(SendRequest(sessions: sessions, binary: long))) == nil)
  }

  @Test("Setting and unsetting limits")
  func change() throws {
    #expect(
      try commands().line(
        .changeLimits(
          LimitChange(
            scope: .route("/ws/{a b}"), set: ["message-bytes": "1KiB"], unset: ["sessions"])))
        == "wstop limits set message-bytes=1KiB --route \"/ws/{a b}\" && "
        + "wstop limits unset sessions --route \"/ws/{a b}\"")
    #expect(
      try commands().line(
        .changeLimits(LimitChange(scope: .session(sessions[0]), unset: ["idle-timeout"])))
        == "wstop limits unset idle-timeout --session s-20")
    let path = try ControlPath(socket: "/tmp/my engine.sock")
    #expect(EventCommands(path).line(.stop) == "wstop stop --control \"/tmp/my engine.sock\"")
  }
}
