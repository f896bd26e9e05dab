public import Vocabulary

/// The target and the pace of an act: the common fields of the bodies of `POST /v1/close` and `POST
/// /v1/send`.
public struct ActSelection: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is done (409).
  public var engine: String?
  /// The sessions by name; at most 10 000.
  public var sessions: [SessionID]?
  /// The open sessions that a filter matches; either this or `sessions`.
  public var filter: String?
  /// Whether the act is only previewed: the reply is an `ActPreview`.
  public var dryRun: Bool?
  /// The token of a dry run of the same kind of act with the same filter; required for an act by
  /// filter, and valid once.
  public var token: String?
  /// Sessions per second, 0.01 to 100 000; unpaced if nil.
  public var rate: Double?
  /// The share by which each pause between two sessions varies, 0 to 1.
  public var jitter: Double?
  /// Whether the reply waits for the end of the act; if nil, it does for an act without a rate.
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

  /// Whether the act is only previewed.
  public var isDryRun: Bool { dryRun ?? false }

  /// Whether the reply is an `ActStatus`: an act with a filter or a rate can be followed and
  /// aborted.
  public var isFollowed: Bool { filter != nil || rate != nil }
}

extension ActSelection {
  /// Checks that the selection names sessions or a filter, with a valid pace.
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
