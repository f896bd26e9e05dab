/// The store of the history.
public enum HistoryStore: String, Codable, Hashable, Sendable {
  /// In a file.
  case disk
  /// In memory, since the file is unusable or none is wanted.
  case memory
}
