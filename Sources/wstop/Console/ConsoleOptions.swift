import ArgumentParser
import Dashboard
import Vocabulary

/// The flags of the console.
struct ConsoleOptions: ParsableArguments {
  @Option(
    help: "dark, light, mono or contrast; else as console.conf says, or NO_COLOR.",
    transform: Self.theme)
  var theme: Theme?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the console takes the mouse; else as console.conf says.")
  var mouse: Bool?

  /// The wishes that the flags express.
  var wishes: ConsoleWishes { ConsoleWishes(theme: theme, usesMouse: mouse) }

  private static func theme(_ text: String) throws -> Theme {
    guard let theme = Theme(rawValue: text) else {
      throw ValidationError(
        "\"\(UntrustedText.escaped(text))\" is no theme: they are "
          + Theme.allCases.map(\.rawValue).joined(separator: " "))
    }
    return theme
  }
}

/// The appearance of the console, as far as the command line sets it.
struct ConsoleWishes {
  var theme: Theme?
  var usesMouse: Bool?
  /// Whether the engine ends with the console.
  var endsEngine = false
}
