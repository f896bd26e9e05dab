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

  /// What the flags say.
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

/// What the command line says of the console's looks.
struct ConsoleWishes {
  var theme: Theme?
  var usesMouse: Bool?
}
