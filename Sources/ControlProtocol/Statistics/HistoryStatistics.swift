/// How the history fares.
public struct HistoryStatistics: TolerantlyCodable, Equatable, Sendable {
  /// Where entries go now.
  public var store = HistoryStore.memory
  /// The file; nil if none is wanted.
  public var path: String?
  /// Entries that were stored in this run, in memory or in the file.
  @Tolerant public var stored = 0
  /// Entries that were handed over and are not stored yet.
  @Tolerant public var waiting = 0
  /// Entries that are lost: they came faster than they could be stored, or had no room in memory
  /// while the file could not be used.
  @Tolerant public var lost = 0
  /// How often the file could not be opened, written or read.
  @Tolerant public var failures = 0
  /// How many bytes the file uses.
  @Tolerant public var byteCount = 0
  /// What is wrong with the file, not escaped for display; nil while it can be used.
  public var problem: String?

  /// A history in memory that has stored nothing.
  public init() {}

  /// Decodes what is there; an unknown store counts as memory.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    store = (try? fields.decode(HistoryStore.self, forKey: .store)) ?? .memory
    path = try fields.decodeIfPresent(String.self, forKey: .path)
    stored = try fields.decode(.stored, default: 0)
    waiting = try fields.decode(.waiting, default: 0)
    lost = try fields.decode(.lost, default: 0)
    failures = try fields.decode(.failures, default: 0)
    byteCount = try fields.decode(.byteCount, default: 0)
    problem = try fields.decodeIfPresent(String.self, forKey: .problem)
  }
}
