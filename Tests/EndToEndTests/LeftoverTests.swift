import Foundation
import TestSupport
import Testing

@Suite("What tests start", .workspace, .limited, .timeLimit(.minutes(15)))
struct LeftoverTests {
  @Test("Engines, terminals, consoles and clients end with the test process, also if it is killed")
  func killed() async throws {
    let list = Workspace.current.path("started")
    await #expect(processExitsWith: .signal(SIGKILL)) { [list = list as String] in
      try await Workspace.$current.withValue(try Workspace()) {
        let workspace = Workspace.current
        let engine = try await Engine.start()
        let console = try await Terminal.console(engine)
        _ = try await Client.connect(engine.url("/ws/echo"))
        try await console.wait("a session") { $0.sessionLines.count == 1 }
        let shell = try await Terminal.shell()
        // An engine in the background of that shell, and what no longer listens to its terminal.
        try await shell.type("$WSTOP --name y --listen 127.0.0.1:0")
        try await shell.press("Enter")
        try await shell.wait(for: "wstop y")
        _ = try workspace.start("/bin/sh", ["-c", "trap '' HUP TERM INT; setsid sleep 1000; :"])
        let started = workspace.processes()
        let text = ([workspace.directory] + started.map { "\($0)" }).joined(separator: "\n")
        try Data(text.utf8).write(to: URL(fileURLWithPath: list))
        kill(getpid(), SIGKILL)
      }
    }
    let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
    let directory = try String(lines.at(0))
    let processes = lines.dropFirst().compactMap { pid_t($0) }
    #expect(processes.count >= 8, "\(lines)")
    try await until("what it started has ended: \(Scratch.processes(in: directory))") {
      processes.allSatisfy { kill($0, 0) == -1 && errno == ESRCH }
    }
    try await until("its files are gone") { !FileManager.default.fileExists(atPath: directory) }
  }
}
