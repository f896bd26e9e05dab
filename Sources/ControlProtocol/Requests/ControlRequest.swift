public import Vocabulary

/// A request to the control API, other than a watch.
public enum ControlRequest: Equatable, Sendable {
  /// `GET /v1/stats`, answered with `EngineStatistics`.
  case statistics
  /// `GET /v1/sessions`, answered with `SessionList`.
  case sessions(SessionQuery)
  /// `GET /v1/sessions/{id}`, answered with `SessionDetails`.
  case session(SessionID)
  /// `GET /v1/rooms` and `GET /v1/routes`, answered with `GroupList`.
  case groups(GroupQuery)
  /// `POST /v1/close`, answered with `ActResult`.
  case close(CloseRequest)
  /// `POST /v1/send`, answered with `ActResult`.
  case send(SendRequest)
  /// `GET /v1/limits`, answered with `LimitList`.
  case limits
  /// `PATCH /v1/limits`, answered with `LimitList`.
  case changeLimits(LimitChange)
  /// `POST /v1/reload`, answered with `ReloadResult`: read the certificates again.
  case reload
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
  /// The limits, after a change if one was asked for.
  case limits(LimitList)
  /// The certificates were read again.
  case reloaded(ReloadResult)
  /// The engine stops.
  case stopping
  /// The engine refused: the HTTP status and why.
  case refused(status: Int, ControlError.Body)
}
