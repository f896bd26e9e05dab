public import Vocabulary

/// A request to the control API, other than a watch.
public enum ControlRequest: Equatable, Sendable {
  /// `GET /v1/stats`, answered with `EngineStatistics`.
  case statistics
  /// `GET /v1/sessions`, answered with `SessionList`.
  case sessions(SessionQuery)
  /// `GET /v1/sessions/{id}`, answered with `SessionDetails`.
  case session(SessionID)
  /// `POST /v1/sessions/{id}/secrets`, answered with `SessionDetails` in which nothing is redacted;
  /// the request is an event in the log.
  case sessionSecrets(SessionID)
  /// `GET /v1/rooms` and `GET /v1/routes`, answered with `GroupList`.
  case groups(GroupQuery)
  /// `GET /v1/upstreams`, answered with `UpstreamList`.
  case upstreams
  /// `POST /v1/upstreams/drain`, answered with `UpstreamList`.
  case drainUpstream(UpstreamSelection)
  /// `POST /v1/upstreams/resume`, answered with `UpstreamList`.
  case resumeUpstream(UpstreamSelection)
  /// `POST /v1/close`, answered with `ActResult`, by filter or with a pace with `ActStatus`, and as
  /// a dry run with `ActPreview`.
  case close(CloseRequest)
  /// `POST /v1/send`, answered like a close.
  case send(SendRequest)
  /// `GET /v1/traffic`, answered with `TrafficReport`.
  case traffic(TrafficQuery)
  /// `GET /v1/acts`, answered with `ActList`.
  case acts
  /// `GET /v1/acts/{id}`, answered with `ActStatus`.
  case act(Int)
  /// `POST /v1/acts/{id}/abort` or `DELETE /v1/acts/{id}`, answered with `ActStatus`.
  case abort(Int, AbortRequest)
  /// `GET /v1/limits`, answered with `LimitList`.
  case limits
  /// `PATCH /v1/limits`, answered with `LimitList`; a dry run with `LimitPreview`.
  case changeLimits(LimitChange)
  /// `POST /v1/limits/keep`, answered with `LimitList`.
  case keepLimits(LimitKeep)
  /// `POST /v1/reload`, answered with `ReloadResult`: read the certificates again.
  case reload
  /// `GET /v1/closes`, answered with `CloseTable`.
  case closes
  /// `GET /v1/history`, answered with `HistoryPage`.
  case history(HistoryQuery)
  /// `POST /v1/stop`, answered with an empty object: drain, then exit.
  case stop
}
