package import ControlProtocol

/// The dialog that asks before a request that has no dialog of its own.
package struct ConfirmForm: Equatable, Sendable {
  /// What is asked: `Stop the engine?`.
  package var question: String
  /// What follows from a yes.
  package var explanation: String
  /// The request.
  package var request: ControlRequest
  /// The command line that does the same, without the words that attach it.
  package var words: [String]
  /// The buttons.
  package var buttons = Buttons()

  /// A question.
  package init(
    question: String, explanation: String, request: ControlRequest, words: [String]
  ) {
    self.question = question
    self.explanation = explanation
    self.request = request
    self.words = words
  }

  /// Takes an action.
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
