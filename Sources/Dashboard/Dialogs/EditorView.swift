/// A field as it is drawn: the part of its text around the cursor.
enum EditorView {
  /// The visible part of a field.
  struct Part: Equatable {
    /// The text, escaped.
    var text = ""
    /// The column of the cursor in it.
    var cursor = 0
    /// The number of the field's characters before it.
    var first = 0
  }

  /// The visible part.
  static func visible(_ editor: LineEditor, columns: Int, repertoire: Repertoire) -> Part {
    guard columns > 0 else { return Part() }
    let text = editor.text
    let cursor = text.index(text.startIndex, offsetBy: editor.cursor)
    var start = cursor
    var width = 0
    while start > text.startIndex {
      let previous = text.index(before: start)
      let next = width + DisplayWidth.of(repertoire.shown(String(text[previous])))
      guard next < columns else { break }
      width = next
      start = previous
    }
    let column = width
    var end = cursor
    while end < text.endIndex {
      let next = width + DisplayWidth.of(repertoire.shown(String(text[end])))
      guard next <= columns else { break }
      width = next
      end = text.index(after: end)
    }
    return Part(
      text: text[start..<end].map { repertoire.shown(String($0)) }.joined(), cursor: column,
      first: text.distance(from: text.startIndex, to: start))
  }

  /// The column of a scalar of the whole text, from the part's start; 0 if it is scrolled out at
  /// the left.
  static func column(
    ofScalar scalar: Int, in text: String, _ part: Part, repertoire: Repertoire
  ) -> Int {
    let before = String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(scalar, 0))))
    return before.dropFirst(part.first)
      .reduce(0) { $0 + DisplayWidth.of(repertoire.shown(String($1))) }
  }
}
