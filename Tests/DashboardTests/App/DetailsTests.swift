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
      snapshot.details?.row.droppedMessages = 8765
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
      "dropped     8 765",
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
