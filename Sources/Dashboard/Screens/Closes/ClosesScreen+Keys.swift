import ControlProtocol
import Vocabulary

extension ClosesScreen {
  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .move(let motion): move(motion, in: context)
    case .previousColumn: moveColumn(by: -1)
    case .nextColumn: moveColumn(by: 1)
    case .cycleInterval: cycleInterval()
    case .open: open(in: &context)
    default: return .ignored
    }
    return .handled([])
  }

  /// Moves to the clicked cell, or opens it if the cursor is on its line.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    let lines = lines(in: context)
    switch target {
    case .cell(let row, let other) where other != column:
      column = other
      point(at: row, in: lines)
    case .cell(let row, _), .row(let row):
      guard cursor(in: lines) != row else { return perform(.open, in: &context) }
      point(at: row, in: lines)
    default: return .ignored
    }
    return .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    action != .open || !lines(in: context).isEmpty
  }

  /// Moves to another column, up to the ends.
  private mutating func moveColumn(by step: Int) {
    column = min(max(column + step, 0), Self.kinds.count)
  }

  /// Shows the next interval; the total comes after the longest.
  private mutating func cycleInterval() {
    let all: [Int?] = [nil] + CloseInterval.lengths.map { $0 }
    let index = all.firstIndex(of: seconds) ?? 0
    seconds = all[(index + 1) % all.count]
  }

  private mutating func move(_ motion: Action.Motion, in context: ScreenContext) {
    let lines = lines(in: context)
    guard lines.contains(where: \.takesCursor) else { return }
    let visible = Layout(context).bodyRows
    position.cursor = cursor(in: lines)
    let old = position.cursor
    position.move(motion, count: lines.count, visible: visible)
    let step = position.cursor >= old ? 1 : -1
    while lines.indices.contains(position.cursor), !lines[position.cursor].takesCursor {
      position.cursor += step
    }
    if !lines.indices.contains(position.cursor) { position.cursor = old }
    position.settle(count: lines.count, visible: visible)
    line = lines[position.cursor]
  }

  /// Moves the cursor to a line that takes it.
  private mutating func point(at index: Int, in lines: [Line]) {
    guard lines.indices.contains(index), lines[index].takesCursor else { return }
    line = lines[index]
    position.cursor = index
  }

  /// Shows the sessions that the cell under the cursor counts.
  private func open(in context: inout ScreenContext) {
    let lines = lines(in: context)
    let cursor = cursor(in: lines)
    guard lines.indices.contains(cursor), let filter = filter(on: lines[cursor]) else {
      context.note(
        "only closed sessions can be listed: a refused handshake never was one", .warning)
      return
    }
    context.errands.append(.sessions(filter: filter, .closed))
    let count = counts(in: context).map { Self.number(of: lines[cursor], column, in: $0.closes) }
    let kept = QuantityText.readableCount(Self.keptCount)
    context.note(
      "of the last \(kept) closed sessions, those behind the "
        + (count.map { "count of \(QuantityText.readableCount($0))" } ?? "cell")
        + "; Esc clears the filter, \(context.keyLabel(.cycleSelection)) shows live ones", .done)
  }

  /// The number of closed sessions that an engine keeps.
  private static let keptCount = 10_000
}
