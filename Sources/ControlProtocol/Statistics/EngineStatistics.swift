public import Vocabulary

/// The statistics of the whole engine: the reply to `GET /v1/stats`.
public struct EngineStatistics: Codable, Equatable, Sendable {
  /// The identity of the engine.
  public var engine: EngineIdentity
  /// The time of the statistics, in seconds since 1970.
  public var now: Double
  /// Seconds since the engine started.
  public var uptimeSeconds: Double
  /// Present and total sessions.
  @Tolerant public var sessions = SessionCounts()
  /// Total messages and bytes.
  @Tolerant public var traffic = Traffic()
  /// The rates of the last whole second.
  @Tolerant public var rates = RateSample()
  /// Closed sessions by code and initiator.
  @Tolerant public var closes: [CloseCount] = []
  /// Handshakes refused, by reason.
  @Tolerant public var refusals: [RefusalCount] = []
  /// Sizes of received messages.
  @Tolerant public var sizesIn = SizeDistribution()
  /// Sizes of sent messages.
  @Tolerant public var sizesOut = SizeDistribution()
  /// Bytes held in inboxes, partial messages and backlogs.
  @Tolerant public var bufferedBytes = 0
  /// Messages dropped for a session whose backlog was full (`backlog-policy` drop), or whose
  /// narrower `message-bytes` they exceeded.
  @Tolerant public var droppedMessages = 0
  /// How often reading from a session was paused, since it sent more than its rate allows.
  @Tolerant public var ratePauses = 0
  /// Turns of a reactor that took over 100 ms, because a handler blocked.
  @Tolerant public var slowTurns = 0
  /// The state of the history; nil if the engine keeps none.
  @Tolerant public var history: HistoryStatistics? = nil
  /// The load of each reactor.
  @Tolerant public var reactors: [ReactorLoad] = []

  /// Statistics of an engine at its start.
  public init(engine: EngineIdentity, now: Double, uptimeSeconds: Double) {
    self.engine = engine
    self.now = now
    self.uptimeSeconds = uptimeSeconds
  }
}

/// The identity of an engine.
public struct EngineIdentity: Codable, Equatable, Sendable {
  /// The run's identifier, new at each start.
  public var run: String
  /// The name given with `--name`.
  public var name: String
  /// The program's version.
  public var version: String
  /// The engine's process.
  public var processID: Int
  /// The start time, in seconds since 1970.
  public var startedAt: Double
  /// The addresses of its listeners, such as `127.0.0.1:8080` or `unix:/run/app.sock`.
  @Tolerant public var listeners: [String]
  /// The patterns of its routes, in their order.
  @Tolerant public var routes: [String]

  /// An engine's identity.
  public init(
    run: String, name: String, version: String, processID: Int, startedAt: Double,
    listeners: [String], routes: [String]
  ) {
    self.run = run
    self.name = name
    self.version = version
    self.processID = processID
    self.startedAt = startedAt
    self.listeners = listeners
    self.routes = routes
  }
}

/// Present and total sessions.
public struct SessionCounts: TolerantlyCodable, Equatable, Sendable {
  /// Connections whose opening handshake is under way.
  @Tolerant public var opening = 0
  /// Sessions open now, closing ones included.
  @Tolerant public var open = 0
  /// Sessions ever opened.
  @Tolerant public var opened = 0
  /// Sessions ever closed.
  @Tolerant public var closed = 0
  /// The most that can be open: the lower of the limit and the number of descriptors.
  @Tolerant public var limit = 0
  /// What allows fewer than the limit `sessions`; nil: that limit is what holds.
  @Tolerant public var limitedBy: String? = nil

  /// The most that can be open and its cause, such as `max 19 936, by descriptors`; safe to show.
  public var limitText: String {
    "max \(QuantityText.readableCount(limit)), by "
      + (limitedBy.map { UntrustedText.escaped($0) } ?? "limit")
  }

  /// No sessions.
  public init() {}
}

/// Messages and bytes.
public struct Traffic: TolerantlyCodable, Equatable, Sendable {
  /// Messages received.
  @Tolerant public var messagesIn = 0
  /// Messages sent.
  @Tolerant public var messagesOut = 0
  /// Payload bytes received.
  @Tolerant public var bytesIn = 0
  /// Payload bytes sent.
  @Tolerant public var bytesOut = 0
  /// Bytes received on connections.
  @Tolerant public var wireBytesIn = 0
  /// Bytes sent on connections.
  @Tolerant public var wireBytesOut = 0

  /// No traffic.
  public init() {}
}

/// The rates of one second.
public struct RateSample: TolerantlyCodable, Equatable, Sendable {
  /// The end of the second, in seconds since 1970.
  @Tolerant public var at = 0.0
  /// Messages received per second.
  @Tolerant public var messagesIn = 0.0
  /// Messages sent per second.
  @Tolerant public var messagesOut = 0.0
  /// Payload bytes received per second.
  @Tolerant public var bytesIn = 0.0
  /// Payload bytes sent per second.
  @Tolerant public var bytesOut = 0.0
  /// Sessions opened per second.
  @Tolerant public var opened = 0.0
  /// Sessions closed per second.
  @Tolerant public var closed = 0.0
  /// Sessions closed with 1000 per second.
  @Tolerant public var closed1000 = 0.0
  /// Sessions closed with 1009 per second.
  @Tolerant public var closed1009 = 0.0
  /// Handshakes refused per second.
  @Tolerant public var refused = 0.0
  /// Sessions open at the end of the second.
  @Tolerant public var open = 0

  /// A quiet second.
  public init() {}
}

/// How many sessions were closed with a code by one kind of initiator.
public struct CloseCount: Codable, Equatable, Sendable {
  /// The close code; 1005 and 1006 where none was sent.
  public var code: CloseCode
  /// The kind of the initiator.
  public var by: CloseInitiator.Kind
  /// The count.
  public var count: Int

  /// A count.
  public init(code: CloseCode, by: CloseInitiator.Kind, count: Int) {
    self.code = code
    self.by = by
    self.count = count
  }
}

/// How many handshakes were refused for one reason.
public struct RefusalCount: Codable, Equatable, Sendable {
  /// The reason's term, such as `no-route`.
  public var reason: String
  /// The HTTP status of the response.
  public var status: Int
  /// The count.
  public var count: Int

  /// A count.
  public init(reason: String, status: Int, count: Int) {
    self.reason = reason
    self.status = status
    self.count = count
  }
}

/// The load of one reactor.
public struct ReactorLoad: Codable, Equatable, Sendable {
  /// Sessions it owns.
  public var open: Int
  /// Messages it received.
  public var messagesIn: Int
  /// Turns of its loop.
  public var turns: Int

  /// A load.
  public init(open: Int, messagesIn: Int, turns: Int) {
    self.open = open
    self.messagesIn = messagesIn
    self.turns = turns
  }
}
