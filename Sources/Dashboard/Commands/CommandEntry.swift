import ControlProtocol
import Vocabulary

/// The command line while it is typed: its text, its place in the history, and the completion.
package struct CommandEntry: Equatable, Sendable {
  /// The text.
  package var editor = LineEditor(maximumByteCount: 4096)
  /// The completion that Tab began; nil after any other key.
  package var completion: Completion?
  /// Why a text was refused; nil after any other key.
  package private(set) var complaint: String?
  /// The index in the history that is shown; nil: the text is new.
  private var place: Int?
  /// The new text, while an old one is shown.
  private var draft = ""

  /// The candidates that Tab goes through.
  package struct Completion: Equatable, Sendable {
    /// The words that fit.
    package var candidates: [String]
    /// The candidate in the line; nil: only their common prefix.
    package var index: Int?
    /// The line before the word, as it was typed.
    var head: String
    /// The line behind the cursor.
    var tail: String
  }

  /// An empty line.
  package init(_ text: String = "") {
    editor.insert(text)
  }

  /// A line that was refused, with the cursor behind the first word that the sentence quotes.
  init(refused line: String, _ fault: CommandFault) {
    self.init(line)
    let word = CommandWords(line).words.first { fault.message.contains("'\($0.text)'") }
    if let word { editor.moveCursor(to: word.start + word.text.count) }
  }

  /// Inserts typed or pasted text whole or not at all: half a command may be quite another one.
  package mutating func insert(_ text: String) {
    completion = nil
    complaint = nil
    guard editor.text.utf8.count + text.utf8.count <= editor.maximumByteCount else {
      complaint =
        "not taken: a command has at most "
        + QuantityText.readableCount(editor.maximumByteCount) + " bytes"
      return
    }
    editor.insert(text)
  }

  /// Moves the cursor or deletes.
  package mutating func perform(_ edit: Action.Edit) {
    editor.perform(edit)
    completion = nil
    complaint = nil
  }

  /// Shows the command before or after; at the end, the text that was being typed.
  package mutating func recall(older: Bool, from history: CommandHistory) {
    completion = nil
    complaint = nil
    let count = history.lines.count
    let next = (place ?? count) + (older ? -1 : 1)
    guard next >= 0, next <= count, place != nil || older else { return }
    if place == nil { draft = editor.text }
    place = next == count ? nil : next
    editor.replace(with: next == count ? draft : history.lines[next])
  }

  /// Completes the word before the cursor, or goes on to the next candidate.
  ///
  /// - Parameter find: gives the candidates for a line up to the cursor.
  package mutating func complete(
    backwards: Bool = false, _ find: (String) -> CommandCompletion
  ) {
    complaint = nil
    if let old = completion, old.candidates.count > 1 {
      let count = old.candidates.count
      let index = old.index.map { ($0 + (backwards ? count - 1 : 1)) % count }
      choose(index ?? (backwards ? count - 1 : 0), of: old)
      return
    }
    let cursor = editor.text.index(editor.text.startIndex, offsetBy: editor.cursor)
    let line = String(editor.text[..<cursor])
    let found = find(line)
    guard let first = found.candidates.first else {
      completion = nil
      return
    }
    let new = Completion(
      candidates: found.candidates, head: String(line.prefix(found.start)),
      tail: String(editor.text[cursor...]))
    guard found.candidates.count > 1 else {
      set(new.head + first + (Self.isBeginning(first) ? "" : " "), tail: new.tail)
      completion = nil
      return
    }
    let common = found.candidates.commonPrefix
    let typed = line.dropFirst(found.start)
    completion = new
    if common.count > typed.count { set(new.head + common, tail: new.tail) }
  }

  private mutating func choose(_ index: Int, of old: Completion) {
    var completion = old
    completion.index = index
    set(old.head + old.candidates[index], tail: old.tail)
    self.completion = completion
  }

  private mutating func set(_ text: String, tail: String) {
    editor.replace(with: text + tail)
    for _ in tail { editor.perform(.left) }
  }

  /// Whether the word is unfinished, so that no space follows: a key and its operator, or an open
  /// quote.
  private static func isBeginning(_ word: String) -> Bool {
    word.last.map { "=<>~".contains($0) } ?? false || word.hasPrefix("\"") || word.hasPrefix("'")
  }
}
