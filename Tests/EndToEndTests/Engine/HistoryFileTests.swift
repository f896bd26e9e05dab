import Foundation
import TestSupport
import Testing

@Suite(
  "The history's file beside an engine that runs, and after one that was killed", .workspace,
  .limited, .timeLimit(.minutes(10)))
struct HistoryFileTests {
  @Test("A run that was killed is told at the next start, in the log and the history")
  func killed() async throws {
    let first = try await Engine.start()
    // Before that, nothing of the run is in the file.
    try await hasOpenHistory(first)
    let run = try #require(try await first.json("stats")["engine"]?["run"]?.string)
    first.process.signal(SIGKILL)
    try await first.process.waitForExit()
    let second = try await Engine.start()
    let sentence = "the engine's run \(run) before this one ended without a stop"
    try await until("the end of the run before is told") {
      try await second.wstop("history", "--kind", "problem").text.contains(sentence)
    }
    #expect(second.process.errors.contains(sentence))
    second.process.signal(SIGTERM)
    #expect(try await second.process.waitForExit() == 0)
    let third = try await Engine.start()
    try await hasOpenHistory(third)
    #expect(!third.process.errors.contains("ended without a stop"))
  }

  private func hasOpenHistory(_ engine: Engine) async throws {
    try await until("the history is open") {
      try await engine.json("stats")["history"]?["store"]?.string == "disk"
    }
  }

  @Test("Credentials are in no output of any command, and on one page for whoever asks for them")
  func secrets() async throws {
    let engine = try await Engine.start("--redact", "pin")
    let client = try await Client.connect(
      engine.url("/ws/echo?access_token=query-credential&pin=pin-credential&room=7"))
    let id = try await engine.id(of: client)
    let shown = try await engine.wstop("show", id).text
    #expect(shown.contains("access_token=‹redacted 16 B›&pin=‹redacted 14 B›&room=7"))
    let full = try await engine.wstop("show", id, "--show-secrets").text
    #expect(full.contains("access_token=query-credential&pin=pin-credential&room=7"))
    #expect(try await engine.wstop("events").text.contains("showed the secrets of session \(id)"))
    _ = try await client.close()
    try await until("the session is in the history") {
      try await engine.wstop("history", "--kind", "session", "--csv").text.contains(id)
    }
    let outcomes = [
      try await engine.wstop("sessions", "--all", "--json"),
      try await engine.wstop("show", id), try await engine.wstop("history", "--json"),
      try await engine.wstop("history", "--csv"), try await engine.wstop("events", "--json"),
    ]
    for outcome in outcomes { #expect(!outcome.text.contains("-credential"), "\(outcome)") }
    let file = try Data(
      contentsOf: URL(filePath: Workspace.current.path(".local/state/wstop/x.history")))
    #expect(file.range(of: Data("-credential".utf8)) == nil)
  }
}
