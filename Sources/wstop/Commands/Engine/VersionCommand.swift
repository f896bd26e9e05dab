import ArgumentParser
import ControlProtocol

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Show the version of this program and of the engine (also: --version).")

  @OptionGroup var engine: EngineOptions

  func run() throws {
    StandardOutput.write("wstop \(ProgramVersion.current)\n")
    do {
      guard case .statistics(let statistics) = try engine.perform(.statistics) else { return }
      StandardOutput.write(StatisticsText.version(statistics.engine) + "\n")
    } catch {
      // `unavailable` is no failure here: the program has a version without an engine too.
      guard error.exitCode == CommandFailure.unavailable else { throw error }
      StandardOutput.write("engine: none runs\n")
    }
  }
}
