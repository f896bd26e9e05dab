/// The line above the footer: what just happened.
package struct Notice: Equatable, Sendable {
  /// The sentence; already fit to be drawn.
  package var text: String
  /// How it is meant.
  package var tone: Tone
  /// The command line that does the same, if it was an act.
  package var command: String?
  /// When it appeared, in seconds since 1970.
  package var at: Double

  /// How a notice is meant.
  package enum Tone: Hashable, Sendable {
    /// Something was done.
    case done
    /// Something did not happen as wanted.
    case warning
    /// Something failed.
    case failed
  }

  /// How long a notice stays, in seconds.
  package static let lifetime = 20.0
}
