import Foundation
import TestCertificates
import TestSupport
import Testing

@Suite("Errors that name the cause", .workspace, .limited, .timeLimit(.minutes(15)))
struct CauseTests {
  @Test("A misspelt command, and a name that no engine has, are answered with those that there are")
  func names() async throws {
    #expect(try await wstop("session").failed(64, "\"session\"", "the nearest is wstop sessions"))
    #expect(try await wstop("limits", "sett").failed(64, "the nearest is wstop limits set"))
    let none = try await wstop("stats", "--name", "nobody")
    #expect(none.failed(69, "no engine listens at", "none runs here"), "\(none)")
    let engine = try await Engine.start(name: "prod-1")
    let other = try await wstop("stats", "--name", "nobody")
    #expect(other.failed(69, "nobody.sock", "here runs --name prod-1"), "\(other)")
    #expect(try await engine.wstop("stop").exitCode == 0)
  }

  @Test("To unset what is not set says so, and is no event")
  func notSet() async throws {
    let engine = try await Engine.start()
    let outcome = try await engine.wstop("limits unset", "message-bytes")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.errors == "wstop: message-bytes is not set for engine: nothing to unset\n",
      "\(outcome)")
    #expect(try await engine.wstop("limits set", "sessions=50").exitCode == 0)
    let events = try await engine.wstop("events").text
    #expect(events.contains("sessions 100000") && !events.contains("message-bytes"))
  }

  @Test("A console, and load, at a port that speaks something else")
  func protocols() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let engine = try await Engine.start(
      "--listen", "tls:127.0.0.1:0", "--certificate", pair.certificate, "--private-key",
      pair.privateKey)
    try Workspace.current.write("0123456789abcdefghijkl\n".utf8, to: "token")
    let token = Workspace.current.path("token")
    #expect(chmod(token, 0o600) == 0)
    let plain = try await wstop(
      "stats", "--connect", "wss://127.0.0.1:\(engine.port)", "--token-file", token)
    #expect(plain.failed(1, "there is no TLS at the other end"), "\(plain)")
    let wrong = try await wstop(
      "stats", "--connect", "https://127.0.0.1:1", "--token-file", token)
    #expect(wrong.failed(64, "such as wss://127.0.0.1:1"), "\(wrong)")
    let load = try await wstop(
      "load", "ws://127.0.0.1:\(try engine.securePort)/ws/echo", "--connections", "1", "--duration",
      "1s")
    #expect("\(load)".contains("the server speaks TLS: use wss://"), "\(load)")
  }
}
