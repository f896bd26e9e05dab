public import Vocabulary

/// The paths of the control API that are answered with JSON, in one table for both ends.
public enum ControlEndpoint: Hashable, Sendable {
  case statistics, sessions, close, send, limits, reload, stop
  case closes, history, limitsKeep, traffic
  case groups(GroupKind), sessionGroups
  case upstreams, upstreamDrain, upstreamResume
  case session(SessionID)
  case sessionClose(SessionID)
  case sessionSend(SessionID)
  case sessionLimits(SessionID)
  case sessionSecrets(SessionID)
  case acts
  case act(Int)
  case actAbort(Int)

  /// The path of the WebSocket on which snapshots are pushed.
  public static let watchPath = "/v1/watch"

  private static let plain: [ControlEndpoint] = [
    .statistics, .sessions, .close, .send, .limits, .reload, .stop, .acts, .groups(.rooms),
    .groups(.routes), .sessionGroups, .closes, .history, .limitsKeep, .traffic, .upstreams,
    .upstreamDrain, .upstreamResume,
  ]

  /// The endpoint at a path, as it is in the request target without the query.
  public init?(path: String) {
    if let endpoint = Self.plain.first(where: { $0.path == path }) {
      self = endpoint
      return
    }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if path.hasPrefix("/"), segments.starts(with: ["v1", "acts"]) {
      guard let act = Self.act(Array(segments.dropFirst(2))) else { return nil }
      self = act
      return
    }
    guard path.hasPrefix("/"), segments.starts(with: ["v1", "sessions"]),
      let text = TargetEncoding.decoded(segments.dropFirst(2).first ?? ""),
      let id = SessionID(text)
    else { return nil }
    switch Array(segments.dropFirst(3)) {
    case []: self = .session(id)
    case ["close"]: self = .sessionClose(id)
    case ["send"]: self = .sessionSend(id)
    case ["limits"]: self = .sessionLimits(id)
    case ["secrets"]: self = .sessionSecrets(id)
    default: return nil
    }
  }

  private static func act(_ segments: [Substring]) -> ControlEndpoint? {
    guard let number = segments.first.flatMap({ QuantityText.count(from: String($0)) }) else {
      return nil
    }
    return switch segments.dropFirst() {
    case []: .act(number)
    case ["abort"]: .actAbort(number)
    default: nil
    }
  }

  /// The endpoint's path.
  public var path: String {
    switch self {
    case .statistics: "/v1/stats"
    case .sessions: "/v1/sessions"
    case .close: "/v1/close"
    case .send: "/v1/send"
    case .limits: "/v1/limits"
    case .limitsKeep: "/v1/limits/keep"
    case .traffic: "/v1/traffic"
    case .reload: "/v1/reload"
    case .stop: "/v1/stop"
    case .closes: "/v1/closes"
    case .history: "/v1/history"
    case .groups(let kind): "/v1/\(kind.rawValue)"
    case .sessionGroups: "/v1/groups"
    case .upstreams: "/v1/upstreams"
    case .upstreamDrain: "/v1/upstreams/drain"
    case .upstreamResume: "/v1/upstreams/resume"
    case .session(let id): "/v1/sessions/\(id)"
    case .sessionClose(let id): "/v1/sessions/\(id)/close"
    case .sessionSend(let id): "/v1/sessions/\(id)/send"
    case .sessionLimits(let id): "/v1/sessions/\(id)/limits"
    case .sessionSecrets(let id): "/v1/sessions/\(id)/secrets"
    case .acts: "/v1/acts"
    case .act(let number): "/v1/acts/\(number)"
    case .actAbort(let number): "/v1/acts/\(number)/abort"
    }
  }

  /// The methods that the endpoint allows.
  public var methods: [ControlMethod] {
    switch self {
    case .statistics, .sessions, .session, .groups, .sessionGroups, .acts, .closes, .history,
      .traffic, .upstreams:
      [.get]
    case .act: [.get, .delete]
    case .actAbort: [.post]
    case .limits: [.get, .patch]
    case .limitsKeep: [.post]
    case .close, .send, .reload, .stop, .sessionClose, .sessionSend, .sessionLimits,
      .sessionSecrets, .upstreamDrain, .upstreamResume:
      [.post]
    }
  }
}
