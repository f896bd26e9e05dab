internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// Changes of limits that revert unless they are kept.
///
/// A limit at a place reverts to the setting before its first trial, however often it is tried
/// again meanwhile; a change without a time ends the trial, as keeping it does.
struct LimitReverts {
  /// The limit and scope of a trial.
  struct Place: Hashable, Sendable {
    var key: LimitKey
    var scope: LimitScope
  }

  /// One limit on trial.
  struct Trial: Sendable {
    var place: Place
    /// The setting on trial; nil: the setting was taken away.
    var tried: LimitValue?
    /// The setting before the first trial; nil: there was none.
    var base: LimitSetting?
    /// The value that held before the first trial.
    var baseValue: LimitValue
    /// The time at which the base comes back.
    var deadline: Instant
    /// The deadline in seconds since 1970.
    var at: Double
    /// The client that tries it.
    var actor: String
    /// Whether the base is being put back.
    var isUnderWay = false
  }

  /// The most limits that can be on trial at once.
  static let maximumCount = 1000

  private var trials: [Place: Trial] = [:]

  /// How many limits are on trial.
  var count: Int { trials.count }

  /// Whether so many more can be tried.
  func hasRoom(for places: [Place]) -> Bool {
    trials.count + places.count { trials[$0] == nil } <= Self.maximumCount
  }

  /// The trial at a place.
  subscript(place: Place) -> Trial? { trials[place] }

  /// Begins a trial; the base of one under way at the place stays.
  mutating func begin(_ trial: Trial) {
    var trial = trial
    if let first = trials[trial.place] {
      trial.base = first.base
      trial.baseValue = first.baseValue
    }
    trials[trial.place] = trial
  }

  /// Ends a trial, since the limit was changed for good or is kept; says whether there was one.
  mutating func end(_ place: Place) -> Bool { trials.removeValue(forKey: place) != nil }

  /// Ends the trials of sessions that are gone, with which their settings went.
  mutating func forgetSessions(where isGone: (SessionID) -> Bool) {
    guard !trials.isEmpty else { return }
    trials = trials.filter { place, _ in
      if case .session(let id) = place.scope { !isGone(id) } else { true }
    }
  }

  /// Ends the trials that are kept.
  ///
  /// - Parameters:
  ///   - scope: their scope; every scope if nil.
  ///   - keys: their limits; all if nil.
  mutating func keep(at scope: LimitScope?, _ keys: Set<LimitKey>?) -> [Trial] {
    let kept = sorted.filter { trial in
      (scope == nil || trial.place.scope == scope) && (keys?.contains(trial.place.key) ?? true)
    }
    for trial in kept { trials[trial.place] = nil }
    return kept
  }

  /// The trials whose time is over, each returned once; they stay until `end`.
  mutating func beginDue(at now: Instant) -> [Trial] {
    let due = sorted.filter { $0.deadline <= now && !$0.isUnderWay }
    for trial in due { trials[trial.place]?.isUnderWay = true }
    return due
  }

  /// Whether a trial that was due is still to be taken back.
  func isUnderWay(_ trial: Trial) -> Bool {
    trials[trial.place].map { $0.isUnderWay && $0.deadline == trial.deadline } ?? false
  }

  /// Rows with what is known of their reverts, and rows for places where a setting was taken away
  /// for a time.
  ///
  /// - Parameter uptime: gives the engine's uptime at an instant.
  func annotated(
    _ rows: [LimitRow], uptime: (Instant) -> Double? = { _ in nil }
  ) -> [LimitRow] {
    guard !trials.isEmpty else { return rows }
    var missing = trials
    var rows = rows.map { row in
      let place = Place(key: row.key, scope: row.scope)
      guard let trial = missing.removeValue(forKey: place) else { return row }
      var row = row
      row.revert = trial.revert(uptime)
      return row
    }
    let engineRows = rows.filter { $0.scope == .engine }
    for trial in sorted where missing[trial.place] != nil {
      let wider = engineRows.first { $0.key == trial.place.key }
      rows.append(
        LimitRow(
          key: trial.place.key, value: wider?.value ?? "–",
          defaultValue: trial.place.key.text(of: trial.place.key.definition.defaultValue),
          source: wider?.source ?? .default, scope: trial.place.scope, revert: trial.revert(uptime))
      )
    }
    return rows
  }

  /// The trials, the soonest to revert first.
  private var sorted: [Trial] {
    if trials.isEmpty { return [] }
    return trials.values.sorted { left, right in
      left.deadline == right.deadline
        ? (left.place.key.rawValue, left.place.scope.text)
          < (right.place.key.rawValue, right.place.scope.text)
        : left.deadline < right.deadline
    }
  }
}

extension LimitReverts.Trial {
  /// The revert as the API shows it.
  fileprivate func revert(_ uptime: (Instant) -> Double?) -> LimitRevert {
    var revert = LimitRevert(at: at, value: place.key.text(of: baseValue))
    revert.atUptime = uptime(deadline)
    return revert
  }
}
