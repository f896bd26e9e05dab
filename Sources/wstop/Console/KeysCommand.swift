import ArgumentParser
import Dashboard
import Vocabulary

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "List the console's keys, and check the file that changes them.",
    discussion: """
      The file is $XDG_CONFIG_HOME/wstop/console.conf, or ~/.config/wstop/console.conf; a line such \
      as `keys.pause = Z F5` gives an action other keys. The exit code is 1 if a line is wrong.

      Without a terminal the values are plain and separated by tabs: action, keys, places, and what \
      it does.
      """)

  @OptionGroup var output: OutputOptions

  func run() throws {
    let files = SettingsFiles()
    let rows = files.settings.keys.bindings.compactMap { binding in
      binding.name.map { Row($0, binding) }
    }
    output.show(
      rows,
      as: Table(
        columns: [.fixed("ACTION"), .fixed("KEYS"), .left("WHERE"), .left("WHAT IT DOES")],
        rows: rows.map { row in
          [
            Table.Cell(row.action), Table.Cell(row.keys.joined(separator: " ")),
            Table.Cell(row.where), Table.Cell(row.help),
          ]
        }))
    for problem in files.problems {
      StandardError.write("wstop: \(UntrustedText.escaped(problem))")
    }
    if !files.problems.isEmpty { throw ExitCode(CommandFailure.refused) }
  }

  private struct Row: Encodable {
    var action: String
    var keys: [String]
    var places: [String]
    var help: String

    /// The places in words.
    var `where`: String {
      places.count == KeyContext.allCases.count ? "everywhere" : places.joined(separator: ", ")
    }

    init(_ name: String, _ binding: KeyBinding) {
      action = name
      keys = binding.keys.map(\.label)
      places = KeyContext.allCases.filter(binding.contexts.contains).map(\.title)
      help = binding.help
    }
  }
}
