package import ControlProtocol
package import Vocabulary

/// The closes screen: a matrix of close codes and initiators, of an interval or in total, and
/// refused handshakes.
package struct ClosesScreen: ScreenState {
  package static let title = "Closes"
  package static let digit: Character = "3"

  /// The line under the cursor; nil: the first.
  package var line: Line?
  /// The column under the cursor: 0 for the sum, then the initiators.
  package var column = 0
  /// The length of the interval, in seconds; nil: since the engine started.
  package var seconds: Int?
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The closes of the last minute, ten minutes and hour.
  package var intervals: [CloseInterval] = []

  /// The subject of a line.
  package enum Line: Hashable, Sendable {
    /// Sessions closed with a code.
    case code(CloseCode)
    /// Sessions closed with any code.
    case sum
    /// Lines between closes and refusals; the cursor passes over them.
    case blank, refusalHeading
    /// Handshakes refused for a reason, by its index.
    case refusal(Int)

    /// Whether the cursor can stand there.
    package var takesCursor: Bool { self != .blank && self != .refusalHeading }

    /// Whether the line has a count in each column.
    package var hasCounts: Bool {
      switch self {
      case .code, .sum: true
      case .blank, .refusalHeading, .refusal: false
      }
    }
  }

  /// The initiators, in the order of their columns.
  package static let kinds = CloseInitiator.Kind.allCases

  /// The total, with nothing chosen.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    request.wantsCloses = true
  }

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    if let new = snapshot.closeIntervals { intervals = new }
  }

  package mutating func forgetRun() { intervals = [] }

  /// Keeps the cursor on its line and visible.
  package mutating func settle(in context: ScreenContext) {
    let lines = lines(in: context)
    position.cursor = cursor(in: lines)
    position.settle(count: lines.count, visible: Layout(context).bodyRows)
  }

  // MARK: Content

  /// The counts of the interval; nil: the engine has not sent them.
  func counts(in context: ScreenContext) -> (closes: [CloseCount], elapsed: Double?)? {
    guard let statistics = context.latest.statistics else { return nil }
    guard let seconds else { return (statistics.closes, nil) }
    return intervals.first { $0.seconds == seconds }.map { ($0.closes, $0.elapsed) }
  }

  /// The lines, from top to bottom.
  func lines(in context: ScreenContext) -> [Line] {
    guard let statistics = context.latest.statistics else { return [] }
    // `lines` has the codes of the total, so that none comes and goes with the interval.
    var lines = Set(statistics.closes.map(\.code)).sorted().map { Line.code($0) }
    if !lines.isEmpty { lines.append(.sum) }
    if !statistics.refusals.isEmpty {
      if !lines.isEmpty { lines.append(.blank) }
      lines += [.refusalHeading] + statistics.refusals.indices.map { .refusal($0) }
    }
    return lines
  }

  /// The index of the line under the cursor.
  func cursor(in lines: [Line]) -> Int {
    line.flatMap { lines.firstIndex(of: $0) } ?? lines.firstIndex(where: \.takesCursor) ?? 0
  }

  /// The count in a cell.
  static func number(of line: Line, _ column: Int, in closes: [CloseCount]) -> Int {
    closes.reduce(0) { sum, close in
      if case .code(let code) = line, code != close.code { return sum }
      if column > 0, kinds[column - 1] != close.by { return sum }
      return sum &+ close.count
    }
  }

  /// The filter of the sessions that the cell under the cursor counts; nil if it counts none.
  package func filter(on line: Line) -> String? {
    var terms: [String] = []
    switch line {
    case .code(let code): terms.append("code=\(code.rawValue)")
    case .sum: break
    case .blank, .refusalHeading, .refusal: return nil
    }
    if column > 0, column <= Self.kinds.count {
      terms.append("who=\(Self.kinds[column - 1].rawValue)")
    }
    if let seconds { terms.append("closed<\(QuantityText.exactMilliseconds(seconds * 1000))") }
    return terms.joined(separator: " ")
  }
}
