/// A line of text with a cursor, for typing.
package struct LineEditor: Equatable, Sendable {
  /// The text.
  package private(set) var text: String
  /// The number of characters before the cursor.
  package private(set) var cursor: Int
  /// The most bytes of UTF-8 in the text; more are not taken.
  package var maximumByteCount: Int

  /// An editor with the cursor after its text.
  package init(_ text: String = "", maximumByteCount: Int) {
    self.text = text
    cursor = text.count
    self.maximumByteCount = maximumByteCount
  }

  /// Inserts text before the cursor, as much as fits.
  package mutating func insert(_ insertion: String) {
    let room = maximumByteCount - text.utf8.count
    guard room > 0 else { return }
    var taken = insertion
    if taken.utf8.count > room {
      taken = ""
      var count = 0
      for character in insertion {
        count += character.utf8.count
        guard count <= room else { break }
        taken.append(character)
      }
    }
    let index = text.index(text.startIndex, offsetBy: cursor)
    let after = text.distance(from: index, to: text.endIndex)
    text.insert(contentsOf: taken, at: index)
    cursor = max(0, text.count - after)
  }

  /// Replaces the text and puts the cursor after it.
  package mutating func replace(with newText: String) {
    text = newText
    cursor = newText.count
  }

  /// Replaces characters before the cursor.
  package mutating func replace(last count: Int, with insertion: String) {
    delete(from: cursor - min(max(count, 0), cursor))
    insert(insertion)
  }

  /// Moves the cursor or deletes.
  package mutating func perform(_ edit: Action.Edit) {
    switch edit {
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .start: cursor = 0
    case .end: cursor = text.count
    case .deleteAll:
      text = ""
      cursor = 0
    case .deleteBackward: delete(from: cursor - 1)
    case .deleteForward:
      guard cursor < text.count else { return }
      cursor += 1
      delete(from: cursor - 1)
    case .deleteWord:
      let before = Array(text.prefix(cursor))
      var start = before.count
      while start > 0, before[start - 1].isWhitespace { start -= 1 }
      while start > 0, !before[start - 1].isWhitespace { start -= 1 }
      delete(from: start)
    }
  }

  private mutating func delete(from start: Int) {
    guard start >= 0, start < cursor else { return }
    let low = text.index(text.startIndex, offsetBy: start)
    let high = text.index(text.startIndex, offsetBy: cursor)
    text.removeSubrange(low..<high)
    cursor = min(start, text.count)
  }
}
