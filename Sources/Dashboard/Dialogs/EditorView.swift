/// A field as it is drawn: the part of its text around the cursor.
enum EditorView {
  /// The visible part, escaped, and the column of the cursor in it.
  static func visible(
    _ editor: LineEditor, columns: Int, repertoire: Repertoire
  ) -> (text: String, cursor: Int) {
    guard columns > 0 else { return ("", 0) }
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
    return (text[start..<end].map { repertoire.shown(String($0)) }.joined(), column)
  }
}
