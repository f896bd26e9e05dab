internal import ControlProtocol

extension WatchRequest {
  /// The fault of a request that cannot be served; nil if it can.
  var fault: String? {
    if !(50...60_000).contains(intervalMilliseconds) {
      return "intervalMilliseconds is 50 to 60000"
    }
    if !(0...RateHistory.capacity).contains(historySeconds) {
      return "historySeconds is 0 to \(RateHistory.capacity)"
    }
    if let sessions, sessions.offset < 0 || (sessions.limit ?? 0) < 0 {
      return "offset and limit of sessions are at least 0"
    }
    if let groups,
      groups.offset < 0 || (groups.limit ?? 0) < 0
        || groups.name.utf8.count > GroupQuery.maximumNameByteCount
    {
      return "offset and limit of groups are at least 0, and name has at most 256 bytes"
    }
    return nil
  }
}
