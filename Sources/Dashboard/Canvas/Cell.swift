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

extension Cell {
  /// A cell of a character that takes one column.
  static func narrow(_ scalar: Unicode.Scalar, _ style: Style) -> Cell {
    let text = scalar.isASCII ? asciiTexts[Int(scalar.value)] : String(Character(scalar))
    return Cell(text: text, width: 1, style: style)
  }

  /// The texts of the characters of ASCII, of which most of a screen is made.
  private static let asciiTexts = (0..<128).map { String(Character(Unicode.Scalar(UInt8($0)))) }
}
