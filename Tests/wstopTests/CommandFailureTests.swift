import ControlClient
import ControlProtocol
import EventLoop
import Foundation
import Testing
import Vocabulary

@testable import wstop

@Suite("Exit codes")
struct CommandFailureTests {
  @Test(
    "69 where no engine answers, 1 where it refuses",
    arguments: [
      (.noEngine(path: "/x"), 69), (.connectionLost, 69), (.timedOut, 69),
      (.closed(.goingAway, reason: ""), 69),
      (.refused(status: 404, ControlError(code: "c", message: "m").error), 1),
      (.notPermitted(path: "/x", reason: "r"), 1), (.malformed("m"), 1), (.tooManyRequests, 1),
      (.system(SystemError(call: "connect", number: 24)), 1),
    ] as [(ControlClientError, Int32)])
  func codes(error: ControlClientError, code: Int32) {
    let failure = CommandFailure(error)
    #expect(failure.exitCode == code)
    #expect(failure.message.hasPrefix(error.description))
    #expect(!failure.message.contains("\n"))
  }

  @Test("Where no engine listens the engines that run are named")
  func running() throws {
    let directory = NSTemporaryDirectory() + "wstop-names-\(UInt32.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    #expect(EngineNames.running(in: directory).isEmpty)
    try PrivateDirectory.make(at: directory)
    let listeners = try ["two", "one"].map { name in
      try Socket.listen(on: .unix(path: "\(directory)/\(name).sock"), sharesPort: false)
    }
    defer { for listener in listeners { Syscalls.close(listener.descriptor) } }
    let dead = try Socket.listen(on: .unix(path: "\(directory)/dead.sock"), sharesPort: false)
    Syscalls.close(dead.descriptor)
    #expect(FileManager.default.createFile(atPath: directory + "/one.log", contents: nil))
    #expect(EngineNames.running(in: directory) == ["one", "two"])
    #expect(chmod(directory, 0o755) == 0)
    #expect(EngineNames.running(in: directory).isEmpty)
    #expect(EngineNames.advice(beside: "wss://a:1").isEmpty)
  }

  static let ids = (1...3).map { SessionID(rawValue: $0) }

  static func result(_ outcomes: SessionOutcome.Outcome...) -> ActResult {
    ActResult(
      engine: "r", outcomes: zip(ids, outcomes).map { SessionOutcome(id: $0, outcome: $1) })
  }

  @Test(
    "An act with a pace fails as one without does: for each named session that it missed",
    arguments: [
      (ActStatus.State.finished, [:], true, nil), (.finished, ["too-big": 1], false, 1),
      (.finished, ["no-such-session": 1], true, 1), (.finished, ["not-open": 2], true, 1),
      (.finished, ["no-such-session": 1, "not-open": 1], false, nil),
      (.finished, ["no-longer-matches": 4], false, nil), (.aborted, [:], true, 130),
      (.aborted, ["no-such-session": 1], false, 130),
    ] as [(ActStatus.State, [String: Int], Bool, Int32?)])
  func paced(_ state: ActStatus.State, _ failed: [String: Int], _ isNamed: Bool, _ code: Int32?) {
    var status = ActStatus(engine: "r", id: 1, kind: .close, count: 5)
    status.state = state
    status.failed.counts = failed
    let failure = ActRun.failure(of: status, isNamed: isNamed)
    #expect(failure?.exitCode == code)
    #expect(failure?.message.contains("sessions") ?? true)
  }

  @Test("An act fails if it has not reached all of its sessions")
  func acts() {
    #expect(ActText.failure(Self.result(.done, .queued), verb: "closed") == nil)
    #expect(
      ActText.failure(Self.result(.noSuchSession), verb: "closed")
        == CommandFailure("s-1: no such session", exitCode: 1))
    #expect(
      ActText.failure(Self.result(.done, .notOpen), verb: "closed")
        == CommandFailure("closed 1 of 2 sessions; s-2: the session is not open", exitCode: 1))
    #expect(
      ActText.failure(Self.result(.tooBig, .done, .backlogFull), verb: "sent to")?.message
        == "sent to 1 of 3 sessions; s-1: the message is over the session's message-bytes, "
        + "and others")
    #expect(ActText.table(Self.result(.done)).text(as: .plain) == "s-1\tdone\n")
    #expect(
      ActText.table(Self.result(.done, .noSuchSession)).text(as: .plain)
        == "s-1\tdone\ns-2\tno-such-session\n")
  }
}
