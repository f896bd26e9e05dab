/// A window of the session table: the answer to `GET /v1/sessions`.
public struct SessionList: Codable, Equatable, Sendable {
  /// The engine's run, which an act may name.
  public var engine: String
  /// How many sessions the filter matches, in and out of the window.
  public var total: Int
  /// Where the window begins.
  public var offset: Int
  /// The rows of the window, sorted.
  @Tolerant public var sessions: [SessionRow]
  /// Where the session that was asked for stands among all that match; nil if it is not one of
  /// them, or none was asked for.
  public var place: Int?
  /// Whether the rates are known: they are a second or two after they were first asked for.
  public var hasRates: Bool?

  /// A window.
  public init(engine: String, total: Int, offset: Int, sessions: [SessionRow]) {
    self.engine = engine
    self.total = total
    self.offset = offset
    self.sessions = sessions
  }
}
