/// A fault in a line of a file of settings, and the remedy.
package struct SettingsProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number of the line, from 1.
  package var line: Int
  /// The sentence; safe to draw.
  package var text: String

  /// The sentence with its line.
  package var description: String { "line \(line): \(text)" }

  /// A word of the file in quotes, safe to draw.
  static func quoted(_ word: String) -> String {
    "\"\(Repertoire.unicode.shown(String(word.prefix(64))))\""
  }
}
