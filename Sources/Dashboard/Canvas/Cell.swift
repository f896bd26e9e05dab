/// One column of one row of the canvas.
package struct Cell: Hashable, Sendable {
  /// The character, a base with the marks that join it; empty in the right half of a wide one.
  package var text: String
  /// How many columns the character takes: 1 or 2; 0 in the right half of a wide one.
  package var width: UInt8
  /// Its role.
  package var style: Style

  /// A blank cell.
  package static func blank(_ style: Style = .normal) -> Cell {
    Cell(text: " ", width: 1, style: style)
  }
}
