/// The progress of an act by filter or with a rate: the reply to it, and to `GET /v1/acts/{id}`.
public struct ActStatus: Codable, Equatable, Sendable, Identifiable {
  /// The engine's run; the act's number is unique in it.
  public var engine: String
  /// Its number, from 1.
  public var id: Int
  /// The kind of the act.
  public var kind: Kind
  /// The state of the act.
  public var state: State
  /// The filter of the sessions; nil if they were named.
  public var filter: String?
  /// How many sessions the act was for when it began.
  public var count: Int
  /// How many sessions its dry run had counted.
  public var previewed: Int?
  /// Sessions whose message went to the operating system at once, or whose close frame is on its
  /// way.
  @Tolerant public var delivered = 0
  /// Sessions whose message waits in their backlog.
  @Tolerant public var queued = 0
  /// Sessions that were not reached, by the reason: the raw values of `SessionOutcome.Outcome`.
  @Tolerant public var failed = FailedCounts()
  /// Sessions per second; nil: unpaced.
  public var rate: Double?
  /// The share by which each pause varies.
  public var jitter: Double?
  /// When it began, in seconds since 1970.
  @Tolerant public var startedAt = 0.0
  /// When it was over, in seconds since 1970.
  public var finishedAt: Double?
  /// Who requested it: `uid 1000 pid 4242`.
  public var actor: String?
  /// The command line that does the same.
  public var command: String?

  /// The kinds of acts.
  public enum Kind: String, Codable, Hashable, Sendable {
    case close, send
  }

  /// The states of an act.
  public enum State: String, Codable, Hashable, Sendable {
    /// It is under way.
    case running
    /// It has been through all of its sessions.
    case finished
    /// It was aborted; the rest of its sessions were left alone.
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

  /// How many sessions have had their turn.
  public var doneCount: Int { hitCount &+ failed.total }

  /// How many sessions have not had their turn.
  public var leftCount: Int { max(0, count &- doneCount) }

  /// How many sessions were reached.
  public var hitCount: Int { delivered &+ queued }

  /// Counts the outcome of one more session.
  public mutating func add(_ outcome: SessionOutcome.Outcome) {
    switch outcome {
    case .done: delivered += 1
    case .queued: queued += 1
    default: failed.counts[outcome.rawValue, default: 0] += 1
    }
  }
}

/// How many sessions an act did not reach, by the reason; in JSON an object.
public struct FailedCounts: Equatable, Sendable {
  /// The counts.
  public var counts: [String: Int] = [:]

  /// No failure.
  public init() {}

  /// The sum of the counts.
  public var total: Int { counts.values.reduce(0, &+) }

  /// The count for a reason.
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

/// The running acts, and the last that are over: the reply to `GET /v1/acts`.
public struct ActList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The acts, in the order of their numbers.
  @Tolerant public var acts: [ActStatus]

  /// A list.
  public init(engine: String, acts: [ActStatus]) {
    self.engine = engine
    self.acts = acts
  }
}

/// A request to abort an act: the body of `POST /v1/acts/{id}/abort`, which may be missing.
public struct AbortRequest: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is done (409).
  public var engine: String?

  /// A request.
  public init(engine: String? = nil) {
    self.engine = engine
  }
}
