internal import Vocabulary

/// Which entries of the history are wanted: the newest that match, and the older ones page by page.
public struct HistoryQuery: Codable, Equatable, Sendable {
  /// A filter of sessions; empty matches all entries, any other only closed sessions.
  public var filter: String
  /// The kinds that are wanted; empty: all.
  public var kinds: [HistoryEntry.Kind]
  /// Not before this moment, in seconds since 1970.
  public var since: Double?
  /// Before this moment, in seconds since 1970.
  public var until: Double?
  /// Where the page before ended: its `next`; nil: from the newest on.
  public var cursor: HistoryCursor?
  /// At most so many entries, up to `maximumLimit`.
  public var limit: Int

  /// The most entries that one page has.
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
/// `1764000000.25-17`, which only the engine that gave it reads.
public struct HistoryCursor: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The moment of the entry before the place.
  public var at: Double
  /// That entry's number.
  public var number: Int

  /// The place after an entry.
  public init(at: Double, number: Int) {
    self.at = at
    self.number = number
  }

  /// Reads the text form.
  public init?(_ text: String) {
    // The last one: a moment may have a sign, or an exponent that has one.
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
  /// The run of the engine that answers.
  public var engine: String
  /// Where the entries come from.
  public var store: HistoryStore
  /// The entries; there may be none although older ones match, where the search took too long.
  @Tolerant public var entries: [HistoryEntry]
  /// Where to go on; nil: nothing older matches.
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
