/// A key, whatever bytes the terminal sends for it.
package enum Key: Hashable, Sendable {
  /// A character that can be typed into a field.
  case character(Character)
  /// A letter with Ctrl, in lower case, or the backslash.
  case control(Character)
  /// F1 to F12 and beyond.
  case function(Int)
  case up, down, left, right
  case home, end, pageUp, pageDown
  case insert, delete, backspace
  case enter, escape, tab, backTab

  /// The key's name, as it is shown.
  package var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let letter): "^" + String(letter).uppercased()
    case .function(let number): "F\(number)"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .insert: "Ins"
    case .delete: "Del"
    case .backspace: "Backspace"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    }
  }
}
