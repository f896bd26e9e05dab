package import ControlProtocol
import Vocabulary

/// The dialog that sets or unsets a limit: old and new value, forecast, the fate of sessions over
/// it, the revert, and an explicit yes.
package struct LimitForm: Form {
  /// The row as it was when the dialog was opened.
  package var row: LimitRow
  /// Whether the limit is unset.
  package var isUnset: Bool
  /// The scopes where it can be set, the row's own first.
  package var scopes: [LimitScope]
  /// The index of the chosen scope.
  package var scopeIndex = 0
  /// The new value, as typed.
  package var value: LineEditor
  /// The fate of sessions over it.
  package var fate = Fate.keep
  /// The time until it reverts, as typed; empty: never.
  package var revertAfter = LineEditor(maximumByteCount: 16)
  /// The buttons.
  package var buttons = Buttons()
  /// The field with the focus.
  package var focus: Field
  /// The forecast of the change.
  package var preview = Preview()

  /// The fields, from top to bottom.
  package enum Field: Int, FormField {
    case scope, value, fate, revertAfter, buttons
  }

  /// The fates of sessions over the new value.
  package enum Fate: String, CaseIterable, Sendable {
    case keep = "keep until they breach it again"
    case largest = "close, the largest first"
    case idlest = "close, the idlest first"
    case newest = "close, the newest first"

    /// The order in which they are closed; nil: they are kept.
    package var order: OverLimitOrder? {
      switch self {
      case .keep: nil
      case .largest: .largest
      case .idlest: .idlest
      case .newest: .newest
      }
    }
  }

  /// The engine's forecast of the change.
  package struct Preview: Equatable, Sendable {
    /// The forecast.
    package var forecast: LimitForecast?
    /// The change that the forecast is of.
    package var answered: LimitChange?
    /// The change that the engine was asked about and has not answered yet.
    package var asked: LimitChange?

    /// Nothing is known yet.
    package init() {}
  }

  /// A dialog for a row, with further scopes where the limit can be set.
  package init(row: LimitRow, isUnset: Bool, otherScopes: [LimitScope]) {
    self.row = row
    self.isUnset = isUnset
    scopes = [row.scope] + (isUnset ? [] : otherScopes.filter { $0 != row.scope })
    value = LineEditor(proposing: row.value, maximumByteCount: 32)
    focus = isUnset ? .buttons : .value
  }

  /// The chosen scope.
  package var scope: LimitScope {
    scopes.indices.contains(scopeIndex) ? scopes[scopeIndex] : row.scope
  }

  /// The change, without the run of the engine.
  package var change: LimitChange {
    var change = LimitChange(scope: scope)
    if isUnset {
      change.unset = [row.key.rawValue]
    } else {
      change.set = [row.key.rawValue: value.text]
    }
    if let order = fate.order {
      change.over = .close
      change.order = order
    }
    if !revertAfter.text.isEmpty { change.revertAfter = revertAfter.text }
    return change
  }

  /// The question for the forecast; nil if the value is invalid.
  package var question: LimitChange? {
    guard valueProblem == nil else { return nil }
    var change = change
    (change.over, change.order, change.revertAfter) = (nil, nil, nil)
    change.dryRun = true
    return change
  }

  /// The forecast, if it is of the dialog's present change.
  package var forecast: LimitForecast? {
    preview.answered == question ? preview.forecast : nil
  }

  /// The problem that keeps the change from being made, or nil.
  package var problem: FormProblem<Field>? {
    if let problem = valueProblem { return FormProblem(problem, in: .value) }
    do throws(ControlError) {
      _ = try change.checked()
      return nil
    } catch {
      return FormProblem(error.error.message, in: .revertAfter)
    }
  }

  private var valueProblem: String? {
    guard !isUnset else { return nil }
    do throws(LimitError) {
      _ = try row.key.value(from: value.text)
      return nil
    } catch {
      return error.description
    }
  }

  package func isOfUse(_ field: Field) -> Bool {
    switch field {
    case .scope: scopes.count > 1
    case .value: !isUnset
    case .fate: row.key.knowsSessionsOver
    case .revertAfter, .buttons: true
    }
  }

  /// Enter leads from a value that holds to the question at once, past the rare fields, which Tab
  /// goes to; what does not hold it does not leave.
  package func next(after field: Field) -> Field? {
    if problem?.field == field { return field }
    return field == .value ? .buttons : nil
  }

  package mutating func edit(_ edit: Action.Edit) {
    let step = edit == .left ? -1 : edit == .right ? 1 : 0
    switch focus {
    case .scope: scopeIndex = (scopeIndex + scopes.count + step) % scopes.count
    case .value: value.perform(edit)
    case .fate: fate = fate.cycled(by: step)
    case .revertAfter: revertAfter.perform(edit)
    case .buttons: break
    }
  }

  package mutating func insert(_ text: String) -> Bool {
    switch focus {
    case .value: value.insert(text.onOneLine)
    case .revertAfter: revertAfter.insert(text.onOneLine)
    case .scope, .fate, .buttons: return false
    }
    return true
  }

  package var dialog: Dialog { .limit(self) }

  package func act(in context: inout ScreenContext) -> [Effect] { context.changeLimit(self) }

  package func view(in context: ScreenContext) -> FormView { FormView(self, context) }
}
