/// The state of the history.
public struct HistoryStatistics: TolerantlyCodable, Equatable, Sendable {
  /// The store of new entries.
  public var store = HistoryStore.memory
  /// The file; nil without one.
  public var path: String?
  /// Entries stored in this run, in memory or in the file.
  @Tolerant public var stored = 0
  /// Entries that wait to be stored.
  @Tolerant public var waiting = 0
  /// Entries that are lost: they came faster than they could be stored, or had no room in memory
  /// while the file was unusable.
  @Tolerant public var lost = 0
  /// The number of failures to open, write or read the file.
  @Tolerant public var failures = 0
  /// The size of the file, in bytes.
  @Tolerant public var byteCount = 0
  /// The fault of the file, not escaped for display; nil while it is usable.
  public var problem: String?

  /// A history in memory that has stored nothing.
  public init() {}

  /// Decodes the fields that are there; an unknown store counts as memory.
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
