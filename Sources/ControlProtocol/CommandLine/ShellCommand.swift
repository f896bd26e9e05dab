/// A command of `wstop` as words, such as `limits set` with its arguments.
package struct ShellCommand: Equatable, Sendable {
  /// The words that name the command, without `wstop`.
  package let verbs: [String]
  /// The arguments and options behind them.
  package private(set) var arguments: [String] = []

  /// A command, with its first arguments.
  package init(_ verbs: String..., arguments: [String] = []) {
    self.verbs = verbs
    self.arguments = arguments
  }

  /// Adds an option that is a flag.
  package mutating func add(_ flag: String) {
    arguments.append(flag)
  }

  /// Adds an option and its value.
  ///
  /// A value that begins like an option is joined with `=`: parsers take it for another option
  /// otherwise.
  package mutating func add(_ option: String, _ value: String) {
    if value.utf8.first == UInt8(ascii: "-") {
      arguments.append("\(option)=\(value)")
    } else {
      arguments += [option, value]
    }
  }

  /// All words.
  ///
  /// - Parameter attachWords: options that attach it to an engine, such as `--name prod`.
  package func words(attaching attachWords: [String] = []) -> [String] {
    ["wstop"] + verbs + attachWords + arguments
  }
}

extension [ShellCommand] {
  /// The line that runs the commands one after the other, as long as each succeeds.
  ///
  /// - Returns: nil without commands, and if a word has a zero byte, which no shell can pass.
  package func line(attaching attachWords: [String] = [], asciiOnly: Bool = false) -> String? {
    let lines = map { $0.words(attaching: attachWords) }
    guard !isEmpty, !lines.joined().contains(where: { $0.utf8.contains(0) }) else { return nil }
    return lines.map { ShellText.command($0, asciiOnly: asciiOnly) }.joined(separator: " && ")
  }
}
