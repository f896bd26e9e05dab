package import Vocabulary

/// A reading of the system's clocks at one moment.
package struct ClockReading: Sendable {
  /// The clock that never goes back, and stands still while the machine is suspended.
  package var monotonic: Instant
  /// The wall clock, in nanoseconds since 1970; it is set now and then.
  package var wall: Int64
  /// The clock that never goes back and goes on while the machine is suspended, in nanoseconds.
  package var lasting: Int64

  /// A reading.
  package init(monotonic: Instant, wall: Int64, lasting: Int64) {
    self.monotonic = monotonic
    self.wall = wall
    self.lasting = lasting
  }
}
