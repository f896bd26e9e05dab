package import ControlProtocol

/// An input of `update`: from the terminal, the clock, the engine or the caller.
package enum ConsoleEvent: Equatable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The mouse was pressed, or its wheel turned.
  case mouse(MouseEvent)
  /// Text was pasted; only text fields take it.
  case paste(String)
  /// The terminal has changed its size.
  case resize(columns: Int, rows: Int)
  /// Time has passed; in seconds since 1970.
  case tick(now: Double)
  /// The connection to the engine stands; a watch can be sent.
  case connected
  /// The connection failed or ended; the caller tries again. `update` escapes the reason.
  case connectionLost(reason: String)
  /// The engine sent a snapshot.
  case snapshot(Snapshot)
  /// The engine pushed messages of tapped sessions.
  case tapBatch(TapBatch)
  /// The engine ended or refused the tap. `update` escapes the reason.
  case tapEnded(reason: String)
  /// The engine answered the request with that tag.
  case reply(tag: Int, ControlReply)
  /// The meaning of a typed command.
  case command(line: String, Result<ConsoleCommand, CommandFault>)
  /// The arrangement of the table was saved in a file, or could not be; `update` escapes the texts.
  case saved(path: String, failure: String?)
}
