import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// `wstop` alone: the console, on an engine that is started in the background if none runs.
struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Watch the engine; start one in the background first if none runs. (default)",
    discussion: "The flags of serve hold for an engine that is started; q leaves it running.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var options: ServeOptions
  @OptionGroup var console: ConsoleOptions

  func run() throws {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw CommandFailure(
        "the console needs a terminal; see wstop sessions, wstop stats, or wstop serve",
        exitCode: CommandFailure.usage)
    }
    if engine.connect != nil { return try TopCommand.attach(after: engine, console.wishes) }
    if try !isRunning() {
      do {
        try EngineLauncher.start(
          at: try engine.local.path(), engine: engine.attachWords + options.arguments,
          ownLog: options.logFile)
      } catch let failure as CommandFailure where failure == EngineLauncher.taken {
        // `taken` means that another process has just started an engine: attach to that.
        try waitForOther()
      }
    }
    try TopCommand.attach(engine, console.wishes)
  }

  /// Whether an engine answers.
  ///
  /// - Throws: the refusal of an engine that is there: another one would not start in its place.
  private func isRunning() throws(CommandFailure) -> Bool {
    do throws(CommandFailure) {
      _ = try engine.perform(.statistics)
      return true
    } catch {
      guard error.exitCode == CommandFailure.unavailable else { throw error }
      return false
    }
  }

  /// Waits until the engine that another process started answers.
  private func waitForOther() throws(CommandFailure) {
    let deadline = SystemClock.monotonic().advanced(by: EngineLauncher.timeout)
    while try !isRunning() {
      guard SystemClock.monotonic() < deadline else { throw EngineLauncher.taken }
      usleep(20_000)
    }
  }
}
