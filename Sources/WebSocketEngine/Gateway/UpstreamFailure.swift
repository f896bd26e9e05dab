/// A reason why a session could not be opened at an upstream, or was lost there.
package enum UpstreamFailure: String, CaseIterable, Hashable, Sendable {
  /// Nobody listens (ECONNREFUSED, or a Unix socket's ENOENT).
  case refused
  /// There is no way to it, or no address of its name.
  case unreachable
  /// It did not answer within the route's `upstream-timeout`.
  case timedOut = "timed-out"
  /// The handshake of TLS failed, or its certificate is not trusted.
  case tls
  /// It answered what is no answer to the request; the client gets 502.
  case badAnswer = "bad-answer"
  /// It answered 503.
  case unavailable = "503"
  /// It answered 504.
  case gatewayTimeout = "504"
  /// It ended the connection before its answer, or a session without a close frame.
  case reset

  /// The reason in a sentence about the upstream.
  package var text: String {
    switch self {
    case .refused: "refuses connections"
    case .unreachable: "cannot be reached"
    case .timedOut: "does not answer in time"
    case .tls: "fails in its TLS handshake"
    case .badAnswer: "answers what is no answer"
    case .unavailable: "answers 503"
    case .gatewayTimeout: "answers 504"
    case .reset: "resets connections"
    }
  }

  /// Whether no connection was made: a check that connects tells the opposite.
  var isOfConnecting: Bool {
    switch self {
    case .refused, .unreachable, .timedOut, .tls: true
    case .badAnswer, .unavailable, .gatewayTimeout, .reset: false
    }
  }

  /// Its place among all reasons.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
