import ControlProtocol
package import Vocabulary

/// The dialog that closes sessions: code, reason, and an explicit yes.
package struct CloseForm: PlannedForm {
  /// The target and the pace.
  package var plan: ActPlan
  /// The code, as typed: a number or a name.
  package var code = LineEditor(proposing: "1000", maximumByteCount: 32)
  /// The reason, as typed.
  package var reason = LineEditor(maximumByteCount: 512)
  /// The buttons.
  package var buttons = Buttons()
  /// The field with the focus.
  package var focus = Field.code

  /// The fields, from top to bottom.
  package enum Field: Int, PlannedField {
    case code, reason, rate, jitter, count, buttons

    /// The field of the plan, if it is one.
    package var planned: ActPlan.Field? {
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

  /// The problem that keeps the sessions from being closed so, or nil.
  package var problem: FormProblem<Field>? {
    if validCode == nil {
      let name = code.text.isEmpty ? "the code" : code.text
      return FormProblem("\(name) may not be sent, but " + CloseCode.sendableText, in: .code)
    }
    let count = reason.text.utf8.count
    if count > CloseRequest.maximumReasonByteCount {
      return FormProblem(
        "the reason has \(count) bytes; \(CloseRequest.maximumReasonByteCount) fit", in: .reason)
    }
    return planProblem
  }

  /// The meaning of the code.
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

  /// Steps the code through the named codes.
  package mutating func stepCode(by step: Int) {
    let current = validCode?.rawValue ?? UInt16(code.text) ?? 0
    let codes = CloseCode.named
    let next =
      step > 0
      ? codes.first { $0.rawValue > current } ?? codes.first
      : codes.last { $0.rawValue < current } ?? codes.last
    if let next { code.propose(String(next.rawValue)) }
  }

  package func isOfUse(_ field: Field) -> Bool { field.planned.map { plan.has($0) } ?? true }

  package mutating func edit(_ edit: Action.Edit) {
    switch focus {
    case .code: code.perform(edit)
    case .reason: reason.perform(edit)
    case .rate, .jitter, .count: focus.planned.map { plan.perform(edit, in: $0) }
    case .buttons: break
    }
  }

  package mutating func step(isUp: Bool) -> Bool {
    guard focus == .code else { return false }
    stepCode(by: isUp ? 1 : -1)
    return true
  }

  package func isStepped(_ field: Field) -> Bool { field == .code }

  package mutating func insert(_ text: String) -> Bool {
    let line = text.onOneLine
    switch focus {
    case .code:
      code.insert(line.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "- ".contains($0)) })
    case .reason: reason.insert(line)
    case .rate, .jitter, .count: focus.planned.map { plan.insert(line, into: $0) }
    case .buttons: return false
    }
    return true
  }

  package var dialog: Dialog { .close(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { context.close(self) }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
