import Vocabulary

/// The reader that text is written for.
enum OutputForm: Equatable {
  /// A program: plain values in UTF-8.
  case plain
  /// A person at a terminal, which shows UTF-8 or only ASCII.
  case terminal(isUTF8: Bool)

  /// The text in this form's characters; it has to be safe to show.
  func shown(_ text: String) -> String {
    guard self == .terminal(isUTF8: false), !text.utf8.allSatisfy({ $0 < 0x80 }) else {
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
