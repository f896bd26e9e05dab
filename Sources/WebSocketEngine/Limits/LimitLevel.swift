package import Vocabulary

/// The level at which a limit is set; the narrowest level with a setting wins, even if its value is
/// larger.
package enum LimitLevel: Hashable, Sendable {
  /// For all sessions.
  case engine
  /// For the sessions of the route with that pattern.
  case route(UTF8Name)
  /// For one session.
  case session(SessionID)

  /// The scope that a limit's definition must permit.
  package var scope: LimitDefinition.Scopes {
    switch self {
    case .engine: .engine
    case .route: .route
    case .session: .session
    }
  }

  /// The scope's name, as messages say it.
  package var scopeName: String {
    switch self {
    case .engine: "engine"
    case .route: "route"
    case .session: "session"
    }
  }
}
