/// One service behind a route: its state, its sessions, and what passes between the engine and it.
///
/// In is what came from it, out what went to it.
public struct UpstreamRow: Codable, Equatable, Sendable {
  /// Whether an upstream takes sessions; another version of the engine may have other states.
  public struct State: RawRepresentable, Codable, Hashable, Sendable {
    /// The state's word.
    public var rawValue: String

    /// A state by its word.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// It takes sessions.
    public static let up = State(rawValue: "up")
    /// It failed, and takes none for `retrySeconds`.
    public static let down = State(rawValue: "down")
    /// It was told to take no new ones, and has some.
    public static let draining = State(rawValue: "draining")
    /// It was told to take no new ones, and has none.
    public static let drained = State(rawValue: "drained")
    /// It is in its route's list no more, and has sessions yet.
    public static let removed = State(rawValue: "removed")
  }

  /// The failure that came last.
  public struct Failure: Codable, Equatable, Sendable {
    /// The reason: a key of `failures`.
    public var reason: String
    /// More about it, such as the system's error; not escaped for display.
    @Tolerant public var message = ""
    /// Seconds since then.
    @Tolerant public var secondsAgo = 0.0

    /// A failure.
    public init(reason: String, message: String, secondsAgo: Double) {
      self.reason = reason
      self.message = message
      self.secondsAgo = secondsAgo
    }
  }

  /// The pattern of its route.
  public var route: String
  /// Its name, as it stands in the list of its route; not escaped for display.
  public var name: String
  /// Whether it takes sessions.
  public var state: State
  /// Seconds until it is tried again, while it is down.
  public var retrySeconds: Double?
  /// Sessions that are open.
  @Tolerant public var sessions = 0
  /// Sessions whose opening is under way.
  @Tolerant public var opening = 0
  /// Sessions ever opened.
  @Tolerant public var opened = 0
  /// Messages received from it.
  @Tolerant public var messagesIn = 0
  /// Messages sent to it.
  @Tolerant public var messagesOut = 0
  /// Payload bytes received from it.
  @Tolerant public var bytesIn = 0
  /// Payload bytes sent to it.
  @Tolerant public var bytesOut = 0
  /// The rates of the last second; nil before the first one in which somebody looked.
  public var rates: GroupRow.Rates?
  /// The time from the connect to its answer, of the last session; nil before the first.
  public var connectMilliseconds: Double?
  /// The same, of which each new one makes up an eighth.
  public var smoothedConnectMilliseconds: Double?
  /// How often what failed, by the reason: `refused`, `unreachable`, `timed-out`, `tls`,
  /// `bad-answer`, `503`, `504`, `reset`.
  @Tolerant public var failures = FailedCounts()
  /// The failure that came last.
  public var lastFailure: Failure?

  /// An upstream without sessions.
  public init(route: String, name: String, state: State) {
    self.route = route
    self.name = name
    self.state = state
  }
}

/// The services behind all routes: the reply to `GET /v1/upstreams`, and those that were meant to
/// `POST /v1/upstreams/drain` and `/v1/upstreams/resume`.
public struct UpstreamList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The upstreams, in the order of the routes and their lists.
  @Tolerant public var upstreams: [UpstreamRow]

  /// A list.
  public init(engine: String, upstreams: [UpstreamRow]) {
    self.engine = engine
    self.upstreams = upstreams
  }
}
