/// The syntax of files of settings: lines of `name = value`.
///
/// `#` begins a comment at the start of a line, and after a blank; empty lines mean nothing. A name
/// occurs once, unless it is of a list; such a one also stands without the `=`, since its value may
/// have one.
enum SettingsText {
  /// The largest file that is read, in bytes.
  static let maximumByteCount = 64 << 10

  /// One setting.
  struct Line: Equatable {
    /// The number of the line, from 1.
    var number: Int
    var name: String
    var value: String
  }

  /// The settings of a text, and the problems of its other lines.
  ///
  /// - Parameter lists: the names that may stand on several lines.
  static func lines(
    of text: String, lists: [String] = []
  ) -> (lines: [Line], problems: [SettingsProblem]) {
    var lines: [Line] = []
    var problems: [SettingsProblem] = []
    guard text.utf8.count <= maximumByteCount else {
      return ([], [SettingsProblem(line: 1, text: "the file has over \(maximumByteCount) bytes")])
    }
    var seen: [String: Int] = [:]
    let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, raw) in all.enumerated() {
      let content = trimmed(withoutComment(raw))
      if content.isEmpty { continue }
      guard let (name, value) = setting(content, lists: lists) else {
        problems.append(
          SettingsProblem(line: index + 1, text: "a line is such as: theme = dark"))
        continue
      }
      if let first = seen[name], !lists.contains(name) {
        problems.append(
          SettingsProblem(
            line: index + 1, text: "\(SettingsProblem.quoted(name)) stands on line \(first) already"
          ))
        continue
      }
      seen[name] = index + 1
      lines.append(Line(number: index + 1, name: name, value: value))
    }
    return (lines, problems)
  }

  private static func setting(
    _ content: Substring, lists: [String]
  ) -> (name: String, value: String)? {
    let word = content.prefix { !$0.isWhitespace && $0 != "=" }
    let rest = trimmed(content[word.endIndex...])
    if lists.contains(String(word)), !rest.isEmpty, rest.first != "=" {
      return (String(word), String(rest))
    }
    guard let equals = content.firstIndex(of: "=") else { return nil }
    return (
      String(trimmed(content[..<equals])),
      String(trimmed(content[content.index(after: equals)...]))
    )
  }

  /// The words of a value.
  static func words(of value: String) -> [String] {
    value.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    var previous: Character = " "
    for index in line.indices {
      if line[index] == "#", previous.isWhitespace { return line[..<index] }
      previous = line[index]
    }
    return line
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
