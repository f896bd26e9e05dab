package import ControlProtocol

/// What the caller has to do after an event.
package enum Effect: Equatable, Sendable {
  /// Send this watch: what is looked at has changed.
  case watch(WatchRequest)
  /// Make a request, and bring its reply back with the tag.
  case request(tag: Int, ControlRequest)
  /// Restore the terminal and end.
  case quit
  /// Restore the terminal, stop the process, and repaint when it goes on.
  case suspend
  /// Repaint every cell.
  case redraw
}
