import Vocabulary

/// The reader that text is written for.
enum OutputForm: Equatable {
  /// A program: plain values in UTF-8.
  case plain
  /// A person at a terminal, which shows UTF-8 or only ASCII, in so many columns if that is known.
  case terminal(isUTF8: Bool, columns: Int? = nil)

  /// How many columns there are; nil for a program, and if that is not known.
  var columns: Int? { if case .terminal(_, let columns) = self { columns } else { nil } }

  /// The text in this form's characters; it has to be safe to show.
  func shown(_ text: String) -> String {
    guard case .terminal(isUTF8: false, _) = self, !text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return text
    }
    return text.unicodeScalars.map { scalar in
      switch scalar {
      case "–": "-"
      case "…": "..."
      case "→": "->"
      case _ where scalar.isASCII: String(scalar)
      default: "\\u{\(String(scalar.value, radix: 16))}"
      }
    }.joined()
  }
}
