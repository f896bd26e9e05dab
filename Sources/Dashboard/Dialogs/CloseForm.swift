import ControlProtocol
package import Vocabulary

/// The dialog that closes sessions: code, reason, and an explicit yes.
package struct CloseForm: Equatable, Sendable {
  /// Whom, and how fast.
  package var plan: ActPlan
  /// The code, as typed: a number or a name.
  package var code = LineEditor("1000", maximumByteCount: 32)
  /// The reason, as typed.
  package var reason = LineEditor(maximumByteCount: 512)
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus = Focus.code

  /// What can have the focus, from top to bottom.
  package enum Focus: Int, CaseIterable, Sendable {
    case code, reason, rate, jitter, count, buttons

    /// The field of the plan, if it is one.
    var field: ActPlan.Field? {
      switch self {
      case .rate: .rate
      case .jitter: .jitter
      case .count: .count
      case .code, .reason, .buttons: nil
      }
    }
  }

  /// A dialog for a plan.
  package init(_ plan: ActPlan) {
    self.plan = plan
  }

  /// The code, if it may be sent.
  package var validCode: CloseCode? { CloseCode(sendable: code.text) }

  /// What is wrong; nil if the sessions can be closed so.
  package var problem: String? {
    if validCode == nil {
      return "\(code.text.isEmpty ? "the code" : code.text) may not be sent, but "
        + CloseCode.sendableText
    }
    let count = reason.text.utf8.count
    if count > CloseRequest.maximumReasonByteCount {
      return "the reason has \(count) bytes; \(CloseRequest.maximumReasonByteCount) fit"
    }
    return plan.problem
  }

  /// What the code means.
  package var codeName: String {
    guard let number = UInt16(code.text) else {
      return validCode.map { String($0.rawValue) } ?? "no code"
    }
    let code = CloseCode(rawValue: number)
    if let name = code.name { return name }
    switch number {
    case 3000...3999: return "of a library or framework"
    case 4000...4999: return "of the application"
    default: return "unassigned"
    }
  }

  /// Steps the code through those that have names.
  package mutating func stepCode(by step: Int) {
    let current = validCode?.rawValue ?? UInt16(code.text) ?? 0
    let codes = CloseCode.named
    let next =
      step > 0
      ? codes.first { $0.rawValue > current } ?? codes.first
      : codes.last { $0.rawValue < current } ?? codes.last
    if let next { code.replace(with: String(next.rawValue)) }
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
    case .nextField: return move(by: 1)
    case .previousField: return move(by: -1)
    case .stepUp:
      guard focus == .code else { return move(by: -1) }
      stepCode(by: 1)
    case .stepDown:
      guard focus == .code else { return move(by: 1) }
      stepCode(by: -1)
    case .nextSubjects:
      guard plan.chooseNext() else { break }
      // What was chosen for the others is chosen for them alone.
      buttons = Buttons()
      if !isOfUse(focus) { focus = .buttons }
    case .edit(let edit):
      switch focus {
      case .code: code.perform(edit)
      case .reason: reason.perform(edit)
      case .buttons: buttons.perform(edit)
      case .rate, .jitter, .count: focus.field.map { plan.perform(edit, in: $0) }
      }
    default: break
    }
    return .stay
  }

  /// Takes typed or pasted text; false where no field has the focus.
  package mutating func insert(_ text: String) -> Bool {
    switch focus {
    case .code:
      code.insert(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "- ".contains($0)) })
    case .reason: reason.insert(text)
    case .rate, .jitter, .count: focus.field.map { plan.insert(text, into: $0) }
    case .buttons: return false
    }
    return true
  }

  private func isOfUse(_ focus: Focus) -> Bool { focus.field.map { plan.has($0) } ?? true }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) -> FormStep {
    repeat { focus = focus.cycled(by: step) } while !isOfUse(focus)
    buttons.isYes = false
    return .stay
  }
}
