/// The columns that text takes on a terminal, by Unicode's East Asian Width.
///
/// The table agrees with the C library's `wcwidth`, which curses uses; where a system's library has
/// another edition of Unicode, the terminal shows a stand-in rather than shift the line.
package enum DisplayWidth {
  /// The effect of a scalar on a row of cells.
  package enum CellUse: Equatable, Sendable {
    /// Begins a character of one or two columns.
    case takes(Int)
    /// Joins the character before it.
    case joins
    /// Is not drawn: a stand-in of one column takes its place.
    case replaced
  }

  /// The effect of a scalar on a row of cells.
  package static func cellUse(of scalar: Unicode.Scalar) -> CellUse {
    if (0x20...0x7E).contains(scalar.value) { return .takes(1) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
      return .replaced
    case .nonspacingMark, .enclosingMark:
      return .joins
    default:
      // Medial vowels and final consonants of Hangul are drawn inside the block that they end.
      if (0x1160...0x11FF).contains(scalar.value) { return .joins }
      return .takes(isWide(scalar.value) ? 2 : 1)
    }
  }

  /// The columns that the text takes on a canvas.
  package static func of(_ text: String) -> Int {
    let bytes = text.utf8
    // Most text is of printable ASCII alone, of which each byte takes a column.
    if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return bytes.count }
    return text.unicodeScalars.reduce(0) { sum, scalar in
      switch cellUse(of: scalar) {
      case .takes(let width): sum + width
      case .joins: sum
      case .replaced: sum + 1
      }
    }
  }

  /// The text, cut to a number of columns with an ellipsis.
  package static func fitted(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    if of(text) <= columns { return text }
    var result = String.UnicodeScalarView()
    var width = 0
    var fallback = (length: 0, width: 0)
    var count = 0
    for scalar in text.unicodeScalars {
      let use = cellUse(of: scalar)
      let step =
        switch use {
        case .takes(let width): width
        case .joins: 0
        case .replaced: 1
        }
      if width + step > columns {
        var cut = String.UnicodeScalarView(result.prefix(fallback.length))
        cut.append("…")
        return String(cut)
      }
      result.append(scalar)
      count += 1
      width += step
      if width <= columns - 1 { fallback = (count, width) }
    }
    return String(result)
  }

  /// The text, cut to a number of columns in its middle: of an address both ends tell most.
  package static func fittedInMiddle(_ text: String, to columns: Int) -> String {
    guard of(text) > columns, columns >= 5 else { return fitted(text, to: columns) }
    let tailColumns = (columns - 1) / 2
    var tail = ""
    var width = 0
    for character in text.reversed() {
      width += of(String(character))
      guard width <= tailColumns else { break }
      tail = String(character) + tail
    }
    return fitted(text, to: columns - of(tail)) + tail
  }

  /// A number, padded at its left to exactly a number of columns; without room an ellipsis alone,
  /// since the beginning of a number is another number.
  package static func number(_ text: String, to columns: Int) -> String {
    padded(of(text) <= columns ? text : "…", to: columns, right: true)
  }

  /// The text cut and padded to exactly a number of columns.
  package static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let cut = fitted(text, to: columns)
    let space = String(repeating: " ", count: max(0, columns - of(cut)))
    return right ? space + cut : cut + space
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count - 1
    while low <= high {
      let middle = (low + high) / 2
      let range = wideRanges[middle]
      if value < range.lowerBound {
        high = middle - 1
      } else if value > range.upperBound {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }

  /// The ranges whose East Asian Width is W or F, in rising order.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6, 0xA960...0xA97C,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x16FF1, 0x17000...0x18D08, 0x1AFF0...0x1B2FB,
    0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
    0x1F200...0x1F265, 0x1F300...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
    0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0,
    0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC,
    0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A,
    0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5,
    0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF,
    0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0,
    0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAF8,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
