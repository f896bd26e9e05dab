import ControlProtocol

/// The rules of `console.conf` by which sessions are highlighted in their table, such as
/// `mark = backlog>1MiB`.
package struct MarkingRules: Equatable, Sendable {
  /// The most rules of a file.
  static let maximumCount = 8

  private var filters: [SessionFilter] = []

  /// No rule.
  package init() {}

  /// How many rules there are.
  package var count: Int { filters.count }

  /// Whether a rule looks at what sessions did in the last second.
  var usesRates: Bool { filters.contains(where: \.usesRates) }

  /// Whether a rule looks at rooms.
  var looksAtRooms: Bool { filters.contains(where: \.looksAtRooms) }

  /// Adds a rule: a session is highlighted if it matches any.
  mutating func add(_ filter: SessionFilter) { filters.append(filter) }

  /// Whether a session is highlighted.
  ///
  /// - Parameter now: the time in seconds since 1970, which ages are measured against.
  func match(_ row: SessionRow, now: Double) -> Bool {
    filters.contains { $0.matches(row, now: now) }
  }
}
