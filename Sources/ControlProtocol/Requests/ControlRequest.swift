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
  /// that it was asked for is an event.
  case sessionSecrets(SessionID)
  /// `GET /v1/rooms` and `GET /v1/routes`, answered with `GroupList`.
  case groups(GroupQuery)
  /// `POST /v1/close`, answered with `ActResult`, by filter or with a pace with `ActStatus`, and as
  /// a dry run with `ActPreview`.
  case close(CloseRequest)
  /// `POST /v1/send`, answered as a close is.
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

/// The answer to a `ControlRequest`.
public enum ControlReply: Equatable, Sendable {
  /// The numbers.
  case statistics(EngineStatistics)
  /// A window of sessions.
  case sessions(SessionList)
  /// One session.
  case session(SessionDetails)
  /// A window of rooms or routes.
  case groups(GroupList)
  /// What an act did.
  case act(ActResult)
  /// What an act would do.
  case preview(ActPreview)
  /// How far an act has come.
  case progress(ActStatus)
  /// The acts that go on, and those that were over last.
  case acts(ActList)
  /// The limits, after a change if one was asked for.
  case limits(LimitList)
  /// What passed in a span of time.
  case traffic(TrafficReport)
  /// What a change of limits would do.
  case limitPreview(LimitPreview)
  /// The certificates were read again.
  case reloaded(ReloadResult)
  /// Closed sessions by code and by who closed them.
  case closes(CloseTable)
  /// A page of the history.
  case history(HistoryPage)
  /// The engine stops.
  case stopping
  /// The engine refused: the HTTP status and why.
  case refused(status: Int, ControlError.Body)
}
