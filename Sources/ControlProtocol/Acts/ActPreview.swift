/// The target of an act, without the act: the reply to a dry run.
public struct ActPreview: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// How many sessions the act would reach now.
  public var count: Int
  /// How many sessions are open.
  public var total: Int
  /// Some of these sessions, from the oldest to the newest; at most 10.
  @Tolerant public var sample: [SessionRow]
  /// The token that the act itself has to carry, good once; nil if sessions are named, which needs
  /// none.
  public var token: String?
  /// How long the token is valid, in seconds.
  public var expiresInSeconds: Double?

  /// The most rows of a sample.
  public static let maximumSampleCount = 10

  /// A preview.
  public init(
    engine: String, count: Int, total: Int, sample: [SessionRow] = [], token: String? = nil,
    expiresInSeconds: Double? = nil
  ) {
    self.engine = engine
    self.count = count
    self.total = total
    self.sample = sample
    self.token = token
    self.expiresInSeconds = expiresInSeconds
  }
}
