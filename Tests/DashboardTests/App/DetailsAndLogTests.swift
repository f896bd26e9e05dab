import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Details of a session")
struct DetailsTests {
  private func snapshot(_ number: Int?) -> Snapshot {
    var snapshot = picture()
    snapshot.sessions = nil
    if let number {
      snapshot.details = SessionDetails(
        engine: "run-1", row: row(number), query: "a=\u{1B}[2J", subprotocol: "chat.v2",
        headers: [
          SessionDetails.Header(name: "User-Agent", value: "evil\u{202E}txt"),
          SessionDetails.Header(name: "X\u{9B}", value: "日本"),
        ], rooms: ["lobby\u{7}"], limits: limits(), tlsVersion: "TLSv1.3",
        tlsResumed: true, serverName: "a\u{1B}.test", clientCertificate: "CN=\u{9B}jane",
        compression: SessionCompression(
          mode: .dedicated, parameters: "client_max_window_bits=12", ratioIn: 12.04, ratioOut: 0.96),
        listener: "0.0.0.0:8080", lastRoundTripMilliseconds: 3.2)
    }
    return snapshot
  }

  @Test("Enter asks for the details and shows every field, escaped")
  func shows() {
    var model = connected(columns: 100, rows: 70)
    guard case .watch(let watch)? = model.keys(.enter).first else {
      Issue.record("no watch")
      return
    }
    #expect(watch.details == id(0) && watch.sessions == nil)
    #expect(model.text.contains("loading…"))
    _ = update(&model, .snapshot(snapshot(0)))
    for text in [
      "/ws/chat/lobby-0", "/ws/chat/{room}", "a=\\u{1b}[2J", "10.0.3.0:50000", "0.0.0.0:8080",
      "chat.v2", "TLSv1.3, resumed", "a\\u{1b}.test", "CN=\\u{9b}jane", "12ms smoothed, 3.2ms last",
      "lobby\\u{7}", "evil\\u{202e}txt",
      "X\\u{9b}: 日本", "route:/ws/echo", "12 041", "Session s-1yg1  open",
      "permessage-deflate, dedicated, in 12.0:1, out 1.0:1", "client_max_window_bits=12",
    ] {
      #expect(model.text.contains(text), "\(text) is missing")
    }
  }

  @Test("Of a session beyond its rate it says that it is not read from")
  func throttled() {
    var model = connected(columns: 100, rows: 70)
    model.keys(.enter)
    var now = snapshot(0)
    _ = update(&model, .snapshot(now))
    #expect(!model.text.contains("over its rate"))
    now.details?.row.throttled = true
    _ = update(&model, .snapshot(now))
    #expect(model.text.contains("open, not read from: over its rate"))
  }

  @Test("It scrolls, within its text")
  func scrolls() {
    var model = connected()
    model.keys(.character("d"))
    _ = update(&model, .snapshot(snapshot(0)))
    let first = model.text
    model.keys(.end)
    #expect(model.text.contains("evil"))
    model.keys(.pageDown, .down)
    let last = model.text
    model.keys(.end)
    #expect(model.text == last)
    model.keys(.home, .up)
    #expect(model.text == first)
  }

  @Test("When the session closes, it says so and keeps what was known")
  func closes() {
    var model = connected()
    model.keys(.enter)
    _ = update(&model, .snapshot(snapshot(0)))
    _ = update(&model, .snapshot(snapshot(nil)))
    #expect(model.text.contains("CLOSED"))
    #expect(model.text.contains("/ws/chat/lobby-0"))
  }

  @Test("Pictures from before the request do not make a session unknown; later ones do")
  func unknown() {
    var model = connected()
    model.keys(.enter)
    _ = update(&model, .snapshot(snapshot(nil)))
    _ = update(&model, .snapshot(snapshot(5)))
    #expect(model.text.contains("loading…"))
    _ = update(&model, .snapshot(snapshot(nil)))
    #expect(model.text.contains("the engine knows no such session"))
  }

