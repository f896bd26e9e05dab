import ControlProtocol
import Vocabulary

extension Model {
  /// The counts that the closes screen shows; nil: the engine has not told them.
  var shownCloses: (counts: [CloseCount], elapsed: Double?)? {
    guard let statistics = picture.statistics else { return nil }
    guard let seconds = closes.seconds else { return (statistics.closes, nil) }
    return picture.closeIntervals.first { $0.seconds == seconds }.map { ($0.closes, $0.elapsed) }
  }

  /// The lines of the closes screen, from top to bottom.
  var closeLines: [ClosesTable.Line] {
    guard let statistics = picture.statistics else { return [] }
    // Codes of the total, so that no line comes and goes with the interval.
    var lines = Set(statistics.closes.map(\.code)).sorted().map { ClosesTable.Line.code($0) }
    if !lines.isEmpty { lines.append(.sum) }
    if !statistics.refusals.isEmpty {
      if !lines.isEmpty { lines.append(.blank) }
      lines += [.refusalHeading] + statistics.refusals.indices.map { .refusal($0) }
    }
    return lines
  }

  /// Where the cursor stands on the closes screen.
  func closeCursor(in lines: [ClosesTable.Line]) -> Int {
    closes.line.flatMap { lines.firstIndex(of: $0) } ?? lines.firstIndex(where: \.takesCursor) ?? 0
  }

  /// Moves the cursor of the closes screen.
  mutating func moveInCloses(_ motion: Action.Motion, visible: Int) {
    let lines = closeLines
    guard lines.contains(where: \.takesCursor) else { return }
    var position = positions[.closes] ?? ListPosition()
    position.cursor = closeCursor(in: lines)
    let old = position.cursor
    position.move(motion, count: lines.count, visible: visible)
    let step = position.cursor >= old ? 1 : -1
    while lines.indices.contains(position.cursor), !lines[position.cursor].takesCursor {
      position.cursor += step
    }
    if !lines.indices.contains(position.cursor) { position.cursor = old }
    position.settle(count: lines.count, visible: visible)
    closes.line = lines[position.cursor]
    positions[.closes] = position
  }

  /// Puts the cursor of the closes screen onto a line, if it can stand there.
  mutating func pointCloses(at index: Int) {
    let lines = closeLines
    guard lines.indices.contains(index), lines[index].takesCursor else { return }
    closes.line = lines[index]
    positions[.closes, default: ListPosition()].cursor = index
  }

  /// Keeps the cursor of the closes screen on its line, and in sight.
  mutating func settleCloses(visible: Int) {
    let lines = closeLines
    positions[.closes, default: ListPosition()].cursor = closeCursor(in: lines)
    positions[.closes, default: ListPosition()].settle(count: lines.count, visible: visible)
  }

  /// Shows the sessions behind the cell under the cursor.
  mutating func openCloses() {
    let lines = closeLines
    let cursor = closeCursor(in: lines)
    guard lines.indices.contains(cursor), let filter = closes.filter(on: lines[cursor]) else {
      note("only closed sessions can be listed: a refused handshake never was one", .warning)
      return
    }
    table.filter = filter
    table.isPinned = false
    table.select(.closed)
    screen = .sessions
    let count = shownCloses.map { Self.number(of: lines[cursor], closes.column, in: $0.counts) }
    let kept = QuantityText.readableCount(Self.keptCount)
    note(
      "of the last \(kept) closed sessions, those behind the "
        + (count.map { "count of \(QuantityText.readableCount($0))" } ?? "cell")
        + "; Esc clears the filter, \(keyLabel(.cycleSelection)) shows live ones", .done)
  }

  /// How many closed sessions an engine keeps.
  private static let keptCount = 10_000

  /// The count in a cell.
  static func number(of line: ClosesTable.Line, _ column: Int, in closes: [CloseCount]) -> Int {
    closes.reduce(0) { sum, close in
      if case .code(let code) = line, code != close.code { return sum }
      if column > 0, ClosesTable.kinds[column - 1] != close.by { return sum }
      return sum &+ close.count
    }
  }
}
