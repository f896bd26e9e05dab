import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Pictures of the limits")
struct LimitPictureTests {
  /// Compares what stands below the tabs.
  private func expect(
    _ model: Model, _ picture: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let expected = picture.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (row, pair) in zip(model.lines.dropFirst(6), expected).enumerated() where pair.0 != pair.1 {
      Issue.record("row \(row + 6) is\n\(pair.0)\nand not\n\(pair.1)", sourceLocation: location)
    }
  }

  @Test("A scope that is cut gets the width that the terminal has left", arguments: [100, 140])
  func scope(columns: Int) {
    var shown = picture()
    let scope = LimitScope.route("/ws/rooms/{room}/members")
    shown.limits?.append(
      LimitRow(
        key: .messageBytes, value: "64KiB", defaultValue: "1MiB", source: .operator, scope: scope))
    var model = connected(columns: columns, rows: 40, showing: shown)
    model.keys(.character("4"))
    #expect(model.lines.contains { $0.contains("route:/ws/rooms/{room}/members operator") })
    #expect(model.lines.allSatisfy { DisplayWidth.of($0) <= columns })
  }

  @Test("Limits at 80×24")
  func limits() {
    var shown = picture()
    shown.limits?[3].value = "50"
    shown.limits?[3].source = .operator
    shown.limits?[3].revert = LimitRevert(at: now + 65, value: "100000")
    var model = connected(showing: shown)
    model.keys(.character("4"))
    expect(
      model,
      #"""
        LIMIT                 VALUE       DEFAULT   SCOPE                  SET BY
      ▸ message-bytes         1MiB        1MiB      engine                 default
        fragment-bytes        64KiB       64KiB     engine                 default
        compress-from-bytes   128B        128B      engine                 default
      ! sessions              50          100000    engine                 back 1m05s
        sessions-per-address  off         off       engine                 default
        handshakes-per-second off         off       engine                 default
        messages-per-second   off         off       engine                 default
        messages-burst        off         off       engine                 default
        bytes-per-second      off         off       engine                 default
        bytes-burst           off         off       engine                 default
        rate-policy           close       close     engine                 default
        backlog-bytes         4MiB        4MiB      engine                 default
        backlog-policy        close       close     engine                 default
      ────────────────────────────────────────────────────────────────────────────────
        message-bytes: largest message, in or out
        takes 1B to 1TiB; on breach: close 1009
       Enter change  u unset  a all/set  ? help  q quit                    1–13 of 25
      """#)
  }

  @Test("The dialog with what the change would do")
  func dialog() {
    var model = connected()
    model.keys(.character("4"), .enter)
    var forecast = LimitForecast(key: .messageBytes, old: "1MiB", new: "1MiB")
    forecast.recordedSeconds = 3600
    forecast.messagesIn = MessageForecast(atLeast: 5, atMost: 5, total: 1000)
    forecast.messagesOut = MessageForecast(atLeast: 5, atMost: 5, total: 1000)
    forecast.sessionsOver = 2
    let preview = LimitPreview(engine: "run-1", scope: .engine, forecasts: [forecast])
    _ = update(&model, .reply(tag: 1, .limitPreview(preview)))
    expect(
      model,
      #"""
        LI│ largest message, in or out                                           │
      ▸ me│ for      engine                                                      │
        fr│ value  1MiB                                               1B to 1TiB │
        co│ 1MiB → 1MiB                                                          │
        se│ last 1h00m: would have rejected 5 of 1 000 in, 5 of 1 000 out        │
        se│ 2 sessions have had a larger message                                 │
        ha│ over     keep until they breach it again                             │
        me│ revert                                   after, as 10m; empty: never │
        me│ holds for every open session before its next frame                   │
        by│                                                                      │
        by│ $ wstop limits set message-bytes=1MiB                                │
        ra│ Change?   No    Yes                                                  │
        ba└──────────────────────────────────────────────────────────────────────┘
        backlog-policy        close       close     engine                 default
      ────────────────────────────────────────────────────────────────────────────────
        message-bytes: largest message, in or out
        takes 1B to 1TiB; on breach: close 1009
       Enter go on  Tab next  Esc cancel
      """#)
  }
}
