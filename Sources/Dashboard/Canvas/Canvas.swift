/// A grid of characters with styles, between drawing and terminal.
///
/// Drawing outside of it is clipped. It is the second defence against text from the network:
/// control, format and unassigned characters are replaced, so that no cell can move a cursor or
/// reorder a line, even if an escape was forgotten.
package struct Canvas: Equatable, Sendable {
  /// How many columns there are.
  package private(set) var columns: Int
  /// How many rows there are.
  package private(set) var rows: Int
  /// Where the terminal's cursor is shown; nil hides it.
  package var cursor: Position?
  /// The characters that may be drawn.
  package private(set) var repertoire: Repertoire
  private var cells: [Cell]
  /// The targets of clicks, the topmost last.
  var regions: [Region] = []

  /// A place on the canvas, from 0.
  package struct Position: Equatable, Sendable {
    /// The row, from the top.
    package var row: Int
    /// The column, from the left.
    package var column: Int
  }

  /// The greatest number of columns and of rows; more are cut off.
  package static let maximumSide = 1000

  /// A blank canvas.
  package init(columns: Int, rows: Int, repertoire: Repertoire = .unicode) {
    self.columns = min(max(columns, 0), Self.maximumSide)
    self.rows = min(max(rows, 0), Self.maximumSide)
    self.repertoire = repertoire
    cells = Array(repeating: .blank(), count: self.columns * self.rows)
  }

  /// Blanks the canvas and gives it a size.
  package mutating func reset(columns: Int, rows: Int, repertoire: Repertoire) {
    self = Canvas(columns: columns, rows: rows, repertoire: repertoire)
  }

  /// The cell at a place; blank outside of the canvas.
  package func cell(row: Int, column: Int) -> Cell {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return .blank() }
    return cells[row * columns + column]
  }

  /// The cells of one row.
  package func cells(ofRow row: Int) -> ArraySlice<Cell> {
    guard (0..<rows).contains(row) else { return [] }
    return cells[(row * columns)..<((row + 1) * columns)]
  }

  /// Draws text, clipped to the canvas and to `limit` columns.
  ///
  /// - Returns: the column after the last one drawn, had the canvas no edge.
  @discardableResult
  package mutating func put(
    _ text: String, row: Int, column: Int, style: Style = .normal, limit: Int = .max
  ) -> Int {
    var at = column
    let end = limit > columns - column ? columns : column + max(limit, 0)
    var previous: Int?
    var joined = 0
    for scalar in text.unicodeScalars {
      switch DisplayWidth.cellUse(of: scalar) {
      case .joins:
        guard let previous, joined < Self.maximumMarks, repertoire == .unicode else { continue }
        cells[previous].text.unicodeScalars.append(scalar)
        joined += 1
      case .takes(let width):
        joined = 0
        guard at < end else { return at }
        let fits = at >= 0 && at + width <= end && (0..<rows).contains(row)
        previous = fits ? row * columns + at : nil
        if fits {
          set(admitted(scalar), width: width, row: row, column: at, style: style)
        } else if at >= 0, at < end {
          set(" ", width: 1, row: row, column: at, style: style)
        }
        at += width
      case .replaced:
        joined = 0
        guard at < end else { return at }
        previous = nil
        if at >= 0 {
          set(replacement, width: 1, row: row, column: at, style: style)
        }
        at += 1
      }
    }
    return at
  }

  /// Draws runs of text one after the other, clipped to `limit` columns.
  ///
  /// - Returns: the column after the last one drawn.
  @discardableResult
  package mutating func put(
    _ text: StyledText, row: Int, column: Int, limit: Int = .max
  ) -> Int {
    var at = column
    for run in text.runs {
      let left = limit == .max ? Int.max : limit - (at - column)
      guard left > 0 else { break }
      at = put(run.text, row: row, column: at, style: run.style, limit: left)
    }
    return at
  }

  /// Fills part of a row with one narrow character.
  package mutating func fill(
    row: Int, columns range: Range<Int>, with scalar: Unicode.Scalar = " ", style: Style = .normal
  ) {
    guard (0..<rows).contains(row) else { return }
    for column in range.clamped(to: 0..<columns) {
      set(admitted(scalar), width: 1, row: row, column: column, style: style)
    }
  }

  /// Changes the style of part of a row and leaves its text.
  package mutating func restyle(row: Int, columns range: Range<Int>, style: Style) {
    guard (0..<rows).contains(row) else { return }
    for column in range.clamped(to: 0..<columns) {
      cells[row * columns + column].style = style
    }
  }

  /// The text of each row without trailing blanks, for tests.
  package var lines: [String] {
    (0..<rows).map { row in
      var line = cells(ofRow: row).map(\.text).joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The most combining marks on a character.
  ///
  /// Further ones are dropped, so that a client cannot stack marks over the rows above.
  private static let maximumMarks = 3

  private var replacement: Unicode.Scalar {
    repertoire == .unicode ? "\u{FFFD}" : "?"
  }

  private func admitted(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if repertoire == .unicode || scalar.isASCII { return scalar }
    return Repertoire.asciiForm(of: scalar) ?? "?"
  }

  private mutating func set(
    _ scalar: Unicode.Scalar, width: Int, row: Int, column: Int, style: Style
  ) {
    guard (0..<rows).contains(row), column >= 0, column + width <= columns else { return }
    let index = row * columns + column
    breakWide(at: index, row: row)
    if width == 2, repertoire == .unicode {
      breakWide(at: index + 1, row: row)
      cells[index] = Cell(text: String(Character(scalar)), width: 2, style: style)
      cells[index + 1] = Cell(text: "", width: 0, style: style)
    } else {
      cells[index] = .narrow(scalar, style)
      if width == 2 { cells[index + 1] = .blank(style) }
    }
  }

  /// Blanks the other half of a wide character of which one half is overwritten.
  private mutating func breakWide(at index: Int, row: Int) {
    let cell = cells[index]
    if cell.width == 0, index > row * columns {
      cells[index - 1] = .blank(cells[index - 1].style)
    } else if cell.width == 2, index + 1 < (row + 1) * columns {
      cells[index + 1] = .blank(cells[index + 1].style)
    }
  }
}
