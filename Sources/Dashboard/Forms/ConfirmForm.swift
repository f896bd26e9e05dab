package import ControlProtocol

/// The dialog that asks before a request that has no dialog of its own.
package struct ConfirmForm: Form {
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
  package var focus = Field.buttons

  /// The one field.
  package enum Field: FormField, Sendable {
    case buttons
  }

  /// A question.
  package init(
    question: String, explanation: String, request: ControlRequest, words: [String]
  ) {
    self.question = question
    self.explanation = explanation
    self.request = request
    self.words = words
  }

  package var problem: String? { nil }

  package mutating func edit(_ edit: Action.Edit) {}

  package mutating func insert(_ text: String) -> Bool { false }

  /// Performs an action; Tab goes to the other button, since there is no other field.
  package mutating func perform(_ action: Action) -> FormStep {
    switch action {
    case .cancel, .no: return .cancel
    case .yes: return .perform
    case .accept: return buttons.isYes ? .perform : .cancel
    case .nextField, .previousField: buttons.isYes.toggle()
    case .edit(let edit): buttons.perform(edit)
    default: break
    }
    return .stay
  }

  package var dialog: Dialog { .confirm(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { context.confirm(self) }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
