/// What a person did with the mouse.
package struct MouseEvent: Equatable, Sendable {
  /// What was done.
  package var kind: Kind
  /// Where, on the canvas.
  package var row: Int
  package var column: Int

  /// What can be done.
  package enum Kind: Equatable, Sendable {
    /// The left button went down.
    case press
    /// The wheel was turned away from the person.
    case wheelUp
    /// The wheel was turned to the person.
    case wheelDown
  }

  /// Something done at a place.
  package init(_ kind: Kind, row: Int, column: Int) {
    self.kind = kind
    self.row = row
    self.column = column
  }
}

extension MouseEvent {
  /// The most characters that a report has after its introducer.
  static let maximumReportLength = 24

  /// Reads a report of xterm's SGR encoding after `ESC [ <`, such as `0;12;5M`; nil for one that
  /// nothing is done about: a release, another button, movement.
  init?(report: String) {
    guard report.last == "M" else { return nil }
    let parts = report.dropLast().split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == 3, let code = Int(parts[0]), let column = Int(parts[1]),
      let row = Int(parts[2]), (1...Canvas.maximumSide).contains(column),
      (1...Canvas.maximumSide).contains(row)
    else { return nil }
    // Shift, Alt and Ctrl change nothing: most terminals keep them for themselves.
    let kind: Kind? =
      switch code & ~0b1_1100 {
      case 0: .press
      case 64: .wheelUp
      case 65: .wheelDown
      default: nil
      }
    guard let kind else { return nil }
    self.init(kind, row: row - 1, column: column - 1)
  }
}
