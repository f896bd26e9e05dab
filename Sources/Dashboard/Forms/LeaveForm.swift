/// The dialog that asks before a console is left with which the engine ends.
package struct LeaveForm: QuestionForm {
  /// The buttons.
  package var buttons = Buttons()
  /// The focus: only the buttons can have it.
  package var focus = ButtonsField.buttons

  package var dialog: Dialog { .leave(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { [.quit] }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
