/// A press or a turn of the wheel, with its place.
package struct MouseEvent: Equatable, Sendable {
  /// The kind of the event.
  package var kind: Kind
  /// The row on the canvas.
  package var row: Int
  package var column: Int

  /// The kinds of events.
  package enum Kind: Equatable, Sendable {
    /// The left button went down.
    case press
    /// The wheel was turned away from the user.
    case wheelUp
    /// The wheel was turned towards the user.
    case wheelDown
  }

  /// An event at a place.
  package init(_ kind: Kind, row: Int, column: Int) {
    self.kind = kind
    self.row = row
    self.column = column
  }
}

extension MouseEvent {
  /// The longest report after its introducer, in characters.
  static let maximumReportLength = 24

  /// Parses a report of xterm's SGR encoding after `ESC [ <`, such as `0;12;5M`; nil for a release,
  /// another button or movement.
  init?(report: String) {
    guard report.last == "M" else { return nil }
    let parts = report.dropLast().split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == 3, let code = Int(parts[0]), let column = Int(parts[1]),
      let row = Int(parts[2]), (1...Canvas.maximumSide).contains(column),
      (1...Canvas.maximumSide).contains(row)
    else { return nil }
    // Shift, Alt and Ctrl change nothing, since most terminals keep them for themselves.
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
