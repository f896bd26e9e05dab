package import ControlProtocol
import Vocabulary

/// The limits screen: each limit with its value, scope and source.
package struct LimitsScreen: ScreenState {
  package static let title = "Limits"
  package static let digit: Character = "4"

  /// Whether only limits are shown that are set.
  package var isSetOnly = false
  /// The cursor and the visible part.
  package var position = ListPosition()

  /// All limits.
  package init() {}

  /// The rows: all, or those of limits that are set.
  package func rows(in context: ScreenContext) -> [LimitRow] { shown(of: context.latest.limits) }

  /// The row under the cursor.
  package func current(in context: ScreenContext) -> LimitRow? {
    let rows = rows(in: context)
    return rows.indices.contains(position.cursor) ? rows[position.cursor] : nil
  }

  private func shown(of rows: [LimitRow]) -> [LimitRow] {
    guard isSetOnly else { return rows }
    return rows.filter { $0.source != .default || $0.revert != nil }
  }

  /// Keeps the cursor on its limit while others come and go.
  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    guard let new = snapshot.limits, let current = current(in: context) else { return }
    let index = shown(of: new).firstIndex { $0.key == current.key && $0.scope == current.scope }
    if let index { position.cursor = index }
  }

  package mutating func settle(in context: ScreenContext) {
    position.settle(count: rows(in: context).count, visible: Self.visibleRows(Layout(context)))
  }

  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .move(let motion):
      position.move(
        motion, count: rows(in: context).count, visible: Self.visibleRows(Layout(context)))
    case .open, .unset:
      if let row = current(in: context) { context.openLimit(row, isUnset: action == .unset) }
    case .keep: return .handled(keep(in: &context))
    case .showSet: toggle(in: &context)
    default: return .ignored
    }
    return .handled([])
  }

  /// Moves to the clicked row, or opens it if the cursor is on it.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    guard case .row(let index) = target else { return .ignored }
    if position.cursor == index { return perform(.open, in: &context) }
    position.cursor = index
    return .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    switch action {
    case .open: current(in: context) != nil && !context.isReadOnly
    case .keep: current(in: context)?.revert != nil
    case .unset: context.latest.statistics != nil
    default: true
    }
  }

  /// Moves to the row of a limit, if it is shown.
  mutating func point(at key: LimitKey, _ scope: LimitScope, in context: ScreenContext) {
    let index = rows(in: context).firstIndex { $0.key == key && $0.scope == scope }
    if let index { position.cursor = index }
  }

  /// Shows all limits, or only the set ones.
  private mutating func toggle(in context: inout ScreenContext) {
    let row = current(in: context)
    isSetOnly.toggle()
    let index = rows(in: context).firstIndex { $0.key == row?.key && $0.scope == row?.scope }
    position.cursor = index ?? 0
    let key = context.keyLabel(.showSet)
    context.note(
      isSetOnly ? "only limits that somebody has set: \(key) shows all" : "all limits", .done)
  }

  /// Keeps the limit under the cursor, which would revert.
  private func keep(in context: inout ScreenContext) -> [Effect] {
    guard let row = current(in: context) else { return [] }
    let name = row.key.rawValue
    guard row.revert != nil else {
      context.note("\(name) does not revert by itself", .warning)
      return []
    }
    return context.request(
      .keepLimits(LimitKeep(engine: context.run, scope: row.scope, keys: [name])),
      .keepLimit(row.key), command: EquivalentCommand.keep(row, context.setup),
      saying: "keeping \(name)")
  }

  // MARK: Rows of the terminal

  /// The rows at the bottom that explain the limit under the cursor.
  static func explanationRows(_ layout: Layout) -> Int { layout.bodyRows >= 8 ? 3 : 0 }

  /// The rows of the list.
  static func visibleRows(_ layout: Layout) -> Int { layout.bodyRows - explanationRows(layout) }
}
