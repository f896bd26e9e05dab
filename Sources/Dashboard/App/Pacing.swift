package import ControlProtocol
import Vocabulary

/// The interval of snapshots, and whether they are shown.
package struct Pacing: Equatable, Sendable {
  /// Milliseconds between two snapshots.
  package var intervalMilliseconds = 1000
  /// Whether the display is paused.
  package var isPaused = false
  /// Whether one snapshot is shown although paused, since the watch has changed.
  package var awaitsSnapshot = false
  /// The watch that the engine has.
  package var sentWatch: WatchRequest?

  /// The tap that the engine has.
  package var sentTap: TapRequest?

  /// The intervals that keys step through, in milliseconds.
  package static let steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]

  /// An interval as in files of settings and notices.
  package static func text(_ milliseconds: Int) -> String {
    QuantityText.exactMilliseconds(milliseconds)
  }

  /// A snapshot a second.
  package init() {}

  /// Steps to the next longer or shorter interval; false if there is none.
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
