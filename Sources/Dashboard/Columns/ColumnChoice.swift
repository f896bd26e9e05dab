package import ControlProtocol

/// Which columns the session table has, in their order, and what stands in those of traffic.
package struct ColumnChoice: Equatable, Sendable {
  /// The columns, from left to right; never none, and each once.
  package private(set) var keys: [SessionField]
  /// The content of the columns of traffic.
  package var rates = RateMode.totals

  /// The content of the columns of traffic.
  package enum RateMode: String, CaseIterable, Sendable {
    /// The totals since the session was opened.
    case totals
    /// That, and beside it what passed in the last second.
    case both
    /// The rates of the last second.
    case rates
  }

  /// The columns that a table has unless others were chosen.
  package static let standard = SessionField.columns.filter { field in
    field.definition.column?.isStandard == true
  }

  /// The chosen columns; the standard ones if there are none.
  package init(_ keys: [SessionField] = ColumnChoice.standard, rates: RateMode = .totals) {
    var seen: Set<SessionField> = []
    let unique = keys.filter { seen.insert($0).inserted }
    self.keys = unique.isEmpty ? Self.standard : unique
    self.rates = rates
  }

  /// Whether columns tell how sessions ended, so that rows of closed ones are rows like others.
  package var tellsEndings: Bool {
    keys.contains { $0.definition.origin == .ending }
  }

  /// The columns with their rates beside them, or in their places.
  package var shown: [SessionField] {
    var shown: [SessionField] = []
    for key in keys {
      let rate = key.definition.column?.rate
      switch rates {
      case .totals: shown.append(key)
      case .both: shown += rate.map { keys.contains($0) ? [key] : [key, $0] } ?? [key]
      case .rates: shown.append(rate ?? key)
      }
    }
    var seen: Set<SessionField> = []
    return shown.filter { seen.insert($0).inserted }
  }
}
