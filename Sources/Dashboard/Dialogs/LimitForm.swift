package import ControlProtocol
import Vocabulary

/// The dialog that changes a limit or takes its setting away: old, new, and an explicit yes.
package struct LimitForm: Equatable, Sendable {
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
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus: Focus

  /// What can have the focus, from top to bottom.
  package enum Focus: Int, CaseIterable, Sendable {
    case scope, value, buttons
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

  /// What is wrong; nil if the value can be set.
  package var problem: String? {
    guard !isUnset else { return nil }
    do throws(LimitError) {
      _ = try row.key.value(from: value.text)
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
    case .edit(let edit):
      switch focus {
      case .scope:
        if edit == .left { scopeIndex = (scopeIndex + scopes.count - 1) % scopes.count }
        if edit == .right { scopeIndex = (scopeIndex + 1) % scopes.count }
      case .value: value.perform(edit)
      case .buttons: buttons.perform(edit)
      }
    default: break
    }
    return .stay
  }

  /// Takes typed or pasted text; false where no field has the focus.
  package mutating func insert(_ text: String) -> Bool {
    guard focus == .value else { return false }
    value.insert(text)
    return true
  }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) -> FormStep {
    buttons.isYes = false
    guard !isUnset else { return .stay }
    focus = focus.cycled(by: step)
    if focus == .scope, scopes.count < 2 { focus = focus.cycled(by: step) }
    return .stay
  }
}
