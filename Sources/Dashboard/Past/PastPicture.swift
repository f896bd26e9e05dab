package import ControlProtocol

/// The table of sessions as it was shown at a moment: the rows of its window, or the groups, with the
/// totals of the header.
package struct PastPicture: Codable, Equatable, Sendable {
  /// The order, the filter and the choice of sessions.
  package var query: SessionQuery
  /// The order of the groups; nil while single sessions were shown.
  package var groups: GroupQuery?
  /// The index of the first visible row.
  package var top: Int
  /// The totals, the rows or groups, and the last minute's rates.
  package var snapshot: Snapshot

  /// A picture.
  package init(query: SessionQuery, groups: GroupQuery?, top: Int, snapshot: Snapshot) {
    self.query = query
    self.groups = groups
    self.top = top
    self.snapshot = snapshot
  }

  /// The moment, in seconds since 1970 by the engine's clock.
  package var at: Double { snapshot.statistics.now }

  /// The run of the engine.
  package var run: String { snapshot.statistics.engine.run }
}
