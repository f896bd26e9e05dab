/// Where the history is.
public enum HistoryStore: String, Codable, Hashable, Sendable {
  /// In a file.
  case disk
  /// In memory, since the file cannot be used or none is wanted.
  case memory
}
