package import ControlProtocol

/// The dialog that asks before a request that has no dialog of its own.
package struct ConfirmForm: QuestionForm {
  /// The question, such as `Stop the engine?`.
  package var question: String
  /// The consequence of a yes.
  package var explanation: String
  /// The request.
  package var request: ControlRequest
  /// The command line that does the same, without the options that attach it.
  package var words: [String]
  /// The buttons.
  package var buttons = Buttons()

  /// The focus: only the buttons can have it.
  package var focus = ButtonsField.buttons

  /// A question.
  package init(
    question: String, explanation: String, request: ControlRequest, words: [String]
  ) {
    self.question = question
    self.explanation = explanation
    self.request = request
    self.words = words
  }

  package var dialog: Dialog { .confirm(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { context.confirm(self) }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
