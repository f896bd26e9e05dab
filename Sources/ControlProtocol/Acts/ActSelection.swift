public import Vocabulary

/// Which sessions an act is meant for, and how fast it goes through them: fields that the bodies of
/// `POST /v1/close` and `POST /v1/send` have in common.
public struct ActSelection: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is done (409).
  public var engine: String?
  /// The sessions by name; at most 10 000.
  public var sessions: [SessionID]?
  /// The sessions by filter, of those that are open; either this or `sessions`.
  public var filter: String?
  /// Whether only to tell how many it would be, and which: the answer is an `ActPreview`.
  public var dryRun: Bool?
  /// What a dry run of the same kind of act with the same filter gave; an act by filter must have
  /// it, and it is good once.
  public var token: String?
  /// Sessions per second, 0.01 to 100 000; as fast as they go if nil.
  public var rate: Double?
  /// By which share of itself each pause between two sessions may be longer or shorter, 0 to 1.
  public var jitter: Double?
  /// Whether to answer when the act is over; if nil, that is so for one without a rate.
  public var wait: Bool?

  /// A selection.
  public init(
    engine: String? = nil, sessions: [SessionID]? = nil, filter: String? = nil,
    dryRun: Bool? = nil, token: String? = nil, rate: Double? = nil, jitter: Double? = nil,
    wait: Bool? = nil
  ) {
    self.engine = engine
    self.sessions = sessions
    self.filter = filter
    self.dryRun = dryRun
    self.token = token
    self.rate = rate
    self.jitter = jitter
    self.wait = wait
  }

  /// The most sessions that one act can name.
  public static let maximumSessionCount = 10_000
  /// The rates that an act can have, in sessions per second.
  public static let rates = 0.01...100_000.0

  /// Whether only to tell what would be done.
  public var isDryRun: Bool { dryRun ?? false }

  /// Whether the answer is an `ActStatus`: a filter, or a pace, makes the act one that can be
  /// followed and aborted.
  public var isFollowed: Bool { filter != nil || rate != nil }
}

extension ActSelection {
  /// The selection if it names sessions, and a pace that can be.
  func check() throws(ControlError) {
    switch (sessions, filter) {
    case (let sessions?, nil):
      guard (1...Self.maximumSessionCount).contains(sessions.count) else { throw Self.noSessions }
    case (nil, let filter?): try check(filter)
    case (nil, nil): throw Self.noSessions
    case (.some, .some):
      throw ControlError(
        code: "invalid-sessions", message: "sessions and filter exclude each other")
    }
    if let rate, !(rate.isFinite && Self.rates.contains(rate)) {
      throw ControlError(
        code: "invalid-rate", message: "rate is 0.01 to 100000 sessions per second")
    }
    guard let jitter else { return }
    guard jitter.isFinite, (0...1).contains(jitter) else {
      throw ControlError(code: "invalid-rate", message: "jitter is a share of the pause, 0 to 1")
    }
    guard rate != nil else {
      throw ControlError(code: "invalid-rate", message: "jitter wants a rate")
    }
  }

  private func check(_ text: String) throws(ControlError) {
    let filter: SessionFilter
    do { filter = try SessionFilter(text) } catch { throw ControlError(error) }
    guard !filter.isEmpty else {
      throw ControlError(
        code: "invalid-filter",
        message: "an empty filter would mean every session: state=open says that")
    }
    guard isDryRun || token != nil else {
      throw ControlError(
        code: "preview-required",
        message: "an act by filter wants the token that a dry run (\"dryRun\": true) gives")
    }
  }

  private static let noSessions = ControlError(
    code: "invalid-sessions",
    message: "sessions wants the IDs of 1 to \(maximumSessionCount) sessions")
}
