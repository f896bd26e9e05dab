/// The origin of the value of a limit in force.
package enum LimitOrigin: String, CaseIterable, Hashable, Sendable {
  /// The table's default, as nothing sets it.
  case `default`
  /// An environment variable.
  case environment
  /// A flag at the start.
  case flag
  /// A person or script, while the engine ran.
  case `operator`
  /// The program: a route's declaration or a session's own handler.
  case handler
}
