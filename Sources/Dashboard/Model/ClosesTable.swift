import ControlProtocol
package import Vocabulary

/// The matrix of closes as the operator looks at it.
package struct ClosesTable: Equatable, Sendable {
  /// The line under the cursor; nil: the first.
  package var line: Line?
  /// The column under the cursor: 0 for the sum, then those who close.
  package var column = 0
  /// The length of the interval that is shown, in seconds; nil: since the engine started.
  package var seconds: Int?

  /// What a line of the screen is about.
  package enum Line: Hashable, Sendable {
    /// Sessions closed with a code.
    case code(CloseCode)
    /// Sessions closed with any code.
    case sum
    /// What stands between the closes and the refusals; the cursor passes over it.
    case blank, refusalHeading
    /// Handshakes refused for a reason, by its place.
    case refusal(Int)

    /// Whether the cursor can stand there.
    package var takesCursor: Bool { self != .blank && self != .refusalHeading }

    /// Whether it has a count in each column.
    package var hasCounts: Bool {
      switch self {
      case .code, .sum: true
      case .blank, .refusalHeading, .refusal: false
      }
    }
  }

  /// Those who close, in the order of their columns.
  package static let kinds = CloseInitiator.Kind.allCases

  /// The total, in which nothing is chosen yet.
  package init() {}

  /// Moves to another column, not beyond the ends.
  package mutating func moveColumn(by step: Int) {
    column = min(max(column + step, 0), Self.kinds.count)
  }

  /// Shows the next interval, the total after the longest.
  package mutating func cycleInterval() {
    let all: [Int?] = [nil] + CloseInterval.lengths.map { $0 }
    let index = all.firstIndex(of: seconds) ?? 0
    seconds = all[(index + 1) % all.count]
  }

  /// The filter of the sessions behind the cell under the cursor; nil where there are none.
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
