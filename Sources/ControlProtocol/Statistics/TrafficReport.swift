internal import Vocabulary

/// A span of time that traffic is told of.
public enum TrafficWindow: String, Codable, CaseIterable, Hashable, Sendable {
  case minute = "1m"
  case fiveMinutes = "5m"
  case hour = "1h"
  case day = "24h"

  /// How many seconds it has.
  public var seconds: Int {
    switch self {
    case .minute: 60
    case .fiveMinutes: 300
    case .hour: 3600
    case .day: 86_400
    }
  }

  /// How many seconds one sample is the average of.
  public var stepSeconds: Int {
    switch self {
    case .minute, .fiveMinutes: 1
    case .hour: 10
    case .day: 240
    }
  }
}

/// Which traffic is asked for: the query of `GET /v1/traffic`.
public struct TrafficQuery: Codable, Equatable, Sendable {
  /// The span of time.
  public var window: TrafficWindow
  /// The pattern of the route whose sizes and round trips are told; those of all if nil.
  ///
  /// The rates are the engine's in any case.
  public var route: String?

  /// A query.
  public init(window: TrafficWindow = .fiveMinutes, route: String? = nil) {
    self.window = window
    self.route = route
  }

  /// The query as it stands behind a path, `?` included.
  public var queryString: String {
    "?window=\(window.rawValue)" + (route.map { "&route=\(TargetEncoding.encoded($0))" } ?? "")
  }

  /// Reads a query.
  ///
  /// - Throws: `ControlError` for a window that there is not, and for a broken escape.
  public init(queryString: String) throws(ControlError) {
    self.init()
    let fields = try QueryFields(queryString, known: ["window", "route"])
    if let text = fields["window"] {
      guard let window = TrafficWindow(rawValue: text) else {
        throw ControlError(
          code: "invalid-query",
          message: "window=\(UntrustedText.escaped(text, limit: 32)): wants "
            + TrafficWindow.allCases.map(\.rawValue).joined(separator: ", "))
      }
      self.window = window
    }
    route = fields["route"]
  }
}

/// What passed through the engine in a span of time: the answer to `GET /v1/traffic`.
public struct TrafficReport: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The span of time.
  public var window: TrafficWindow
  /// The route whose sizes and round trips are told; nil: all.
  public var route: String?
  /// The averages of equal steps of time, the oldest first; those of the engine.
  ///
  /// On a watch it is empty if the samples are those that were pushed before.
  @Tolerant public var samples: [RateSample] = []
  /// Sizes of received messages in the span.
  @Tolerant public var sizesIn = SizeDistribution()
  /// Sizes of sent messages in the span.
  @Tolerant public var sizesOut = SizeDistribution()
  /// How many seconds the sizes really go back: they are counted by minutes, or by hours.
  @Tolerant public var sizesSeconds = 0.0
  /// The value of `message-bytes` that holds: the route's, else the engine's.
  @Tolerant public var messageBytes = ""
  /// The smoothed round trips of the sessions that are open, in microseconds.
  @Tolerant public var roundTrips = SizeDistribution()

  /// A report of nothing.
  public init(engine: String, window: TrafficWindow, route: String? = nil) {
    self.engine = engine
    self.window = window
    self.route = route
  }
}
