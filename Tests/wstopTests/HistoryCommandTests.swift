import ArgumentParser
import ControlProtocol
import Glibc
import Testing
import Vocabulary

@testable import wstop

@Suite("The command line of the history")
struct HistoryCommandTests {
  private let now = 1_764_000_000.0

  @Test(
    "Moments are spans ago, local dates and times, or seconds",
    arguments: [
      ("2h", 1_764_000_000 - 7200.0), ("1.5s", 1_763_999_998.5), ("30d", 1_761_408_000),
      ("1764000001", 1_764_000_001),
    ])
  func moments(text: String, seconds: Double) throws {
    #expect(try MomentArgument(text, now: now).seconds == seconds)
  }

  @Test("A local date is midnight here")
  func dates() throws {
    let day = try MomentArgument("2026-02-28", now: now).seconds
    let noon = try MomentArgument("2026-02-28T12:30:15", now: now).seconds
    #expect(noon - day == 45_015)
    #expect(try MomentArgument("2026-02-28 12:30", now: now).seconds == noon - 15)
  }

  @Test("A day is called by its name: today, yesterday, or the last such day of the week")
  func names() throws {
    func date(_ seconds: Double) -> tm {
      var time = time_t(seconds)
      var parts = tm()
      localtime_r(&time, &parts)
      return parts
    }
    let today = try MomentArgument("today", now: now).seconds
    #expect(today <= now && now - today < 25 * 3600)
    #expect(date(today).tm_hour == 0 && date(today).tm_mday == date(now).tm_mday)
    let yesterday = try MomentArgument("Yesterday", now: now).seconds
    #expect(date(yesterday).tm_mday == date(now - 86_400).tm_mday)
    #expect(try MomentArgument("yesterday 09:30", now: now).seconds == yesterday + 34_200)
    for (index, name) in ["sun", "mon", "tuesday", "wed", "thu", "friday", "Sat"].enumerated() {
      let day = try MomentArgument(name, now: now).seconds
      #expect(Int(date(day).tm_wday) == index)
      #expect(day <= now && now - day < 8 * 86_400)
      let late = try MomentArgument("\(name) 23:59:59", now: now).seconds
      #expect(late <= now && now - late < 8 * 86_400)
    }
    #expect(try MomentArgument("monday", now: now).seconds != today || date(now).tm_wday == 1)
  }

  @Test(
    "What is no moment is refused",
    arguments: [
      "", "yesterdays", "mo", "today 25:00", "2026-02-30", "2026-13-01", "2026-02-28T25:00", "5",
      "-2h", "2h ",
    ])
  func noMoments(text: String) {
    #expect(throws: ValidationError.self) { try MomentArgument(text, now: now) }
  }

  @Test("Flags are read, and what contradicts is refused")
  func flags() throws {
    let command = try #require(
      try WStop.parseAsRoot([
        "history", "--filter", "code=1009", "--since", "2h", "--kind", "act,limit", "--kind",
        "problem", "--csv",
      ]) as? HistoryCommand)
    #expect(command.filter.description == "code=1009" && command.csv && command.limit == nil)
    #expect(command.kind.flatMap(\.self) == [.act, .limit, .problem])
    for words in [
      ["--json", "--csv"], ["--kind", "x"], ["--limit", "-1"], ["--file", "f", "--name", "x"],
      ["--filter", "idle>5"],
    ] {
      #expect(throws: (any Error).self) { try WStop.parseAsRoot(["history"] + words) }
    }
  }

  @Test("Where the history lies, if nobody says")
  func paths() throws {
    func path(_ environment: [String: String], name: String? = "prod-1") throws -> String? {
      let path =
        try name.map {
          try ControlPath(name: $0, runtimeDirectory: "/run/x", userID: 1)
        } ?? ControlPath(socket: "/run/app/control.sock")
      return HistoryOptions.defaultPath(of: path) { environment[$0] }
    }
    #expect(try path(["HOME": "/home/a"]) == "/home/a/.local/state/wstop/prod-1.history")
    #expect(
      try path(["HOME": "/home/a", "XDG_STATE_HOME": "/s"]) == "/s/wstop/prod-1.history")
    #expect(
      try path(["STATE_DIRECTORY": "/var/lib/wstop:/x", "HOME": "/h"])
        == "/var/lib/wstop/prod-1.history")
    #expect(try path(["HOME": "relative"]) == nil)
    #expect(try path([:]) == nil)
    #expect(try path(["HOME": "/h"], name: nil) == "/run/app/control.history")
  }

  @Test("The engine in the background is given the same flags")
  func arguments() throws {
    let command = try #require(
      try WStop.parseAsRoot([
        "serve", "--history", "/x", "--history-days", "7", "--history-bytes", "64MiB",
      ]) as? ServeCommand)
    #expect(
      command.options.history.arguments
        == ["--history", "/x", "--history-days", "7", "--history-bytes", "64MiB"])
    for words in [["--history-days", "0"], ["--history-bytes", "1k"], ["--history", ""]] {
      #expect(throws: (any Error).self) { try WStop.parseAsRoot(["serve"] + words) }
    }
  }

  @Test("An entry has a value for each column, and none is a formula")
  func csv() {
    var row = OutputTests.row()
    row.userAgent = "=cmd"
    row.tags = ["=user:olga", "vip"]
    row.ending = SessionEnding(code: .messageTooBig, reason: "+1", by: .peer, at: now)
    let session = HistoryEntry(row, at: now, run: "r", query: "@x")
    let event = HistoryEntry(
      EngineEvent(sequence: 1, at: now, kind: .act, message: "-x", actor: "uid 0"), run: "r")
    let table = HistoryText.table([session, event])
    let lines = table.csv.split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == 28)
      #expect(fields.allSatisfy { !"=+-@".contains($0.first ?? "a") })
    }
    #expect(
      HistoryText.line(session).contains(
        "s-4k2  /ws/chat/lobby  10.0.3.7:51544  =user:olga vip  1009 by peer"))
    #expect(lines[1].contains("'=user:olga vip"), "\(lines[1])")
  }
}
