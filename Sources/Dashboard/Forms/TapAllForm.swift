import ControlProtocol

/// The dialog that asks before the messages of all sessions are shown: no filter is set.
package struct TapAllForm: Form {
  /// How many sessions were open when the dialog was opened.
  package let count: Int
  /// The number of sessions, as typed.
  package var typedCount = LineEditor(maximumByteCount: 16)
  /// The buttons.
  package var buttons = Buttons()
  /// The field with the focus.
  package var focus = Field.count

  /// The fields, from top to bottom.
  package enum Field: FormField {
    case count, buttons
  }

  package var problem: FormProblem<Field>? {
    TypedCount.matches(typedCount.text, count)
      ? nil : FormProblem("type \(count) to go on", in: .count)
  }

  package mutating func edit(_ edit: Action.Edit) { typedCount.perform(edit) }

  package mutating func insert(_ text: String) -> Bool {
    guard focus == .count else { return false }
    typedCount.insert(text.filter { $0.isASCII && ($0.isNumber || $0 == " ") })
    return true
  }

  package var dialog: Dialog { .tapAll(self) }

  package func act(in context: inout ScreenContext) -> [Effect] {
    context.openTap(of: .filter(""))
    return []
  }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
