package import ControlProtocol

/// What the caller has to do after an event.
package enum Effect: Equatable, Sendable {
  /// Send this watch: what is looked at has changed.
  case watch(WatchRequest)
  /// Make a request, and bring its reply back with the tag.
  case request(tag: Int, ControlRequest)
  /// Find out what a typed command means, and bring it back.
  case interpret(String, CommandContext)
  /// Keep a typed command for the next time.
  case remember(String)
  /// Tap these sessions and no others; nil: none.
  case tap(TapRequest?)
  /// Say which messages the tap is to show from here on.
  case changeTap(TapOptions)
  /// Restore the terminal and end.
  case quit
  /// Restore the terminal, stop the process, and repaint when it goes on.
  case suspend
  /// Repaint every cell.
  case redraw
  /// Save how the table is arranged, and bring back what came of it.
  case save(SavedTable)
  /// Use the terminal so from here on.
  case appear(Appearance)
}
