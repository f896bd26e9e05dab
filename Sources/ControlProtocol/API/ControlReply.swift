/// The reply to a `ControlRequest`.
public enum ControlReply: Equatable, Sendable {
  /// The statistics of the engine.
  case statistics(EngineStatistics)
  /// A window of sessions.
  case sessions(SessionList)
  /// One session.
  case session(SessionDetails)
  /// A window of rooms or routes.
  case groups(GroupList)
  /// Upstreams.
  case upstreams(UpstreamList)
  /// The result of an act.
  case act(ActResult)
  /// The preview of an act: the reply to a dry run.
  case preview(ActPreview)
  /// The progress of an act.
  case progress(ActStatus)
  /// The running acts, and the last that are over.
  case acts(ActList)
  /// The limits, after a change if one was asked for.
  case limits(LimitList)
  /// The traffic in a window of time.
  case traffic(TrafficReport)
  /// The forecast of a change of limits: the reply to a dry run.
  case limitPreview(LimitPreview)
  /// The certificates were read again.
  case reloaded(ReloadResult)
  /// Closed sessions by code and initiator.
  case closes(CloseTable)
  /// A page of the history.
  case history(HistoryPage)
  /// The engine stops.
  case stopping
  /// The engine refused: the HTTP status and why.
  case refused(status: Int, ControlError.Body)
}
