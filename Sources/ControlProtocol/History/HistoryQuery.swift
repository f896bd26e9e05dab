internal import Vocabulary

/// A query for entries of the history: the newest that match, and older ones page by page.
public struct HistoryQuery: Codable, Equatable, Sendable {
  /// A filter of sessions; empty matches all entries, any other only closed sessions.
  public var filter: String
  /// The kinds of entries; empty: all.
  public var kinds: [HistoryEntry.Kind]
  /// The earliest time, included, in seconds since 1970.
  public var since: Double?
  /// The latest time, excluded, in seconds since 1970.
  public var until: Double?
  /// The `next` of the previous page; nil: from the newest on.
  public var cursor: HistoryCursor?
  /// The most entries, up to `maximumLimit`.
  public var limit: Int

  /// The most entries of one page.
  public static let maximumLimit = 500

  /// The newest entries.
  public init(
    filter: String = "", kinds: [HistoryEntry.Kind] = [], since: Double? = nil,
    until: Double? = nil, cursor: HistoryCursor? = nil, limit: Int = 100
  ) {
    self.filter = filter
    self.kinds = kinds
    self.since = since
    self.until = until
    self.cursor = cursor
    self.limit = limit
  }
}

/// A place between two entries of the history; in JSON and queries a text such as
/// `1764000000.25-17`, which only the same engine can parse.
public struct HistoryCursor: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The time of the entry before the place.
  public var at: Double
  /// That entry's number.
  public var number: Int

  /// The place after an entry.
  public init(at: Double, number: Int) {
    self.at = at
    self.number = number
  }

  /// Parses the text form.
  public init?(_ text: String) {
    // The last dash separates them: `at` may have a sign, or an exponent with one.
    guard let dash = text.lastIndex(of: "-"), let at = Double(text[..<dash]), at.isFinite,
      let number = QuantityText.count(from: String(text[text.index(after: dash)...]))
    else { return nil }
    self.init(at: at, number: number)
  }

  /// The text form.
  public var description: String { "\(at)-\(number)" }

  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let cursor = HistoryCursor(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no place in the history")
    }
    self = cursor
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A page of the history, the newest entry first: the answer to `GET /v1/history`.
public struct HistoryPage: Codable, Equatable, Sendable {
  /// The engine's run at the reply.
  public var engine: String
  /// The store that the entries come from.
  public var store: HistoryStore
  /// The entries; may be empty although older ones match, if the search took too long.
  @Tolerant public var entries: [HistoryEntry]
  /// The cursor of the next page; nil: nothing older matches.
  public var next: HistoryCursor?

  /// A page.
  public init(
    engine: String, store: HistoryStore, entries: [HistoryEntry], next: HistoryCursor? = nil
  ) {
    self.engine = engine
    self.store = store
    self.entries = entries
    self.next = next
  }
}
