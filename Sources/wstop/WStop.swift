import ArgumentParser
import EventLoop
import Glibc
import Vocabulary

/// The program: its commands, and its error reporting.
@main
struct WStop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wstop",
    abstract: "htop for WebSockets: see, steer and limit the sessions of a WebSocket engine.",
    discussion: """
      Exit codes: 0 done, 1 refused or no such session, 64 wrong usage, 69 no engine there.

      wstop manual tells the rest.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Look",
        subcommands: [
          AttachCommand.self, TopCommand.self, SessionsCommand.self, ShowCommand.self,
          TapCommand.self, RoomsCommand.self, RoutesCommand.self, GroupsCommand.self,
          UpstreamsCommand.self, TrafficCommand.self, ClosesCommand.self, StatsCommand.self,
          EventsCommand.self, HistoryCommand.self,
        ]),
      CommandGroup(
        name: "Act",
        subcommands: [
          SendCommand.self, CloseCommand.self, ActsCommand.self, AbortCommand.self,
        ]),
      CommandGroup(name: "Limit", subcommands: [LimitsCommand.self]),
      CommandGroup(
        name: "Serve",
        subcommands: [
          ServeCommand.self, ReloadCommand.self, StopCommand.self, DemoCommand.self,
        ]),
      CommandGroup(
        name: "Tools",
        subcommands: [
          LoadCommand.self, KeysCommand.self, CompletionsCommand.self, ManualCommand.self,
          VersionCommand.self,
        ]),
    ],
    defaultSubcommand: AttachCommand.self)

  static func main() {
    do {
      try StandardDescriptors.open()
      Environment.forgetEmpty()
      var command = try parsed(rewritten(try ArgumentBytes.words()))
      try command.run()
    } catch {
      Glibc.exit(report(error))
    }
  }

  /// The command that words mean.
  ///
  /// - Throws: the parser's error, or a `CommandFailure` that names the word that is no command.
  static func parsed(_ words: [String]) throws -> any ParsableCommand {
    do {
      return try parseAsRoot(words)
    } catch {
      guard let complaint = CommandNames.complaint(about: words) else { throw error }
      throw CommandFailure(complaint, exitCode: CommandFailure.usage)
    }
  }

  /// The arguments with `--version` replaced by `version`, which asks the engine too.
  static func rewritten(_ arguments: [String]) -> [String] {
    guard arguments.first?.hasPrefix("-") == true,
      let index = arguments.firstIndex(of: "--version")
    else { return arguments }
    var rest = arguments
    rest.remove(at: index)
    return [VersionCommand.configuration.commandName ?? "version"] + rest
  }

  /// Shows an error, or the help that was asked for, and returns the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let failure = error as? CommandFailure {
      StandardError.write("wstop: \(failure.message)")
      return failure.exitCode
    }
    let code = exitCode(for: error)
    // `ExitCode` is thrown by commands that have shown everything themselves.
    if error is ExitCode { return code.rawValue }
    if code.isSuccess {
      StandardOutput.write(fullMessage(for: error) + "\n")
    } else if code == .validationFailure {
      let sentence = UntrustedText.escaped(message(for: error))
      StandardError.write("wstop: \(sentence) (see \(helpCommand(for: error)))")
    } else {
      StandardError.write("wstop: \(UntrustedText.escaped(message(for: error)))")
    }
    return code.rawValue
  }

  /// The command line that explains the command whose usage was wrong.
  private static func helpCommand(for error: any Error) -> String {
    let lines = fullMessage(for: error).split(separator: "\n")
    let hint = lines.compactMap { line in
      line.split(separator: "'").dropFirst().first.map(String.init)
    }.last { $0.hasSuffix("--help") }
    return hint ?? "wstop --help"
  }
}
