/// How a limit that was changed for a time goes back by itself.
public struct LimitRevert: Codable, Equatable, Sendable {
  /// When, in seconds since 1970.
  public var at: Double
  /// The same as the engine's uptime in seconds, which nobody sets; nil from an engine that does not
  /// tell.
  public var atUptime: Double?
  /// The value that holds then, in the form that setting it takes.
  public var value: String

  /// A revert.
  public init(at: Double, value: String) {
    self.at = at
    self.value = value
  }

  /// How many seconds are left.
  ///
  /// - Parameters:
  ///   - uptime: the engine's, in seconds.
  ///   - now: the time in seconds since 1970, where the uptime is not known.
  public func secondsLeft(uptime: Double?, now: Double) -> Double {
    guard let uptime, let atUptime else { return max(0, at - now) }
    return max(0, atUptime - uptime)
  }
}