  @Test("Acts are for the session that is shown, whatever is marked")
  func acts() {
    var model = connected()
    model.keys(.character(" "), .enter, .character("X"))
    guard case .close(let form)? = model.dialog else {
      Issue.record("no dialog")
      return
    }
    #expect(form.plan.subjects == .sessions([id(1)]))
    model.keys(.escape, .escape)
    #expect(model.pages.isEmpty && model.watch.details == nil)
  }
}

@Suite("Log")
struct LogTests {
  private func snapshot(_ numbers: ClosedRange<Int>) -> Snapshot {
    var snapshot = picture()
    snapshot.events = numbers.map {
      EngineEvent(
        sequence: $0, at: now + Double($0), kind: .act, message: "event-\($0)\u{1B}[31m",
        actor: "uid 1000", command: "wstop close s-\($0)\u{7}")
    }
    return snapshot
  }

  @Test("The log of another run of the engine begins with its first event")
  func logOfAnotherRun() {
    var model = connected()
    model.keys(.character("6"))
    var snapshot = picture()
    snapshot.events = [
      EngineEvent(sequence: 500, at: now, kind: .limit, message: "from before")
    ]
    _ = update(&model, .snapshot(snapshot))
    _ = update(&model, .connectionLost(reason: "gone"))
    _ = update(&model, .connected)
    var next = picture(run: "run-2")
    next.events = [
      EngineEvent(sequence: 501, at: now, kind: .limit, message: "the middle")
    ]
    let effects = update(&model, .snapshot(next))
    let asked = effects.compactMap { effect -> Int? in
      if case .watch(let watch) = effect { watch.eventsAfter } else { nil }
    }
    #expect(asked == [0])
    next.events = [
      EngineEvent(sequence: 1, at: now, kind: .limit, message: "the new run")
    ]
    _ = update(&model, .snapshot(next))
    #expect(model.text.contains("the new run") && !model.text.contains("from before"))
  }

  @Test("Events are shown once, escaped, with actor and command, and followed at the end")
  func shows() {
    var model = connected()
    model.keys(.character("6"))
    _ = update(&model, .snapshot(snapshot(1...3)))
    #expect(update(&model, .snapshot(snapshot(2...40))) == [])
    #expect(model.picture.events.map(\.sequence) == Array(1...40))
    #expect(model.text.contains("event-40\\u{1b}[31m  by uid 1000"))
    #expect(model.text.contains("$ wstop close s-40\\u{7}"))
    model.keys(.home)
    _ = update(&model, .snapshot(snapshot(41...50)))
    #expect(model.text.contains("event-1\\u{1b}"))
  }

  @Test("Coming back, only newer ones are asked for; old ones are dropped at a limit")
  func keeps() {
    var model = connected()
    model.keys(.character("6"))
    _ = update(&model, .snapshot(snapshot(1...1500)))
    #expect(model.picture.events.count == Picture.maximumEventCount)
    model.keys(.character("1"))
    guard case .watch(let watch)? = model.keys(.character("6")).first else {
      Issue.record("no watch")
      return
    }
    #expect(watch.eventsAfter == 1500)
  }
}

@Suite("Close rates")
struct CloseRatesTests {
  @Test("Rates come from the totals of the last ten seconds")
  func rates() {
    var rates = CloseRates()
    #expect(rates.perSecond(of: .normalClosure) == nil)
    for second in 0...30 {
      rates.add(
        [
          CloseCount(code: .normalClosure, by: .peer, count: second * 12),
          CloseCount(code: .goingAway, by: .handler, count: second < 25 ? 0 : 10),
        ], at: now + Double(second))
    }
    #expect(rates.perSecond(of: .normalClosure) == 12)
    #expect(rates.perSecond(without: [.normalClosure]) == 1)
    rates.add([], at: now)
    #expect(rates.perSecond(of: .normalClosure) == nil)
  }

  @Test("Pictures faster than twice a second do not shorten the time that is looked at")
  func fast() {
    var rates = CloseRates()
    for tenth in 0...300 {
      rates.add(
        [CloseCount(code: .normalClosure, by: .peer, count: tenth)], at: now + Double(tenth) / 10)
    }
    let rate = rates.perSecond(of: .normalClosure) ?? 0
    #expect(abs(rate - 10) < 0.01)
  }
}
