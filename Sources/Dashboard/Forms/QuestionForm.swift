/// The one field of a question: its buttons.
package enum ButtonsField: FormField {
  case buttons
}

/// A form without fields: a question, and a yes or no.
package protocol QuestionForm: Form where Field == ButtonsField {}

extension QuestionForm {
  package var problem: FormProblem<ButtonsField>? { nil }

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
}
