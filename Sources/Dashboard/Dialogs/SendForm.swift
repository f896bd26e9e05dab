import ControlProtocol
import Vocabulary

/// The dialog that sends a message or a ping.
package struct SendForm: Equatable, Sendable {
  /// Whom, and how fast.
  package var plan: ActPlan
  /// What is sent.
  package var mode = Mode.text
  /// The message, as typed: text, or bytes as hexadecimal digits.
  package var payload = LineEditor(maximumByteCount: 256 << 10)
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus = Focus.payload

  /// What is sent.
  package enum Mode: String, CaseIterable, Sendable {
    case text
    case binary
    case ping
    case json
  }

  /// What can have the focus, from top to bottom.
  package enum Focus: Int, CaseIterable, Sendable {
    case mode, payload, rate, jitter, count, buttons

    /// The field of the plan, if it is one.
    var field: ActPlan.Field? {
      switch self {
      case .rate: .rate
      case .jitter: .jitter
      case .count: .count
      case .mode, .payload, .buttons: nil
      }
    }
  }

  /// A dialog for a plan.
  package init(_ plan: ActPlan) {
    self.plan = plan
  }

  /// The message's bytes, or what is wrong with them.
  package var bytes: Result<[UInt8], HexBytes.Problem> {
    switch mode {
    case .text, .json: .success(Array(payload.text.utf8))
    case .ping: .success([])
    case .binary: Result { () throws(HexBytes.Problem) in try HexBytes.bytes(from: payload.text) }
    }
  }

  /// What is wrong; nil if it can be sent.
  package var problem: String? {
    switch bytes {
    case .success: (mode == .json ? jsonProblem : nil) ?? plan.problem
    case .failure(.notADigit(let column)): "column \(column) is no hexadecimal digit"
    case .failure(.oddDigit): "a byte has two hexadecimal digits"
    }
  }

  private var jsonProblem: String? {
    do throws(JSONText.Fault) {
      try JSONText.check(payload.text)
      return nil
    } catch {
      return error.description
    }
  }

  /// Takes an action.
  package mutating func perform(_ action: Action) -> FormStep {
    switch action {
    case .cancel: return .cancel
    case .yes, .no:
      guard focus == .buttons else { return .stay }
      return action == .yes ? confirmed : .cancel
    case .accept:
      guard focus == .buttons else { return move(by: 1) }
      return buttons.isYes ? confirmed : .cancel
    case .nextField, .stepDown: return move(by: 1)
    case .previousField, .stepUp: return move(by: -1)
    case .nextSubjects:
      guard plan.chooseNext() else { break }
      // What was chosen for the others is chosen for them alone.
      buttons = Buttons()
      if !isOfUse(focus) { focus = .buttons }
    case .edit(let edit):
      switch focus {
      case .rate, .jitter, .count: focus.field.map { plan.perform(edit, in: $0) }
      case .mode:
        if edit == .left { mode = mode.cycled(by: -1) }
        if edit == .right { mode = mode.cycled(by: 1) }
      case .payload: payload.perform(edit)
      case .buttons: buttons.perform(edit)
      }
    default: break
    }
    return .stay
  }

  /// Takes typed or pasted text; false where no field has the focus.
  package mutating func insert(_ text: String) -> Bool {
    if let field = focus.field {
      plan.insert(text.filter { !$0.isNewline }, into: field)
      return true
    }
    guard focus == .payload, mode != .ping else { return false }
    payload.insert(text)
    return true
  }

  private func isOfUse(_ focus: Focus) -> Bool {
    if let field = focus.field { return plan.has(field) }
    return focus != .payload || mode != .ping
  }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) -> FormStep {
    repeat { focus = focus.cycled(by: step) } while !isOfUse(focus)
    // To send to one session destroys nothing: the button that sends comes first.
    buttons.isYes = focus == .buttons && !plan.subjects.areMany
    return .stay
  }
}
