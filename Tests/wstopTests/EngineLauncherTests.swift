import EventLoop
import Glibc
import TestSupport
import Testing

@testable import wstop

@Suite("Starting an engine", .limited, .timeLimit(.minutes(10)))
struct EngineLauncherTests {
  @Test(
    "One that is not ready in time is ended, even if it will not end itself",
    arguments: [
      "exec sleep 60", "trap '' TERM; echo x >&3; while kill -0 \(getpid()); do sleep 0.1; done",
    ])
  func ends(script: String) throws {
    let output = OwnedDescriptor(owning: try Syscalls.openNothing())
    let child = try ChildProcess(
      detached: "/bin/sh", arguments: ["sh", "-c", script], output: output.number)
    if script.hasPrefix("trap") {
      // Only now does it ignore the signal.
      var waiting = pollfd(fd: child.pipe.number, events: Int16(POLLIN), revents: 0)
      #expect(poll(&waiting, 1, 60_000) == 1)
    }
    EngineLauncher.end(child.processID)
    #expect(kill(child.processID, 0) == -1)
    #expect(errno == ESRCH)
  }
}
