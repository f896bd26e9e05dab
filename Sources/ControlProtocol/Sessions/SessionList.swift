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

  /// A window.
  public init(engine: String, total: Int, offset: Int, sessions: [SessionRow]) {
    self.engine = engine
    self.total = total
    self.offset = offset
    self.sessions = sessions
  }
}
