import Foundation
import TestSupport
import Testing

@Suite("wstop manual", .workspace, .limited, .timeLimit(.minutes(15)))
struct ManualTests {
  private func terminal(
    _ words: String..., rows: Int = 24, environment: [String: String] = [:]
  ) async throws -> Terminal {
    try await Terminal.open(
      columns: 60, rows: rows, words: [Program.path, "manual"] + words, environment: environment)
  }

  @Test("Through a pipe it is plain text of 80 columns, without a pager")
  func pipe() async throws {
    let list = try await wstop("manual", environment: ["PAGER": "echo paged"])
    #expect(list.exitCode == 0 && list.errors.isEmpty)
    #expect(list.text.contains("\n  troubleshooting  "))
    let page = try await wstop("manual", "limits", environment: ["LC_ALL": "C.UTF-8"])
    #expect(page.text.hasPrefix("LIMITS\n"))
    #expect(page.text.contains("message-bytes"))
    #expect(Style.isHarmless(page.text))
    #expect(page.text.split(separator: "\n").allSatisfy { $0.hasPrefix("    ") || $0.count <= 80 })
    let unknown = try await wstop("manual", "limts")
    #expect(unknown.failed(64, "limts", "the nearest is limits"), "\(unknown)")
    let roff = try await wstop("manual", "--man")
    #expect(roff.text.contains(".SH \"LIMITS\"\n"))
    #expect(try await wstop("manual", "limits", "--man").failed(64, "--man"))
  }

  @Test("On a terminal the person's pager shows it, and a page that fits is shown at once")
  func pager() async throws {
    let paged = try await terminal("limits", environment: ["PAGER": "sed s/^/paged:/"])
    try await paged.wait(for: "paged:")
    #expect(try await paged.exitCode() == 0)
    let early = try await terminal("limits", environment: ["PAGER": "sed -n 1,3p"])
    try await early.wait(for: "LIMITS")
    #expect(try await early.exitCode() == 0)
    let short = try await terminal(
      "proxies", rows: 100, environment: ["PAGER": "sed s/^/paged:/"])
    let screen = try await short.wait(for: "BEHIND A PROXY")
    #expect(!screen.contains("paged:"))
    #expect(screen.lines.allSatisfy { $0.count <= 60 || $0.hasPrefix("    ") })
  }

  @Test("A pager that is not there leaves the text, and a dumb terminal has none")
  func noPager() async throws {
    let missing = try await terminal("limits", environment: ["PAGER": "no-such-pager"])
    #expect(try await missing.exitCode() == 0)
    // The terminal may show a program's last words after its end.
    try await until("the text is shown") { try await missing.history().contains("LIMITS") }
    let dumb = try await terminal("limits", environment: ["TERM": "dumb", "PAGER": "echo paged"])
    #expect(try await dumb.exitCode() == 0)
    #expect(try await dumb.history().contains("paged") == false)
  }

  @Test("Headings are bold on a terminal, and not with NO_COLOR or on a dumb one")
  func bold() async throws {
    for (environment, isBold) in [
      ([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false), (["NO_COLOR": ""], true),
    ] as [([String: String], Bool)] {
      let page = try await terminal("proxies", rows: 100, environment: environment)
      try await page.wait(for: "BEHIND A PROXY")
      #expect(try await page.exitCode() == 0)
      let text = try await page.styledScreen()
      #expect(text.contains("\u{1B}[1mBEHIND A PROXY") == isBold, "\(environment)")
    }
  }

  @Test("Every path that the manual names is one of the control API, and others are not found")
  func paths() async throws {
    let engine = try await Engine.start()
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/wstop/Manual/api.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let rows = text.matches(of: #/\n\| `(/[^`]+)` \| ([A-Z]+) \|/#).map {
      (path: String($0.output.1), method: String($0.output.2))
    }
    #expect(rows.count > 20)
    for row in rows where row.path != "/v1/stop" {
      let path = row.path.replacing("/acts/{id}", with: "/acts/1")
        .replacing("{id}", with: "s-4k2")
      let answer = try await answer(engine, row.method, path)
      // A session or an act that is not there is another 404.
      #expect(!answer.contains("no such path"), "\(row): \(answer)")
      #expect(!answer.contains("method-not-allowed"), "\(row): \(answer)")
    }
    let nothing = try await answer(engine, "GET", "/v1/nothing", seconds: 60)
    #expect(nothing.contains("no such path"))
    let wrong = try await answer(engine, "PUT", "/v1/stats", seconds: 60)
    #expect(wrong.contains("method-not-allowed"))
  }

  /// - Parameter seconds: how long the answer may take; that of a tap has no end.
  private func answer(
    _ engine: Engine, _ method: String, _ path: String, seconds: Int = 5
  ) async throws -> String {
    try await run(
      "/usr/bin/curl",
      [
        "-s", "-m", "\(seconds)", "-X", method, "--unix-socket",
        Workspace.current.controlSocket(engine.name), "http://wstop\(path)",
      ]
    ).text
  }
}
