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
