package import Vocabulary

/// All settings of limits for the engine and its routes: a value, of which each change makes a new
/// one.
///
/// A value is looked for in the session's own overrides, then the route's, then the engine's, then
/// in the program's declarations for the route, then in the table of defaults: the first found
/// wins, even if it is larger than a wider one.
package struct LimitSettings: Hashable, Sendable {
  private var engine = LimitOverrides()
  private var routes: [UTF8Name: LimitOverrides] = [:]
  /// The declared limits of routes, which hold where nothing is set.
  private var declared: [UTF8Name: LimitOverrides] = [:]

  /// The defaults.
  package init() {}

  /// The settings at the start: environment over defaults, flags over both.
  ///
  /// For each key the variable `WSTOP_…` and, where the table names one, an inherited variable are
  /// read; the former wins. Every variable of a limit that is set must be right, also one that
  /// does not win; variables that belong to no limit, and empty ones, are ignored.
  ///
  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - flags: settings of the form `KEY=VALUE`, of which a later one wins.
  ///   - routeSettings: the declared limits of routes, by their patterns.
  /// - Throws: `LimitStartError`, which names the variable, the key, the value and the range.
  package init(
    environment: [String: String], flags: [String] = [],
    routeSettings: [String: [String]] = [:]
  ) throws(LimitStartError) {
    for key in LimitKey.allCases {
      for name in [key.definition.inheritedName, key.environmentName] {
        guard let name, let text = environment[name], !text.isEmpty else { continue }
        do throws(LimitError) {
          let value = try key.value(from: text)
          try apply(LimitAssignments(set: [key: value]), origin: .environment)
        } catch {
          throw LimitStartError(place: .environment(name), error: error)
        }
      }
    }
    for flag in flags {
      do throws(LimitError) {
        let (key, value) = try LimitKey.setting(from: flag)
        try apply(LimitAssignments(set: [key: value]), origin: .flag)
      } catch {
        throw LimitStartError(place: .flag, error: error)
      }
    }
    for (pattern, settings) in routeSettings.sorted(by: { $0.key < $1.key }) {
      do throws(LimitError) {
        try declare(settings, forRoute: pattern)
      } catch {
        throw LimitStartError(place: .route(pattern), error: error)
      }
    }
  }

  /// Sets and unsets for the engine or for a route; all of the change takes effect, or none.
  ///
  /// A session's overrides are changed where they are kept, by `LimitOverrides.apply`.
  ///
  /// - Parameters:
  ///   - change: the keys to set and to unset.
  ///   - route: the pattern of a route that the caller knows to exist, or nil for the engine.
  ///   - origin: the origin of the settings.
  /// - Throws: `LimitError` for a value out of its range, or a key that cannot be set there.
  package mutating func apply(
    _ change: LimitAssignments, route: String? = nil, origin: LimitOrigin
  ) throws(LimitError) {
    guard let route else { return try engine.apply(change, at: .engine, origin: origin) }
    let name = UTF8Name(route)
    var overrides = routes[name] ?? LimitOverrides()
    try overrides.apply(change, at: .route(name), origin: origin)
    routes[name] = overrides.isEmpty ? nil : overrides
  }

  /// Declares limits that suit a route, for as long as nobody sets these for the engine or for it.
  ///
  /// - Parameter settings: of the form `KEY=VALUE`.
  /// - Throws: `LimitError` for a value out of its range, or a key that cannot be set for routes.
  package mutating func declare(_ settings: [String], forRoute route: String) throws(LimitError) {
    var changes = LimitAssignments()
    for text in settings {
      let (key, value) = try LimitKey.setting(from: text)
      changes.set[key] = value
    }
    let name = UTF8Name(route)
    var overrides = declared[name] ?? LimitOverrides()
    try overrides.apply(changes, at: .route(name), origin: .handler)
    declared[name] = overrides.isEmpty ? nil : overrides
  }

  /// The declared limit of a route, which holds where nothing is set.
  package func declaredValue(_ key: LimitKey, forRoute route: String) -> LimitValue? {
    declared[UTF8Name(route)]?[key]?.value
  }

  /// The row in force for a session of a route: its value, its origin and its level.
  ///
  /// - Parameters:
  ///   - key: the limit.
  ///   - route: the pattern of the session's route, or nil for the engine's row.
  ///   - session: the session and its own overrides, or nil.
  package func row(
    of key: LimitKey, route: String? = nil,
    session: (id: SessionID, overrides: LimitOverrides)? = nil
  ) -> EffectiveLimit {
    let defaultValue = key.definition.defaultValue
    func row(_ setting: LimitSetting, _ level: LimitLevel) -> EffectiveLimit {
      EffectiveLimit(
        key: key, value: setting.value, defaultValue: defaultValue, origin: setting.origin,
        level: level)
    }
    if let session, let setting = session.overrides[key] {
      return row(setting, .session(session.id))
    }
    let name = route.map { UTF8Name($0) }
    if let name, let setting = routes[name]?[key] { return row(setting, .route(name)) }
    if let setting = engine[key] { return row(setting, .engine) }
    if let name, let setting = declared[name]?[key] { return row(setting, .route(name)) }
    return row(LimitSetting(defaultValue, .default), .engine)
  }

  /// The value in force for a session of a route: the most specific one.
  package func value(
    _ key: LimitKey, route: String? = nil, overrides: LimitOverrides = LimitOverrides()
  ) -> LimitValue {
    let name = route.map { UTF8Name($0) }
    let setting =
      overrides[key] ?? name.flatMap { routes[$0]?[key] } ?? engine[key]
      ?? name.flatMap { declared[$0]?[key] }
    return setting?.value ?? key.definition.defaultValue
  }

  /// Whether a route has settings of its own.
  package func hasOverrides(forRoute pattern: String) -> Bool {
    let name = UTF8Name(pattern)
    return routes[name] != nil || declared[name] != nil
  }

  /// Every limit as it holds for the engine, in the table's order, then the routes' own, in the
  /// order of patterns.
  package func rows() -> [EffectiveLimit] {
    var rows = LimitKey.allCases.map { row(of: $0) }
    for pattern in Set(routes.keys).union(declared.keys).sorted() {
      rows += LimitKey.allCases.map { row(of: $0, route: pattern.text) }
        .filter { $0.level == .route(pattern) }
    }
    return rows
  }

  /// Every limit that can be set for a session, as it holds for one, in the table's order.
  package func rows(
    ofSession id: SessionID, route: String?, overrides: LimitOverrides
  ) -> [EffectiveLimit] {
    LimitKey.allCases
      .filter { $0.definition.scopes.contains(.session) }
      .map { row(of: $0, route: route, session: (id, overrides)) }
  }
}
