/// The commands that were typed, the oldest first: a bounded number, none twice in a row.
package struct CommandHistory: Equatable, Sendable {
  /// The most commands that are kept.
  package static let maximumCount = 500

  /// The commands.
  package private(set) var lines: [String] = []

  /// A history of earlier commands, the newest if there are too many.
  package init(_ lines: [String] = []) {
    for line in lines.suffix(Self.maximumCount) { add(line) }
  }

  /// Adds a command, unless it begins with a space or repeats the last one.
  ///
  /// - Returns: whether it was kept.
  @discardableResult
  package mutating func add(_ line: String) -> Bool {
    guard !line.hasPrefix(" "), !line.allSatisfy(\.isWhitespace), lines.last != line,
      !line.contains(where: \.isNewline)
    else { return false }
    if lines.count == Self.maximumCount { lines.removeFirst() }
    lines.append(line)
    return true
  }
}
