/// How message sizes are spread, in the buckets of `SizeBuckets`.
///
/// In JSON: `{"count":N,"maximum":N,"buckets":[[index,count],…]}`, empty buckets left out.
public struct SizeDistribution: Codable, Equatable, Sendable {
  /// How many messages were counted.
  public var count = 0
  /// The largest message, exactly.
  public var maximum = 0
  /// Pairs of a bucket's index and its count, in rising order of the index.
  public var buckets: [[Int]] = []

  /// No messages.
  public init() {}
}
