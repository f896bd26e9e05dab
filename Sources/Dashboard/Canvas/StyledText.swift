/// A line of text in runs of one style each.
package struct StyledText: Equatable, Sendable {
  /// The runs, from left to right.
  package var runs: [Run] = []

  /// Text of one style.
  package struct Run: Equatable, Sendable {
    /// The text.
    package var text: String
    /// Its style.
    package var style: Style
  }

  /// An empty line.
  package init() {}

  /// A line of one run.
  package init(_ text: String, _ style: Style = .normal) {
    runs = [Run(text: text, style: style)]
  }

  /// Appends a run.
  package mutating func append(_ text: String, _ style: Style = .normal) {
    runs.append(Run(text: text, style: style))
  }

  /// The line with another run after it.
  package func with(_ text: String, _ style: Style = .normal) -> StyledText {
    var copy = self
    copy.append(text, style)
    return copy
  }

  /// Whether the line contains a text, case-insensitively; never an empty one.
  package func contains(_ sought: String) -> Bool {
    guard !sought.isEmpty else { return false }
    return runs.map(\.text).joined().lowercased().contains(sought.lowercased())
  }

  /// How many columns the line takes.
  package var width: Int {
    runs.reduce(0) { $0 + DisplayWidth.of($1.text) }
  }

  /// The line cut to a number of columns, with an ellipsis.
  package func fitted(to columns: Int) -> StyledText {
    guard width > columns else { return self }
    var result = StyledText()
    var left = columns
    for run in runs where left > 0 {
      let text = DisplayWidth.fitted(run.text, to: left)
      result.append(text, run.style)
      left -= DisplayWidth.of(text)
      if text != run.text { break }
    }
    return result
  }
}
