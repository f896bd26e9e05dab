internal import EventLoop
internal import Vocabulary

/// The offsets between the system's clocks in the course of the run: an instant of the monotonic
/// clock is shown by the wall clock of that moment, and durations include suspensions of the
/// machine.
///
/// Setting the wall clock makes nothing older or younger by that.
struct Timeline: Sendable {
  /// A time in which the clocks did not move against each other.
  private struct Stretch: Sendable {
    var start: Instant
    /// By how many nanoseconds the wall clock is ahead of the monotonic one.
    var wallLead: Int64
    /// By how many nanoseconds the lasting clock is ahead of the monotonic one.
    var lastingLead: Int64
  }

  /// How far the clocks may move against each other before that is noted, in nanoseconds: clocks
  /// that are slowed down or sped up to be right move by little at a time.
  private static let tolerance: Int64 = 100_000_000
  /// The most stretches that are kept; the first ones are forgotten.
  static let maximumStretchCount = 256

  private var stretches: [Stretch] = []
  private var lastSeen = Instant(nanoseconds: .min)

  /// A timeline without readings, by which the clocks always stood as they do at the moment asked
  /// about.
  init() {}

  /// Takes a reading of the clocks.
  mutating func see(_ reading: ClockReading) {
    let stretch = Stretch(
      start: lastSeen, wallLead: reading.wall &- reading.monotonic.nanoseconds,
      lastingLead: reading.lasting &- reading.monotonic.nanoseconds)
    lastSeen = reading.monotonic
    if let last = stretches.last {
      let moved = [stretch.wallLead &- last.wallLead, stretch.lastingLead &- last.lastingLead]
      guard moved.contains(where: { $0.magnitude > Self.tolerance.magnitude }) else { return }
    }
    if stretches.count == Self.maximumStretchCount { stretches.removeFirst() }
    stretches.append(stretch)
  }

  /// The wall clock at an instant, in seconds since 1970; nil if nothing is known.
  func wallSeconds(at instant: Instant) -> Double? {
    stretch(at: instant).map { Double(instant.nanoseconds &+ $0.wallLead) * 1e-9 }
  }

  /// The lasting clock at an instant, in nanoseconds.
  func lasting(at instant: Instant) -> Int64 {
    instant.nanoseconds &+ (stretch(at: instant)?.lastingLead ?? 0)
  }

  private func stretch(at instant: Instant) -> Stretch? {
    stretches.last { $0.start <= instant } ?? stretches.first
  }
}
