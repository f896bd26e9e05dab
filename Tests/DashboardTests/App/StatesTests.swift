import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("States of the connection and the engine")
struct StatesTests {
  @Test("Before the connection it says what it waits for")
  func connecting() {
    var model = unconnected()
    #expect(update(&model, .tick(now: now + 3)) == [])
    #expect(model.text.contains("connecting to /run/user/1000/wstop/default.sock"))
    #expect(model.text.contains("for 3s"))
    #expect(!model.text.contains("close"))
    #expect(model.keys(.character("q")) == [.quit])
  }

  @Test("A connection that never was says why")
  func neverConnected() {
    var model = unconnected()
    _ = update(&model, .connectionLost(reason: "no such \u{1B}[2J file"))
    #expect(model.text.contains("no such \\u{1b}[2J file"))
  }

  @Test("A lost connection keeps the last picture, says since when and why, and comes back")
  func lost() throws {
    var model = connected()
    _ = update(&model, .connectionLost(reason: "end of stream"))
    _ = update(&model, .tick(now: now + 5))
    _ = update(&model, .connectionLost(reason: "connection refused"))
    _ = update(&model, .tick(now: now + 12))
    #expect(try model.lines.at(0).contains("LOST 12s ago, reconnecting: connection refused"))
    #expect(model.text.contains("s-1yg1"))
    #expect(model.keys(.down, .down) == [])
    let effects = update(&model, .connected)
    #expect(effects.count == 1)
    #expect(try !model.lines.at(0).contains("LOST"))
  }

  @Test("Another run of the engine drops marks, cursor, details and dialogs of the old one")
  func anotherRun() {
    var model = connected()
    model.keys(.character(" "), .enter, .character("X"))
    _ = update(&model, .snapshot(picture(total: 5, run: "run-2")))
    #expect(model.table.marks.isEmpty)
    #expect(model.pages.isEmpty && model.dialog == nil)
    #expect(model.notice?.text.contains("started anew") == true)
    model.keys(.character("X"))
    guard case .request(_, .close(let request))? = model.keys(.enter, .tab, .character("y")).first
    else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.selection.engine == "run-2")
  }

  @Test("Another run of the engine is shown though the picture of the old one was paused")
  func anotherRunWhilePaused() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.character("Z"))
    #expect(model.text.contains("PAUSED"))
    _ = update(&model, .snapshot(picture(total: 5, run: "run-2")))
    #expect(!model.text.contains("PAUSED"))
    #expect(model.latest.sessionCount == 5)
    #expect(model.text.contains("s-1yg1"))
  }

  @Test("An engine of another version is told once, and shown all the same")
  func anotherVersion() {
    let model = connected(showing: picture(version: "0.9\u{1B}"))
    #expect(model.notice?.text.contains("engine 0.9\\u{1b}, console 1.0.0") == true)
    #expect(model.text.contains("s-1yg1"))
  }

  @Test("What an older engine does not send is shown as a dash")
  func missing() throws {
    var snapshot = picture(total: 1)
    snapshot.sessions?.sessions[0].roundTripMilliseconds = nil
    let model = connected(columns: 200, rows: 50, showing: snapshot)
    #expect(try model.lines.at(5).hasSuffix("–"))
  }

  @Test("No sessions: the listeners and one line to try")
  func noSessions() {
    let model = connected(showing: picture(total: 0))
    #expect(model.text.contains("no sessions yet"))
    #expect(model.text.contains("listening on 0.0.0.0:8080"))
    #expect(model.text.contains("python3 -m websockets ws://127.0.0.1:8080/ws/echo"))
  }

  @Test(
    "A command to try is made for each kind of listener",
    arguments: [
      ("[::]:8443 tls", "wss://[::1]:8443/ws/echo"), (":80", "ws://127.0.0.1:80/ws/echo"),
      ("10.0.0.1:80", "ws://10.0.0.1:80/ws/echo"),
    ])
  func tryCommands(listener: String, url: String) {
    var snapshot = picture(total: 0)
    snapshot.statistics.engine.listeners = ["unix:/x", listener]
    let model = connected(showing: snapshot)
    #expect(TryText.command(for: model.context)?.contains(url) == true)
  }

  @Test("With a Unix socket alone there is nothing to try")
  func unixOnly() {
    var snapshot = picture(total: 0)
    snapshot.statistics.engine.listeners = ["unix:/x"]
    #expect(TryText.command(for: connected(showing: snapshot).context) == nil)
  }

  @Test("q pops, and quits at the top; ^C and :q quit; Esc never does")
  func quitting() {
    var model = connected()
    #expect(!model.keys(.character("?"), .character("q")).contains(.quit))
    #expect(model.pages.isEmpty)
    #expect(model.keys(.character("q")) == [.quit])
    #expect(model.keys(.control("c")) == [.quit])
    model.keys(.character(":"))
    model.type("q")
    // What a line means is the parser's to say.
    #expect(model.keys(.enter).contains(.interpret("q", model.commandContext)))
    #expect(update(&model, .command(line: "q", .success(.quit))) == [.quit])
    for screen in Screen.allCases {
      model.screen = screen
      #expect(!model.keys(.escape, .escape).contains(.quit))
    }
  }

  @Test("Tab and digits show the screens; each asks for what it shows")
  func screens() {
    var model = connected()
    var seen: [Screen] = []
    for _ in Screen.allCases {
      model.keys(.tab)
      seen.append(model.screen)
    }
    #expect(seen == [.traffic, .closes, .limits, .rooms, .log, .history, .overview, .sessions])
    model.keys(.backTab, .backTab, .backTab)
    #expect(model.screen == .log && model.watch.eventsAfter == 0 && model.watch.sessions == nil)
    model.keys(.character("2"))
    #expect(model.screen == .traffic && model.watch.traffic != nil)
    #expect(model.keys(.control("l"), .control("z")) == [.redraw, .suspend])
  }
}
