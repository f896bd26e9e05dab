import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Pictures of the screens")
struct PictureTests {
  private func expect(
    _ model: Model, _ picture: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let expected = picture.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (row, pair) in zip(model.lines, expected).enumerated() where pair.0 != pair.1 {
      Issue.record("row \(row) is\n\(pair.0)\nand not\n\(pair.1)", sourceLocation: location)
    }
  }

  @Test("Sessions at 80×24")
  func wideEnough() {
    let model = connected()
    expect(
      model,
      #"""
       wstop prod-1  up 3d 04:12              sessions 10 431 (max 100 000, by limit)
       in  12.4k msg/s   3.1 MiB/s  ▆▇▇▇██▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██         opened 182 004
       out 48.0k msg/s  12.9 MiB/s  ▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███         closed 171 573
       sizes in  p50 215 B  p99 8.5 KiB  max 1.0 MiB  limit 1.0 MiB
       closes  1000 171k –/s  1006 500 –/s  1009 73 –/s
       [1 Sessions] 2 Traffic 3 Closes 4 Limits 5 Rooms 6 Log 7 History 0 Overview
          ID▲       PATH              ADDRESS           IDLE  MSG IN  MSG OUT  BACKLOG
      ▸   s-1yg1    /ws/chat/lobby-0  10.0.3.0:50000    0.2s  12 041   48 233        0
          s-1yj1    /ws/chat/lobby-1  10.0.3.1:50001    0.2s  12 042   48 233  812 KiB
          s-1ym1    /ws/chat/lobby-2  10.0.3.2:50002    0.2s  12 043   48 233        0
          s-1yp1    /ws/chat/lobby-3  10.0.3.3:50003    0.2s  12 044   48 233        0
          s-1yr1    /ws/chat/lobby-4  10.0.3.4:50004    0.2s  12 045   48 233        0
          s-1yt1    /ws/chat/lobby-5  10.0.3.5:50005    0.2s  12 046   48 233        0
          s-1yw1    /ws/chat/lobby-6  10.0.3.6:50006    0.2s  12 047   48 233        0
          s-1yy1    /ws/chat/lobby-7  10.0.3.7:50007    0.2s  12 048   48 233        0
          s-1z01    /ws/chat/lobby-8  10.0.3.8:50008    0.2s  12 049   48 233        0
          s-1z21    /ws/chat/lobby-9  10.0.3.9:50009    0.2s  12 050   48 233        0
          s-1z41    /ws/chat/lobby-10 10.0.3.10:50010   0.2s  12 051   48 233        0
          s-1z61    /ws/chat/lobby-11 10.0.3.11:50011   0.2s  12 052   48 233        0
          s-1z81    /ws/chat/lobby-12 10.0.3.12:50012   0.2s  12 053   48 233        0
          s-1za1    /ws/chat/lobby-13 10.0.3.13:50013   0.2s  12 054   48 233        0
          s-1zc1    /ws/chat/lobby-14 10.0.3.14:50014   0.2s  12 055   48 233        0
          s-1ze1    /ws/chat/lobby-15 10.0.3.15:50015   0.2s  12 056   48 233        0
       Enter details  m send  X close  t tap  / filter  ? help  q quit    1–16 of 100
      """#)
  }

  @Test("Sessions at 40×10")
  func small() {
    let model = connected(columns: 40, rows: 10)
    expect(
      model,
      #"""
       wstop prod-1           sessions 10 431
       [1 Sessions] 2  3  4  5  6  7  0
          ID▲       PATH
      ▸   s-1yg1    /ws/chat/lobby-0
          s-1yj1    /ws/chat/lobby-1
          s-1ym1    /ws/chat/lobby-2
          s-1yp1    /ws/chat/lobby-3
          s-1yr1    /ws/chat/lobby-4
          s-1yt1    /ws/chat/lobby-5
       Enter details  m send  X close  t tap
      """#)
  }

  @Test("Sessions at 20×5")
  func tiny() {
    let model = connected(columns: 20, rows: 5)
    expect(
      model,
      #"""
       wstop prod-1
          ID▲    PATH
      ▸   s-1yg1 /ws/chat…
          s-1yj1 /ws/chat…
       Enter details
      """#)
  }

  @Test("Sessions in ASCII")
  func ascii() {
    let model = connected(repertoire: .ascii)
    expect(
      model,
      #"""
       wstop prod-1  up 3d 04:12              sessions 10 431 (max 100 000, by limit)
       in  12.4k msg/s   3.1 MiB/s  *%%%##..:::--===+++**%%%##         opened 182 004
       out 48.0k msg/s  12.9 MiB/s  :::----====++++****%%%%###         closed 171 573
       sizes in  p50 215 B  p99 8.5 KiB  max 1.0 MiB  limit 1.0 MiB
       closes  1000 171k -/s  1006 500 -/s  1009 73 -/s
       [1 Sessions] 2 Traffic 3 Closes 4 Limits 5 Rooms 6 Log 7 History 0 Overview
          ID^       PATH              ADDRESS           IDLE  MSG IN  MSG OUT  BACKLOG
      >   s-1yg1    /ws/chat/lobby-0  10.0.3.0:50000    0.2s  12 041   48 233        0
          s-1yj1    /ws/chat/lobby-1  10.0.3.1:50001    0.2s  12 042   48 233  812 KiB
          s-1ym1    /ws/chat/lobby-2  10.0.3.2:50002    0.2s  12 043   48 233        0
          s-1yp1    /ws/chat/lobby-3  10.0.3.3:50003    0.2s  12 044   48 233        0
          s-1yr1    /ws/chat/lobby-4  10.0.3.4:50004    0.2s  12 045   48 233        0
      """#)
  }

  @Test("Closes at 80×24")
  func closes() {
    var model = connected()
    model.keys(.character("3"))
    expect(
      model,
      #"""
       wstop prod-1  up 3d 04:12              sessions 10 431 (max 100 000, by limit)
       in  12.4k msg/s   3.1 MiB/s  ▆▇▇▇██▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██         opened 182 004
       out 48.0k msg/s  12.9 MiB/s  ▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███         closed 171 573
       sizes in  p50 215 B  p99 8.5 KiB  max 1.0 MiB  limit 1.0 MiB
       closes  1000 171k –/s  1006 500 –/s  1009 73 –/s
        1  2 [3 Closes] 4  5  6  7  0                         counted since the start
       CODE  TOTAL   /S peer handler operator limit protocol timeout shutdown network
      ▸1000   171k    – 171k       ·        ·     ·        ·       ·        ·       ·
       1006    500    –    ·       ·        ·     ·        ·       ·        ·     500
       1009     73    –    ·       ·        ·    73        ·       ·        ·       ·
       all    172k    – 171k       ·        ·    73        ·       ·        ·     500



      """#)
  }

  @Test("A session beyond its rate is marked, others are not", arguments: [true, false])
  func throttled(_ isUnicode: Bool) {
    var now = picture()
    now.sessions?.sessions[1].throttled = true
    let model = connected(repertoire: isUnicode ? .unicode : .ascii, showing: now)
    let mark = isUnicode ? "‖" : "="
    #expect(model.text.contains("\n  \(mark) \(id(1)) "))
    #expect(!model.text.contains("\(mark) \(id(2)) "))
  }

  @Test("The close dialog, with the focus on No")
  func closeDialog() {
    var model = connected()
    model.keys(.character("X"), .enter, .character("h"), .character("i"), .enter)
    expect(
      model,
      #"""
       wstop prod-1  up 3d 04:12              sessions 10 431 (max 100 000, by limit)
       in  12.4k msg/s   3.1 MiB/s  ▆▇▇▇██▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██         opened 182 004
       out 48.0k msg/s  12.9 MiB/s  ▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███         closed 171 573
       sizes in  p50 215 B  p99 8.5 KiB  max 1.0 MiB  limit 1.0 MiB
       closes  1000 171k –/s  1006 500 –/s  1009 73 –/s
       [1 Sessions] 2 Traffic 3 Closes 4 Limits 5 Rooms 6 Log 7 History 0 Overview
          ID▲       PATH              ADDRESS           IDLE  MSG IN  MSG OUT  BACKLOG
      ▸   s-1yg1    /ws/chat/lobby-0  10.0.3.0:50000    0.2s  12 041   48 233        0
          ┌─ Close s-1yg1 ───────────────────────────────────────────────────────┐ KiB
          │ /ws/chat/lobby-0  10.0.3.0:50000                                     │   0
          │ code   1000                                           normal closure │   0
          │ reason hi                                                      2/123 │   0
          │                                                                      │   0
          │ $ wstop close s-1yg1 --code 1000 --reason hi                         │   0
          │ Close?   [No]   Yes, close                                           │   0
          └──────────────────────────────────────────────────────────────────────┘   0
          s-1z21    /ws/chat/lobby-9  10.0.3.9:50009    0.2s  12 050   48 233        0
          s-1z41    /ws/chat/lobby-10 10.0.3.10:50010   0.2s  12 051   48 233        0
      """#)
  }

  @Test("The send dialog, for bytes")
  func sendDialog() {
    var model = connected()
    model.keys(.character("m"), .backTab, .right)
    expect(
      model,
      #"""
       wstop prod-1  up 3d 04:12              sessions 10 431 (max 100 000, by limit)
       in  12.4k msg/s   3.1 MiB/s  ▆▇▇▇██▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██         opened 182 004
       out 48.0k msg/s  12.9 MiB/s  ▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███         closed 171 573
       sizes in  p50 215 B  p99 8.5 KiB  max 1.0 MiB  limit 1.0 MiB
       closes  1000 171k –/s  1006 500 –/s  1009 73 –/s
       [1 Sessions] 2 Traffic 3 Closes 4 Limits 5 Rooms 6 Log 7 History 0 Overview
          ID▲       PATH              ADDRESS           IDLE  MSG IN  MSG OUT  BACKLOG
      ▸   s-1yg1    /ws/chat/lobby-0  10.0.3.0:50000    0.2s  12 041   48 233        0
          ┌─ Send to s-1yg1 ─────────────────────────────────────────────────────┐ KiB
          │ /ws/chat/lobby-0  10.0.3.0:50000                                     │   0
          │ as     < binary, as hex >                                            │   0
          │ hex                                                          0 bytes │   0
          │                                                                      │   0
          │ $ wstop send s-1yg1 --hex ""                                         │   0
          │ Send?     Cancel    Send                                             │   0
          └──────────────────────────────────────────────────────────────────────┘   0
          s-1z21    /ws/chat/lobby-9  10.0.3.9:50009    0.2s  12 050   48 233        0
          s-1z41    /ws/chat/lobby-10 10.0.3.10:50010   0.2s  12 051   48 233        0
      """#)
  }

  @Test("The help")
  func help() throws {
    var model = connected()
    model.keys(.character("?"))
    let lines = model.lines
    #expect(try lines.at(5).hasPrefix(" [1 Sessions]"))
    #expect(try lines.at(6).hasPrefix(" Keys, those of Sessions first"))
    #expect(try lines.at(7) == " Enter d          show all that is known of the session")
    #expect(
      lines.contains(
        " / F4             show sessions that match, as route=/ws/chat* idle>5m !tls"))
    #expect(try lines.at(23) == " / search  q back")
  }
}
