package import ControlProtocol

/// The line in which a filter is typed, with the completion that Tab has begun.
package struct FilterLine: Equatable, Sendable {
  /// The text.
  package private(set) var editor: LineEditor
  /// The completion that is under way.
  package var completion: Completion?
  /// Why the text is no filter; nil: it is one.
  package private(set) var error: ControlError.Body?
  /// The last text that was a filter, which is tried while the line is open.
  package private(set) var tried: String

  /// The candidates that Tab goes through.
  package struct Completion: Equatable, Sendable {
    /// The candidates.
    package var found: FilterCompletion
    /// The candidate in the line; nil: none yet.
    package var index: Int?
  }

  /// A line with a text.
  package init(_ text: String) {
    editor = LineEditor(text, maximumByteCount: 4096)
    tried = text
  }

  /// Inserts typed or pasted text.
  package mutating func insert(_ text: String) {
    editor.insert(text.onOneLine)
    completion = nil
    check()
  }

  /// Performs an action; a text that is no filter is not accepted, but shown where it is wrong.
  ///
  /// - Parameter known: the values that completion offers, gathered for it alone.
  package mutating func perform(
    _ action: Action, knowing known: @autoclosure () -> KnownValues
  ) -> FormStep {
    let old = editor.text
    switch action {
    case .cancel: return .cancel
    case .accept:
      completion = nil
      check()
      guard let error else { return .perform }
      editor.moveCursor(toScalar: FilterErrorText.scalar(of: error))
    case .complete, .completeBackward:
      complete(backward: action == .completeBackward, knowing: known())
    case .edit(let edit):
      editor.perform(edit)
      completion = nil
    default: break
    }
    if editor.text != old { check() }
    return .stay
  }

  private mutating func check() {
    do throws(FilterError) {
      _ = try SessionFilter(editor.text)
      error = nil
      tried = editor.text
    } catch {
      self.error = ControlError(error).error
    }
  }

  /// Completes the common prefix before the cursor, then goes through the candidates.
  package mutating func complete(backward: Bool, knowing known: KnownValues) {
    if var going = completion, !going.found.candidates.isEmpty {
      let count = going.found.candidates.count
      let next = going.index.map { ($0 + (backward ? count - 1 : 1)) % count }
      let index = next ?? (backward ? count - 1 : 0)
      let current = editor.cursor - going.found.start
      editor.replace(last: max(current, 0), with: going.found.candidates[index].text)
      going.index = index
      completion = going
      return
    }
    let before = String(editor.text.prefix(editor.cursor))
    let found = FilterCompletion(of: before, knowing: known)
    let typed = String(before.dropFirst(found.start))
    switch found.candidates.count {
    case 0: completion = Completion(found: found)
    case 1:
      editor.replace(last: typed.count, with: found.candidates[0].text)
      completion = nil
    default:
      let common = found.commonPrefix
      // A value that needs quotes gets them as it is completed.
      if common.count > typed.count, common.hasPrefix(typed) || common.hasPrefix("\"" + typed) {
        editor.replace(last: typed.count, with: common)
      }
      completion = Completion(found: found)
    }
  }
}
