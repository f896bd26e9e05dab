/// The revert of a limit that was changed for a time.
public struct LimitRevert: Codable, Equatable, Sendable {
  /// The time of the revert, in seconds since 1970.
  public var at: Double
  /// The same as the engine's uptime in seconds, which clock changes do not affect; nil if the
  /// engine does not send it.
  public var atUptime: Double?
  /// The value after the revert, in the form that a change takes.
  public var value: String

  /// A revert.
  public init(at: Double, value: String) {
    self.at = at
    self.value = value
  }

  /// The time left, in seconds.
  ///
  /// - Parameters:
  ///   - uptime: the engine's, in seconds.
  ///   - now: the time in seconds since 1970, for an engine without uptime.
  public func secondsLeft(uptime: Double?, now: Double) -> Double {
    guard let uptime, let atUptime else { return max(0, at - now) }
    return max(0, atUptime - uptime)
  }
}
