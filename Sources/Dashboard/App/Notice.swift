/// The line above the footer: the result of the last action.
package struct Notice: Equatable, Sendable {
  /// The sentence; safe to draw.
  package var text: String
  /// Whether it tells of success or failure.
  package var tone: Tone
  /// The command line that does the same, if it was an act.
  package var command: String?
  /// When it appeared, in seconds since 1970.
  package var at: Double

  /// The severity of a notice.
  package enum Tone: Hashable, Sendable {
    /// An action succeeded.
    case done
    /// An action had no effect, or a partial one.
    case warning
    /// An action failed.
    case failed
  }

  /// How long a notice stays, in seconds.
  package static let lifetime = 20.0
}
