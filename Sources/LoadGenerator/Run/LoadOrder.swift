import Vocabulary

/// An order to a thread of the load.
enum LoadOrder: Sendable {
  /// Messages go, from an instant on; those of the range are measured.
  case begin(at: Instant, measured: Range<Instant>)
  /// The load is over: replies are waited for, then all is closed.
  case end
  /// Everything ends at once.
  case abort
}
