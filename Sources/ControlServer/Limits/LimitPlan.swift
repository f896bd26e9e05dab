internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A change of limits with the values before and after, and the routes and sessions that it does
/// not reach because they have settings of their own.
struct LimitPlan: Sendable {
  /// One limit of a change.
  struct Item: Sendable {
    var key: LimitKey
    /// The value at the scope now.
    var old: LimitValue
    /// The value after the change.
    var new: LimitValue
    /// The setting at the scope itself now; nil: none.
    var setting: LimitSetting?
    /// The patterns of routes in the scope that have a setting of their own.
    var narrowerRoutes: Set<UTF8Name> = []
    /// The sessions in the scope that have a setting of their own.
    var narrowerSessions: Set<SessionID> = []
  }

  var scope: LimitScope
  /// The limits, in the order of their table.
  var items: [Item]
  /// How many rooms sessions are in, if a limit counts them.
  var roomCounts: [SessionID: Int] = [:]

  /// The plan of a change, out of the rows that hold at its scope.
  ///
  /// - Parameters:
  ///   - rows: the rows of the engine and its routes.
  ///   - sessionRows: the rows of the session, if the scope is one.
  ///   - route: the pattern of the session's route, if the scope is one.
  ///   - declared: the value that the program declares for a route, valid where nothing is set.
  init(
    _ changes: LimitAssignments, at scope: LimitScope, rows: [EffectiveLimit],
    sessionRows: [EffectiveLimit] = [], route: String? = nil,
    declared: (LimitKey, _ route: String) -> LimitValue? = { _, _ in nil }
  ) {
    self.scope = scope
    func row(_ key: LimitKey, _ level: LimitLevel) -> EffectiveLimit? {
      rows.first { $0.key == key && $0.level == level }
    }
    let routeLevel = route.map { LimitLevel.route(UTF8Name($0)) }
    items = changes.keys.map { key in
      let fallback = key.definition.defaultValue
      let engineRow = row(key, .engine)
      let engine = engineRow?.value ?? fallback
      let isEngineSet = engineRow.map { $0.origin != .default } ?? false
      let wider: LimitValue
      let own: EffectiveLimit?
      switch scope {
      case .engine:
        wider = fallback
        own = row(key, .engine).flatMap { $0.origin == .default ? nil : $0 }
      case .route(let pattern):
        wider = isEngineSet ? engine : declared(key, pattern.text) ?? engine
        own = row(key, .route(pattern)).flatMap { $0.origin == .handler ? nil : $0 }
      case .session(let id):
        wider = routeLevel.flatMap { row(key, $0)?.value } ?? engine
        own = sessionRows.first { $0.key == key && $0.level == .session(id) }
      }
      return Item(
        key: key, old: own?.value ?? wider, new: changes.set[key] ?? wider,
        setting: own.map { LimitSetting($0.value, $0.origin) })
    }
    guard scope == .engine else { return }
    for index in items.indices {
      for row in rows where row.key == items[index].key {
        // A route's declared value gives way to one that is set.
        guard row.origin != .handler || changes.set[row.key] == nil else { continue }
        if case .route(let pattern) = row.level { items[index].narrowerRoutes.insert(pattern) }
      }
    }
  }

  /// The session whose limits are changed; nil for another scope.
  var subject: SessionID? { if case .session(let id) = scope { id } else { nil } }

  /// Whether a session lives under a limit of the plan.
  func reaches(_ profile: SessionProfile, _ item: Item) -> Bool {
    switch scope {
    case .engine:
      !item.narrowerRoutes.contains(UTF8Name(profile.route))
        && !item.narrowerSessions.contains(profile.id)
    case .route(let pattern):
      UTF8Name(profile.route) == pattern && !item.narrowerSessions.contains(profile.id)
    case .session(let id): profile.id == id
    }
  }
}
