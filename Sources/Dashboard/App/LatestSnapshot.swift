package import ControlProtocol
package import Vocabulary

/// The latest of each part that snapshots brought.
package struct LatestSnapshot: Equatable, Sendable {
  /// The totals; nil before the first snapshot.
  package var statistics: EngineStatistics?
  /// The console's role at the engine; nil: unrestricted, as on the engine's own machine.
  package var role: ControlRole?
  /// The name of the console's token at the engine; nil on the engine's own machine.
  package var holder: String?
  /// The rows of the session table.
  package var sessions: SessionList?
  /// Why there are no rows: the fault in the filter.
  package var filterError: ControlError.Body?
  /// The names of the rooms that were listed last.
  package var roomNames: [String] = []
  /// The details of the session whose page is open.
  package var details: SessionDetails?
  /// The limits.
  package var limits: [LimitRow] = []
  /// The last seconds' rates, oldest first.
  package var history: [RateSample] = []
  /// How fast sessions close, by code.
  package var closeRates = CloseRates()

  /// The greatest `total` and `offset` that are taken from a list; greater ones are clamped.
  package static let maximumSessionCount = 1 << 40

  /// Nothing yet.
  package init() {}

  /// The row at an index of the whole list, if it is in the window.
  package func row(at index: Int) -> SessionRow? {
    guard let sessions else { return nil }
    let place = index - sessions.offset
    return sessions.sessions.indices.contains(place) ? sessions.sessions[place] : nil
  }

  /// The index of a session in the whole list, if it is in the window.
  package func index(of id: SessionID) -> Int? {
    guard let sessions else { return nil }
    return sessions.sessions.firstIndex { $0.id == id }.map { $0 + sessions.offset }
  }

  /// How many sessions the filter matches.
  package var sessionCount: Int {
    sessions?.total ?? 0
  }

  /// The engine's value of a limit.
  package func engineValue(of key: LimitKey) -> String? {
    limits.first { $0.key == key && $0.scope == .engine }?.value
  }
}
