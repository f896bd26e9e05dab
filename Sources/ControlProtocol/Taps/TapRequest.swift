public import Vocabulary

/// A tap: a WebSocket that shows the messages of one session, or of all that match a filter, as
/// they pass.
public struct TapRequest: Equatable, Sendable {
  /// The tapped sessions.
  public enum Subject: Equatable, Sendable {
    /// One session: `GET /v1/sessions/{id}/tap`.
    case session(SessionID)
    /// All sessions that match, now or later: `GET /v1/tap?filter=`.
    case filter(String)
  }

  /// The tapped sessions.
  public var subject: Subject
  /// The filter of messages.
  public var options: TapOptions
  /// The most messages a second, 1–10 000; further ones are counted only.
  public var messagesPerSecond: Int

  /// The default of `messagesPerSecond`.
  public static let defaultMessagesPerSecond = 500
  private static let permittedRates = 1...10_000
  /// The path of taps by filter.
  static let path = "/v1/tap"

  /// A tap.
  public init(
    _ subject: Subject, options: TapOptions = TapOptions(),
    messagesPerSecond: Int = defaultMessagesPerSecond
  ) {
    self.subject = subject
    self.options = options
    self.messagesPerSecond = messagesPerSecond
  }

  /// The request target: path and query, percent-encoded.
  public var target: String {
    var fields: [(String, String)] = []
    let path: String
    switch subject {
    case .session(let id): path = "/v1/sessions/\(id)/tap"
    case .filter(let filter):
      path = Self.path
      if !filter.isEmpty { fields.append(("filter", filter)) }
    }
    if let direction = options.direction { fields.append(("direction", direction.rawValue)) }
    if let kinds = options.kinds {
      fields.append(("kind", kinds.map(\.rawValue).joined(separator: ",")))
    }
    if let least = options.minimumBytes { fields.append(("min", String(least))) }
    if let most = options.maximumBytes { fields.append(("max", String(most))) }
    if let text = options.text { fields.append(("text", text)) }
    if messagesPerSecond != Self.defaultMessagesPerSecond {
      fields.append(("rate", String(messagesPerSecond)))
    }
    return path + TargetEncoding.query(fields)
  }

  /// Parses a request target; nil if it is not a tap's path.
  ///
  /// - Throws: `ControlError` for an invalid query; a fault in the filter with its column.
  public init?(path: String, query: String?) throws(ControlError) {
    let prefix = "/v1/sessions/"
    let suffix = "/tap"
    let named: SessionID?
    if path == Self.path {
      named = nil
    } else {
      guard path.hasPrefix(prefix), path.hasSuffix(suffix),
        path.utf8.count > prefix.utf8.count + suffix.utf8.count,
        let id = SessionID(String(path.dropFirst(prefix.count).dropLast(suffix.count)))
      else { return nil }
      named = id
    }
    let fields = try QueryFields(
      query, known: ["filter", "direction", "kind", "min", "max", "text", "rate"])
    if let named {
      guard fields["filter"] == nil else {
        throw TapOptions.invalid("the path names \(named), the query a filter")
      }
      subject = .session(named)
    } else {
      let filter = fields["filter"] ?? ""
      do { _ = try SessionFilter(filter) } catch { throw ControlError(error) }
      subject = .filter(filter)
    }
    options = try Self.options(fields)
    let rate = try Self.number(fields["rate"], "rate", QuantityText.count)
    messagesPerSecond = rate ?? Self.defaultMessagesPerSecond
    guard Self.permittedRates.contains(messagesPerSecond) else {
      throw TapOptions.invalid("rate is 1 to \(Self.permittedRates.upperBound)")
    }
  }

  private static func options(_ fields: QueryFields) throws(ControlError) -> TapOptions {
    var options = TapOptions()
    if let text = fields["direction"] {
      guard let direction = TapDirection(rawValue: text) else {
        throw TapOptions.invalid("direction is in or out")
      }
      options.direction = direction
    }
    if let text = fields["kind"] { options.kinds = try Self.kinds(text) }
    options.minimumBytes = try number(fields["min"], "min", QuantityText.bytes)
    options.maximumBytes = try number(fields["max"], "max", QuantityText.bytes)
    if let text = fields["text"], !text.isEmpty { options.text = text }
    return try options.checked()
  }

  /// Parses a list of kinds such as `text,binary`.
  public static func kinds(_ text: String) throws(ControlError) -> [TapKind] {
    var kinds: [TapKind] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = TapKind(rawValue: String(word)) else {
        throw TapOptions.invalid(
          "kind is one or more of " + TapKind.allCases.map(\.rawValue).joined(separator: ",")
            + ", with commas between")
      }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  private static func number(
    _ text: String?, _ name: String, _ read: (String) -> Int?
  ) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let number = read(text) else {
      throw TapOptions.invalid("\(name) is a whole number" + (name == "rate" ? "" : " of bytes"))
    }
    return number
  }
}
