import Synchronization
import Vocabulary

/// The one place where the engine's and routes' limits are changed.
package final class LimitAuthority: Sendable {
  private let current: Mutex<ResolvedLimits>
  private let patterns: [String]

  init(_ settings: LimitSettings, routes patterns: [String]) {
    self.patterns = patterns
    current = Mutex(ResolvedLimits(settings, routes: patterns))
  }

  /// The limits in force now.
  package var inForce: ResolvedLimits { current.withLock { $0 } }

  /// Applies all changes or none, and gives the limits in force from now on.
  func apply(
    _ changes: LimitAssignments, route: String?, origin: LimitOrigin
  ) throws(LimitError) -> ResolvedLimits {
    try current.withLock { current throws(LimitError) in
      var settings = current.settings
      try settings.apply(changes, route: route, origin: origin)
      current = ResolvedLimits(settings, routes: patterns)
      return current
    }
  }
}
