/// The characters that a terminal can show.
package enum Repertoire: Hashable, Sendable {
  /// All of Unicode, in UTF-8.
  case unicode
  /// ASCII alone: the codeset is another one than UTF-8.
  case ascii

  /// The one-column ASCII stand-in for a drawing character, or nil if it has none.
  package static func asciiForm(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "▸", "→": ">"
    case "●": "*"
    case "◌": "o"
    case "‖": "="
    case "✕", "×": "x"
    case "…": "~"
    case "–": "-"
    case "·": "."
    case "▼": "v"
    case "▲": "^"
    case "│", "┃": "|"
    case "─": "-"
    case "┌", "┐", "└", "┘": "+"
    case "▁": "."
    case "▂": ":"
    case "▃": "-"
    case "▄": "="
    case "▅": "+"
    case "▆": "*"
    case "▇": "%"
    case "█": "#"
    default: nil
    }
  }
}
