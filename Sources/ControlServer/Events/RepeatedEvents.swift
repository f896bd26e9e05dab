internal import Vocabulary

/// Lasting conditions that were told lately, so that each is an event once in half a minute.
///
/// It reads no clock.
struct RepeatedEvents {
  /// How long a condition is not told again.
  private static let quietDuration = Duration.seconds(30)
  private static let maximumCount = 256

  private var told: [String: Instant] = [:]

  /// Whether a condition is worth an event: it was not told lately, and there are not too many.
  mutating func isNews(_ condition: String, at now: Instant) -> Bool {
    if let last = told[condition], last.duration(to: now) < Self.quietDuration { return false }
    if told.count >= Self.maximumCount {
      told = told.filter { $0.value.duration(to: now) < Self.quietDuration }
      guard told.count < Self.maximumCount else { return false }
    }
    told[condition] = now
    return true
  }
}
