package import ControlProtocol
import Vocabulary

/// The dialog that changes a limit or takes its setting away: old, new, what that would have
/// rejected, what becomes of sessions over it, when it reverts, and an explicit yes.
package struct LimitForm: Form {
  /// The row as it was when the dialog was opened.
  package var row: LimitRow
  /// Whether the setting is taken away.
  package var isUnset: Bool
  /// Where it can be set, the row's own place first.
  package var scopes: [LimitScope]
  /// The place that is chosen.
  package var scopeIndex = 0
  /// The new value, as typed.
  package var value: LineEditor
  /// What becomes of sessions that are over it.
  package var fate = Fate.keep
  /// After what time it reverts, as typed; empty: never.
  package var revertAfter = LineEditor(maximumByteCount: 16)
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus: Field
  /// What is known of the change.
  package var preview = Preview()

  /// What can have the focus, from top to bottom.
  package enum Field: Int, FormField, Sendable {
    case scope, value, fate, revertAfter, buttons
  }

  /// What becomes of sessions that are over the new value already.
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

  /// What the engine says that the change would do.
  package struct Preview: Equatable, Sendable {
    /// What it said, and of which change.
    package var forecast: LimitForecast?
    /// The change that the forecast is of.
    package var answered: LimitChange?
    /// The change that it was asked about and has not answered yet.
    package var asked: LimitChange?

    /// Nothing is known yet.
    package init() {}
  }

  /// A dialog for a row, with further places where the limit can be set.
  package init(row: LimitRow, isUnset: Bool, otherScopes: [LimitScope]) {
    self.row = row
    self.isUnset = isUnset
    scopes = [row.scope] + (isUnset ? [] : otherScopes.filter { $0 != row.scope })
    value = LineEditor(row.value, maximumByteCount: 32)
    focus = isUnset ? .buttons : .value
  }

  /// Where it is set.
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

  /// The question what the value would do; nil if it is none.
  package var question: LimitChange? {
    guard valueProblem == nil else { return nil }
    var change = change
    (change.over, change.order, change.revertAfter) = (nil, nil, nil)
    change.dryRun = true
    return change
  }

  /// The forecast, if it is one of the change that is in the dialog now.
  package var forecast: LimitForecast? {
    preview.answered == question ? preview.forecast : nil
  }

  /// What is wrong; nil if the change can be made.
  package var problem: String? {
    if let problem = valueProblem { return problem }
    do throws(ControlError) {
      _ = try change.checked()
      return nil
    } catch {
      return error.error.message
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

  /// Who only wants another value is not led through what is seldom wanted: Tab goes there.
  package func next(after field: Field) -> Field? { field == .value ? .buttons : nil }

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
