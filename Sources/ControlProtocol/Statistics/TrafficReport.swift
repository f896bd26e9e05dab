internal import Vocabulary

/// A window of time for traffic.
public enum TrafficWindow: String, Codable, CaseIterable, Hashable, Sendable {
  case minute = "1m"
  case fiveMinutes = "5m"
  case hour = "1h"
  case day = "24h"

  /// The length, in seconds.
  public var seconds: Int {
    switch self {
    case .minute: 60
    case .fiveMinutes: 300
    case .hour: 3600
    case .day: 86_400
    }
  }

  /// The step of its samples, in seconds.
  public var stepSeconds: Int {
    switch self {
    case .minute, .fiveMinutes: 1
    case .hour: 10
    case .day: 240
    }
  }
}

/// A query for traffic: the query of `GET /v1/traffic`.
public struct TrafficQuery: Codable, Equatable, Sendable {
  /// The window of time.
  public var window: TrafficWindow
  /// The pattern of the route for sizes and round trips; nil: all.
  ///
  /// Rates are always the engine's.
  public var route: String?

  /// A query.
  public init(window: TrafficWindow = .fiveMinutes, route: String? = nil) {
    self.window = window
    self.route = route
  }

  /// The query with its `?`.
  public var queryString: String {
    "?window=\(window.rawValue)" + (route.map { "&route=\(TargetEncoding.encoded($0))" } ?? "")
  }

  /// Parses a query.
  ///
  /// - Throws: `ControlError` for an unknown window, and for a broken escape.
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

/// The engine's traffic in a window of time: the reply to `GET /v1/traffic`.
public struct TrafficReport: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The window of time.
  public var window: TrafficWindow
  /// The route of sizes and round trips; nil: all.
  public var route: String?
  /// The engine's averages of equal steps of time, the oldest first.
  ///
  /// On a watch it is empty if the samples have not changed since the last snapshot with them.
  @Tolerant public var samples: [RateSample] = []
  /// Sizes of received messages in the window.
  @Tolerant public var sizesIn = SizeDistribution()
  /// Sizes of sent messages in the window.
  @Tolerant public var sizesOut = SizeDistribution()
  /// The span that the sizes really cover, in seconds: they are counted by minutes, or by hours.
  @Tolerant public var sizesSeconds = 0.0
  /// The `message-bytes` in force: the route's, else the engine's.
  @Tolerant public var messageBytes = ""
  /// The smoothed round trips of the open sessions, in microseconds.
  @Tolerant public var roundTrips = SizeDistribution()

  /// A report without traffic.
  public init(engine: String, window: TrafficWindow, route: String? = nil) {
    self.engine = engine
    self.window = window
    self.route = route
  }
}
