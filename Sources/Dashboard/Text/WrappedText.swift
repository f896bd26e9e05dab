/// A sentence or a command line in several lines of a terminal.
enum WrappedText {
  /// The lines, broken at blanks and, in a word that is longer than a line, anywhere.
  ///
  /// - Parameters:
  ///   - columns: the columns of a line; at least 8 are taken.
  ///   - maximumCount: the most lines; what is cut off behind them is marked by an ellipsis.
  static func lines(_ text: String, columns: Int, maximumCount: Int = .max) -> [String] {
    let width = max(columns, 8)
    var lines: [String] = []
    var line = ""
    var used = 0
    var words = text.split(separator: " ")[...]
    while let word = words.first, lines.count < maximumCount {
      let wordWidth = DisplayWidth.of(String(word))
      if used > 0, used + 1 + wordWidth <= width {
        line += " " + word
        used += 1 + wordWidth
        words.removeFirst()
      } else if used > 0 {
        lines.append(line)
        (line, used) = ("", 0)
      } else if wordWidth <= width {
        (line, used) = (String(word), wordWidth)
        words.removeFirst()
      } else {
        let head = head(of: word, columns: width)
        lines.append(String(head))
        words[words.startIndex] = word[head.endIndex...]
      }
    }
    if used > 0 { lines.append(line) }
    guard lines.count > maximumCount || !words.isEmpty, let last = lines.prefix(maximumCount).last
    else { return lines }
    return lines.prefix(maximumCount - 1) + [DisplayWidth.fitted(last + " …", to: width)]
  }

  /// As much of a word as fits into a line, at least a character.
  private static func head(of word: Substring, columns: Int) -> Substring {
    var used = 0
    var end = word.startIndex
    while end < word.endIndex {
      used += DisplayWidth.of(String(word[end]))
      guard used <= columns || end == word.startIndex else { break }
      end = word.index(after: end)
    }
    return word[..<end]
  }
}
