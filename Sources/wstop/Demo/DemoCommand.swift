import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Terminal
import Vocabulary

/// `wstop demo`: an engine with synthetic clients, and the console on it.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "See it at work: an engine, a few dozen synthetic clients, and the console.",
    discussion: "It uses a port and a name of its own, and ends everything on q.")

  func run() throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw CommandFailure(
        "the demo needs a terminal; to serve without one see wstop serve",
        exitCode: CommandFailure.usage)
    }
    // `signals` blocks them before any thread starts: a signal to the clients' thread would end the
    // program at once, and leave the engine. The console takes pending ones.
    let signals = try SignalDescriptor(CursesTerminal.interruptions)
    defer { withExtendedLifetime(signals) {} }
    let engine = try EngineOptions.parse(["--name", "demo-\(getpid())"])
    let path = try engine.local.path()
    let processID = try EngineLauncher.start(
      at: path,
      engine: engine.attachWords
        + ["--listen", "127.0.0.1:0", "--reactors", "2", "--history", "off"]
        + ["--set", "message-bytes=1MiB", "--set", "ping-interval=5s"]
        + ["--set", "messages-per-second=50", "--set", "rate-policy=pause"])
    defer {
      ChildProcess.signal(processID, SIGTERM)
      ChildProcess.wait(for: processID)
      for file in [path.lock, path.log] { Self.remove(file) }
    }
    guard case .statistics(let statistics) = try engine.perform(.statistics),
      let address = statistics.engine.listeners.first.flatMap({ SocketAddress($0) })
    else { throw CommandFailure.unexpectedAnswer }
    // `oversizedByteCount` is over `message-bytes`, so that 1009 is always among the closes.
    let crowd = try DemoCrowd.start(at: address, oversizedByteCount: 2 << 20)
    defer { crowd.stop() }
    var wishes = ConsoleWishes()
    wishes.endsEngine = true
    try TopCommand.attach(engine, wishes)
  }

  private static func remove(_ path: String) {
    do throws(RegularFile.Failure) {
      try RegularFile.remove(path)
    } catch {
      StandardError.write("wstop: a file of the demo stays: \(error)")
    }
  }
}
