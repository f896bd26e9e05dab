package import ControlProtocol

/// Work for the caller after an event.
package enum Effect: Equatable, Sendable {
  /// Sends this watch, since it has changed.
  case watch(WatchRequest)
  /// Makes a request; its reply comes back with the tag.
  case request(tag: Int, ControlRequest)
  /// Interprets a typed command; the result comes back as an event.
  case interpret(String, CommandContext)
  /// Adds a typed command to the stored history.
  case remember(String)
  /// Taps these sessions and no others; nil: none.
  case tap(TapRequest?)
  /// Changes the options of the tap.
  case changeTap(TapOptions)
  /// Restores the terminal and ends.
  case quit
  /// Restores the terminal, stops the process, and repaints when it is continued.
  case suspend
  /// Repaints every cell.
  case redraw
  /// Saves the arrangement of the table; the result comes back as an event.
  case save(SavedTable)
  /// Gives the terminal a text for its clipboard.
  case copy(ClipboardText)
  /// Changes the theme of the terminal, and whether it reports the mouse.
  case appear(Appearance)
}
