/// Who set the value of a limit that is in force.
package enum LimitOrigin: String, CaseIterable, Hashable, Sendable {
  /// Nobody: the table's default.
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
