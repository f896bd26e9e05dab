package import ControlProtocol
import Vocabulary

/// How often pictures come, and whether they are shown.
package struct Pacing: Equatable, Sendable {
  /// Milliseconds between two pictures.
  package var intervalMilliseconds = 1000
  /// Whether the picture is held still.
  package var isPaused = false
  /// Whether one picture is let through although it is held: the operator looks at something else.
  package var awaitsPicture = false
  /// The watch that the engine has.
  package var sentWatch: WatchRequest?

  /// The tap that the engine was asked for.
  package var sentTap: TapRequest?

  /// The intervals to choose from.
  package static let steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

  /// An interval as a file of settings and a notice have it.
  package static func text(_ milliseconds: Int) -> String {
    QuantityText.exactMilliseconds(milliseconds)
  }

  /// A picture a second.
  package init() {}

  /// Goes to the next longer or shorter interval; false if there is none.
  package mutating func step(longer: Bool) -> Bool {
    let next =
      longer
      ? Self.steps.first { $0 > intervalMilliseconds }
      : Self.steps.last { $0 < intervalMilliseconds }
    guard let next else { return false }
    intervalMilliseconds = next
    return true
  }
}
