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

  /// What holds now.
  package var inForce: ResolvedLimits { current.withLock { $0 } }

  /// Changes all of it or nothing, and gives what holds from now on.
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
