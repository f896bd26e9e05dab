/// How a limit that was changed for a time goes back by itself.
public struct LimitRevert: Codable, Equatable, Sendable {
  /// When, in seconds since 1970.
  public var at: Double
  /// The value that holds then, in the form that setting it takes.
  public var value: String

  /// A revert.
  public init(at: Double, value: String) {
    self.at = at
    self.value = value
  }
}
