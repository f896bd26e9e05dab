import Foundation
import TestSupport
import Testing

@Suite("wstop demo", .workspace, .limited, .timeLimit(.minutes(15)))
struct DemoTests {
  @Test("It shows dozens of sessions with closes of many kinds, and q ends everything")
  func demo() async throws {
    let terminal = try await Terminal.open(
      columns: 120, rows: 50, words: [Program.path, "demo"])
    try await terminal.wait("dozens of sessions") { $0.sessionLines.count >= 24 }
    try await terminal.wait("closes with 1000") { $0.matches(#/closes .*1000 +[1-9]/#) }
    try await terminal.press("3")
    try await terminal.wait("closes with 1009") { $0.matches(#/1009 .*[1-9]/#) }
    try await terminal.press("1")
    let screen = try await terminal.wait("the listener") {
      $0.lines.first?.contains(#/127\.0\.0\.1:[0-9]+/#) == true
    }
    let listener = try #require(
      screen.lines.first?.firstMatch(of: #/127\.0\.0\.1:([0-9]+)/#)?.1)
    let page = try await run("/usr/bin/curl", ["-s", "http://127.0.0.1:\(listener)/ws/echo"])
    #expect(page.exitCode == 0)
    try await terminal.press("q")
    try await terminal.wait(for: "End the demo?")
    try await terminal.press("y")
    #expect(try await terminal.exitCode() == 0)
    #expect(Workspace.current.processes(running: Program.path).isEmpty)
    let refused = try await run("/usr/bin/curl", ["-s", "http://127.0.0.1:\(listener)/ws/echo"])
    #expect(refused.exitCode == 7)
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Workspace.current.path("wstop"))
    #expect(files.isEmpty)
  }

  @Test("A signal ends all of it too")
  func signal() async throws {
    let terminal = try await Terminal.open(words: [Program.path, "demo"])
    try await terminal.wait("sessions") { $0.sessionLines.count > 5 }
    let process = try await eventually("the console") {
      Workspace.current.processes(running: Program.path).first { id in
        FileManager.default.contents(atPath: "/proc/\(id)/cmdline")?
          .range(of: Data("demo\0".utf8)) != nil
          && FileManager.default.contents(atPath: "/proc/\(id)/cmdline")?
            .range(of: Data("serve\0".utf8)) == nil
      }
    }
    kill(process, SIGTERM)
    #expect(try await terminal.exitCode() == 128 + 15)
    try await until("nothing of it is left") {
      Workspace.current.processes(running: Program.path).isEmpty
    }
  }
}
