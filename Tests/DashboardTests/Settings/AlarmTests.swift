import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Alarms and marks of console.conf")
struct AlarmTests {
  @Test("Several alarms and marks may stand in the file, with the sign or without")
  func several() throws {
    let settings = ConsoleSettings(
      """
      alarm = backlog>1MiB   # sessions
      alarm closes.1009/s>1
      alarm sessions>10000
      alarm = rtt>=200ms !tls
      mark = backlog>1MiB
      mark route=/ws/chat* idle>5m
      """)
    #expect(settings.problems.isEmpty)
    #expect(
      settings.alarms.map(\.text) == [
        "backlog>1MiB", "closes.1009/s>1", "sessions>10000", "rtt>=200ms !tls",
      ])
    #expect(
      settings.alarms.map(\.condition) == [
        .sessions(try SessionFilter("backlog>1MiB")),
        .engine(.closedWith(.messageTooBig), isOver: true, 1),
        .engine(.sessions, isOver: true, 10_000), .sessions(try SessionFilter("rtt>=200ms !tls")),
      ])
    #expect(settings.marks.count == 2)
  }

  @Test("Each number of the engine has a name and an example that are read back")
  func numbers() throws {
    for number in EngineNumber.all {
      #expect(EngineNumber(number.name) == number)
      let alarm = try Alarm(number.example)
      guard case .engine(number, isOver: true, let amount) = alarm.condition else {
        Issue.record("\(number.example)")
        continue
      }
      #expect(amount > 0)
    }
    #expect(EngineNumber("closes.70000/s") == nil)
    #expect(try Alarm("sessions<5").condition == .engine(.sessions, isOver: false, 5))
    #expect(try Alarm("refused/s>30/m").condition == .engine(.refused, isOver: true, 0.5))
    #expect(try Alarm("bytes.in/s>1KiB").condition == .engine(.bytesIn, isOver: true, 1024))
  }

  @Test(
    "What is wrong is said with its line and what would be right",
    arguments: [
      ("alarm =", "an alarm wants a condition, such as: alarm = backlog>1MiB"),
      ("alarm = sessions>many", "sessions wants an amount, such as: alarm = sessions>10000"),
      ("alarm = bytes.in/s>x", "bytes.in/s wants an amount, such as: alarm = bytes.in/s>1MiB"),
      ("alarm = code=1009", "code is of sessions that are closed, and an alarm looks at live ones"),
      ("mark =", "mark wants a filter, such as: mark = backlog>1MiB"),
    ])
  func wrong(line: String, text: String) {
    #expect(
      ConsoleSettings("theme = dark\n\(line)").problems == [SettingsProblem(line: 2, text: text)])
  }

  @Test("An unknown word is answered with the keys of sessions and the numbers of the engine")
  func unknown() throws {
    let problem = try #require(ConsoleSettings("alarm = closed/s>1").problems.first)
    #expect(problem.text.contains("no key is called") && problem.text.contains("closes.1009/s"))
    #expect(ConsoleSettings("mark = nonsense>1").problems.count == 1)
  }

  @Test("There are at most eight of each")
  func bounded() {
    for word in ["alarm", "mark"] {
      let settings = ConsoleSettings(
        (1...9).map { "\(word) = in.messages>\($0)" }.joined(separator: "\n"))
      #expect(
        settings.problems
          == [SettingsProblem(line: 9, text: "there are at most 8 \(word)s")])
      #expect(settings.alarms.count + settings.marks.count == 8)
    }
  }

  @Test("A session that matches a mark is highlighted in the table, and rates are asked for it")
  func marks() throws {
    var model = connected()
    model.setup.marks = ConsoleSettings("mark = backlog>500KiB").marks
    var canvas = Canvas(columns: 0, rows: 0)
    draw(model, into: &canvas)
    let lines = canvas.lines
    // The cursor's own row has the style of the selection.
    let (marked, other) = (
      try #require(lines.firstIndex { $0.contains(id(1).description) }),
      try #require(lines.firstIndex { $0.contains(id(2).description) })
    )
    #expect(canvas.styles(ofRow: marked).contains(.warning))
    #expect(!canvas.styles(ofRow: other).contains(.warning))
    #expect(model.watch.sessions?.wantsRates == false)
    model.setup.marks = ConsoleSettings("mark = in.bytes/s>1MiB room=lobby").marks
    #expect(model.watch.sessions?.wantsRates == true && model.watch.sessions?.wantsRooms == true)
  }
}

extension Canvas {
  /// The styles of the cells of a row that have text.
  fileprivate func styles(ofRow row: Int) -> Set<Style> {
    Set(cells(ofRow: row).filter { $0.text != " " }.map(\.style))
  }
}
