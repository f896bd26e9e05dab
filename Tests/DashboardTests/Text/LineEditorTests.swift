import Testing

@testable import Dashboard

@Suite("Line editor")
struct LineEditorTests {
  @Test("Text goes in at the cursor and out around it")
  func edits() {
    var editor = LineEditor("hello", maximumByteCount: 20)
    editor.perform(.start)
    editor.insert("<")
    editor.perform(.right)
    editor.perform(.deleteForward)
    #expect(editor.text == "<hllo")
    editor.perform(.end)
    editor.perform(.deleteBackward)
    #expect(editor.text == "<hll")
    editor.insert(" two words")
    editor.perform(.deleteWord)
    #expect(editor.text == "<hll two ")
    editor.perform(.deleteWord)
    #expect(editor.text == "<hll ", "the spaces behind a word go with it")
    editor.perform(.deleteAll)
    #expect(editor.text == "" && editor.cursor == 0)
    editor.perform(.left)
    editor.perform(.deleteBackward)
    editor.perform(.deleteForward)
    editor.perform(.deleteWord)
    #expect(editor.cursor == 0)
  }

  @Test("What does not fit is not taken, and no character is cut")
  func limits() {
    var editor = LineEditor(maximumByteCount: 5)
    editor.insert("ab日本")
    #expect(editor.text == "ab日")
    editor.insert("x")
    #expect(editor.text == "ab日")
  }

  @Test("A mark that joins the character before it leaves the cursor in the text")
  func joins() {
    var editor = LineEditor("eb", maximumByteCount: 50)
    editor.perform(.left)
    editor.insert("\u{301}")
    #expect(editor.text == "e\u{301}b")
    #expect(editor.cursor == 1)
    editor.insert("x")
    #expect(editor.text == "e\u{301}xb")
  }
}
