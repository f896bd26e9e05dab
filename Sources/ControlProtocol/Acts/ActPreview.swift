/// What an act would hit: the answer to a dry run.
public struct ActPreview: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// How many sessions it would hit now.
  public var count: Int
  /// How many sessions are open.
  public var total: Int
  /// Some of those that it would hit, from the oldest to the newest; at most 10.
  @Tolerant public var sample: [SessionRow]
  /// What the act itself has to carry, once; nil where sessions are named, which need none.
  public var token: String?
  /// How long the token is good for, in seconds.
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
