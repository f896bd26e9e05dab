/// The escapes of a captured screen.
enum Style {
  /// The colours that are set: parameters of SGR from 30 on, except the default colours.
  static func colours(in text: String) -> [Int] {
    text.matches(of: #/\u{1B}\[([0-9;]*)m/#).flatMap { match in
      match.1.split(separator: ";").compactMap { Int($0) }
    }.filter { (30...107).contains($0) && $0 != 39 && $0 != 49 }
  }

  /// Whether a text has nothing but printable characters and line ends: no control, and nothing
  /// that would reorder or hide text.
  static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar == "\n" || scalar == "\t"
      case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
      default: true
      }
    }
  }
}
