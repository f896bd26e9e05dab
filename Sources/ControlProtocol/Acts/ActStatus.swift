/// How far an act by filter, or with a pace, has come: the answer to it, and to
/// `GET /v1/acts/{id}`.
public struct ActStatus: Codable, Equatable, Sendable, Identifiable {
  /// The engine's run, in which the act's number is its own.
  public var engine: String
  /// Its number, from 1.
  public var id: Int
  /// What is done.
  public var kind: Kind
  /// Whether it goes on.
  public var state: State
  /// The filter that chose the sessions; nil if they were named.
  public var filter: String?
  /// How many sessions it was meant for when it began.
  public var count: Int
  /// How many its dry run had counted.
  public var previewed: Int?
  /// Sessions whose message went to the operating system at once, or whose close frame is on its
  /// way.
  @Tolerant public var delivered = 0
  /// Sessions whose message waits in their backlog.
  @Tolerant public var queued = 0
  /// Sessions that were not hit, by the reason: the raw values of `SessionOutcome.Outcome`.
  @Tolerant public var failed = FailedCounts()
  /// Sessions per second; nil: as fast as they go.
  public var rate: Double?
  /// By which share of itself each pause may be longer or shorter.
  public var jitter: Double?
  /// When it began, in seconds since 1970.
  @Tolerant public var startedAt = 0.0
  /// When it was over, in seconds since 1970.
  public var finishedAt: Double?
  /// Who asked for it: `uid 1000 pid 4242`.
  public var actor: String?
  /// The command line that does the same.
  public var command: String?

  /// What an act does.
  public enum Kind: String, Codable, Hashable, Sendable {
    case close, send
  }

  /// Whether an act goes on.
  public enum State: String, Codable, Hashable, Sendable {
    /// It is under way.
    case running
    /// It has been through all of its sessions.
    case finished
    /// Somebody ended it; the rest of its sessions were left alone.
    case aborted
  }

  /// An act that begins.
  public init(engine: String, id: Int, kind: Kind, filter: String? = nil, count: Int) {
    self.engine = engine
    self.id = id
    self.kind = kind
    state = .running
    self.filter = filter
    self.count = count
  }

  /// How many sessions it has been through.
  public var doneCount: Int { hitCount &+ failed.total }

  /// How many sessions have not had their turn.
  public var leftCount: Int { max(0, count &- doneCount) }

  /// How many sessions were hit.
  public var hitCount: Int { delivered &+ queued }

  /// Counts what became of one more session.
  public mutating func add(_ outcome: SessionOutcome.Outcome) {
    switch outcome {
    case .done: delivered += 1
    case .queued: queued += 1
    default: failed.counts[outcome.rawValue, default: 0] += 1
    }
  }
}

/// How many sessions an act did not hit, by the reason; in JSON an object.
public struct FailedCounts: Equatable, Sendable {
  /// The counts.
  public var counts: [String: Int] = [:]

  /// No failure.
  public init() {}

  /// All of them.
  public var total: Int { counts.values.reduce(0, &+) }

  /// How many there are for a reason.
  public subscript(outcome: SessionOutcome.Outcome) -> Int { counts[outcome.rawValue] ?? 0 }
}

extension FailedCounts: TolerantlyCodable {
  /// Decodes an object of counts.
  public init(from decoder: any Decoder) throws {
    counts = try decoder.singleValueContainer().decode([String: Int].self)
  }

  /// Encodes an object of counts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(counts)
  }
}

/// The acts that go on, and those that were over last: the answer to `GET /v1/acts`.
public struct ActList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// In the order of their numbers.
  @Tolerant public var acts: [ActStatus]

  /// A list.
  public init(engine: String, acts: [ActStatus]) {
    self.engine = engine
    self.acts = acts
  }
}

/// Ends an act: the body of `POST /v1/acts/{id}/abort`, which may be missing.
public struct AbortRequest: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is done (409).
  public var engine: String?

  /// A request.
  public init(engine: String? = nil) {
    self.engine = engine
  }
}
