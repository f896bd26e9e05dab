import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Terminal

/// `wstop top`: the console on a running engine.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Watch and steer a running engine; q leaves it running.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var console: ConsoleOptions

  func run() throws {
    try Self.attach(after: engine, console.wishes)
  }

  /// Opens the console on an engine that has answered: a missing engine is better reported in a
  /// line than on a whole screen.
  static func attach(after engine: EngineOptions, _ wishes: ConsoleWishes) throws {
    _ = try engine.perform(.statistics)
    try attach(engine, wishes)
  }

  /// Opens the console, and ends the program with its exit code unless that is 0.
  static func attach(_ engine: EngineOptions, _ wishes: ConsoleWishes = ConsoleWishes()) throws {
    let console: Console
    do {
      console = try Console(engine, wishes)
    } catch let error as TerminalError {
      throw CommandFailure(
        "\(error)", exitCode: error == .notATerminal ? CommandFailure.usage : 1)
    } catch {
      throw CommandFailure("\(error)", exitCode: CommandFailure.refused)
    }
    let code = console.run()
    if code != 0 { throw ExitCode(code) }
    guard !wishes.endsEngine else { return }
    let words = ["wstop", "stop"] + engine.attachWords
    print("the engine goes on; this ends it: " + ShellText.command(words, asciiOnly: false))
  }
}
