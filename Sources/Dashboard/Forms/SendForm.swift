package import ControlProtocol
import Vocabulary

/// The dialog that sends a message or a ping.
package struct SendForm: PlannedForm {
  /// The target and the pace.
  package var plan: ActPlan
  /// The kind of the message.
  package var mode = Mode.text
  /// The message, as typed: text, or bytes as hexadecimal digits.
  package var payload = LineEditor(maximumByteCount: 256 << 10)
  /// The buttons.
  package var buttons = Buttons()
  /// The field with the focus.
  package var focus = Field.payload

  /// The kinds of messages.
  package enum Mode: String, CaseIterable, Sendable {
    case text
    case binary
    case ping
    case json
  }

  /// The fields, from top to bottom.
  package enum Field: Int, PlannedField {
    case mode, payload, rate, jitter, count, buttons

    /// The field of the plan, if it is one.
    package var planned: ActPlan.Field? {
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

  /// The message's bytes, or the fault in the hexadecimal digits.
  package var bytes: Result<[UInt8], HexBytes.Problem> {
    switch mode {
    case .text, .json: .success(Array(payload.text.utf8))
    case .ping: .success([])
    case .binary: Result { () throws(HexBytes.Problem) in try HexBytes.bytes(from: payload.text) }
    }
  }

  /// The problem that keeps the message from being sent, or nil.
  package var problem: FormProblem<Field>? {
    switch bytes {
    case .success: (mode == .json ? jsonProblem : nil) ?? planProblem
    case .failure(.notADigit(let column)):
      FormProblem("column \(column) is no hexadecimal digit", in: .payload, at: column - 1)
    case .failure(.oddDigit): FormProblem("a byte has two hexadecimal digits", in: .payload)
    }
  }

  private var jsonProblem: FormProblem<Field>? {
    do throws(JSONText.Fault) {
      try JSONText.check(payload.text)
      return nil
    } catch {
      return FormProblem(error.description, in: .payload, at: error.column - 1)
    }
  }

  package mutating func moveCursor(to offset: Int) { payload.moveCursor(toScalar: offset) }

  /// A message to one session destroys nothing.
  package var isHarmless: Bool { !plan.subjects.areMany }

  package func isOfUse(_ field: Field) -> Bool {
    if let field = field.planned { return plan.has(field) }
    return field != .payload || mode != .ping
  }

  package mutating func edit(_ edit: Action.Edit) {
    switch focus {
    case .rate, .jitter, .count: focus.planned.map { plan.perform(edit, in: $0) }
    case .mode:
      if edit == .left { mode = mode.cycled(by: -1) }
      if edit == .right { mode = mode.cycled(by: 1) }
    case .payload: payload.perform(edit)
    case .buttons: break
    }
  }

  package mutating func insert(_ text: String) -> Bool {
    if let field = focus.planned {
      plan.insert(text.filter { !$0.isNewline }, into: field)
      return true
    }
    guard focus == .payload, mode != .ping else { return false }
    payload.insert(text)
    return true
  }

  package var dialog: Dialog { .send(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { context.send(self) }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
