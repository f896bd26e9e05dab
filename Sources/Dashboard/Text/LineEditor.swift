/// A line of text with a cursor, for typing.
package struct LineEditor: Equatable, Sendable {
  /// The text.
  package private(set) var text: String
  /// The number of characters before the cursor.
  package private(set) var cursor: Int
  /// Whether the whole text is selected: the next character replaces it.
  package private(set) var isSelected = false
  /// The most bytes of UTF-8 in the text; more are not taken.
  package var maximumByteCount: Int

  /// An editor with the cursor after its text.
  package init(_ text: String = "", maximumByteCount: Int) {
    self.text = text
    cursor = text.count
    self.maximumByteCount = maximumByteCount
  }

  /// An editor with a proposed value, which is selected.
  package init(proposing text: String, maximumByteCount: Int) {
    self.init(text, maximumByteCount: maximumByteCount)
    isSelected = true
  }

  /// Inserts text before the cursor, as much as fits; in place of the whole text if that is selected.
  package mutating func insert(_ insertion: String) {
    guard !insertion.isEmpty else { return }
    if isSelected { replace(with: "") }
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
    isSelected = false
  }

  /// Replaces the text by a proposed value, which is selected.
  package mutating func propose(_ newText: String) {
    replace(with: newText)
    isSelected = true
  }

  /// Puts the cursor before a character, given by its offset; at the end beyond it.
  package mutating func moveCursor(to offset: Int) {
    cursor = min(max(offset, 0), text.count)
    isSelected = false
  }

  /// Puts the cursor before the character that has a scalar, given by its index.
  package mutating func moveCursor(toScalar index: Int) {
    moveCursor(
      to: String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(index, 0)))).count)
  }

  /// Replaces characters before the cursor.
  package mutating func replace(last count: Int, with insertion: String) {
    delete(from: cursor - min(max(count, 0), cursor))
    insert(insertion)
  }

  /// Moves the cursor or deletes.
  package mutating func perform(_ edit: Action.Edit) {
    if isSelected, [.deleteBackward, .deleteForward, .deleteWord].contains(edit) {
      return replace(with: "")
    }
    isSelected = false
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
