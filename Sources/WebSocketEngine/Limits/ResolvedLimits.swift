/// The limits that reactors need: made once per change, then shared.
package struct ResolvedLimits: Sendable {
  /// The settings that all of it was made from.
  package let settings: LimitSettings
  /// The limits of the whole engine.
  package let engine: EngineLimits
  /// The limits of a session that has no route yet.
  package let unrouted: SessionLimits
  private let patterns: [String]
  private let routes: [SessionLimits]

  /// Resolves settings for the routes of an engine.
  ///
  /// Routes without settings of their own share one object.
  ///
  /// - Parameter routes: the routes' patterns, in the order of their indices.
  package init(_ settings: LimitSettings, routes patterns: [String]) {
    self.settings = settings
    engine = EngineLimits(settings)
    let unrouted = SessionLimits(settings)
    self.unrouted = unrouted
    self.patterns = patterns
    routes = patterns.map { pattern in
      settings.hasOverrides(forRoute: pattern)
        ? SessionLimits(settings, route: pattern) : unrouted
    }
  }

  /// The limits shared by the sessions of the route at an index.
  package func limits(ofRoute index: Int) -> SessionLimits { routes[index] }

  /// The limits of one session of the route at an index, which may have its own overrides.
  package func limits(ofRoute index: Int, overrides: LimitOverrides) -> SessionLimits {
    guard !overrides.isEmpty else { return routes[index] }
    return SessionLimits(settings, route: patterns[index], overrides: overrides)
  }
}
