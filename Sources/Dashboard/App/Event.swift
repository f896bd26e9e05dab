package import ControlProtocol

/// Whatever happens to the console.
package enum Event: Equatable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// Something was done with the mouse.
  case mouse(MouseEvent)
  /// Text was pasted; only text fields take it.
  case paste(String)
  /// The terminal has another size.
  case resize(columns: Int, rows: Int)
  /// The time passes; in seconds since 1970.
  case tick(now: Double)
  /// The connection to the engine stands; the watch can be sent.
  case connected
  /// There is no connection, or none any more; the caller tries again. The reason is escaped here.
  case connectionLost(reason: String)
  /// The engine sent a picture.
  case snapshot(Snapshot)
  /// The engine pushed messages of the sessions that are tapped.
  case tapBatch(TapBatch)
  /// The engine ended the tap, or took none. The reason is escaped here.
  case tapEnded(reason: String)
  /// The engine answered the request with that tag.
  case reply(tag: Int, ControlReply)
  /// What a command that was typed means.
  case command(line: String, Result<ConsoleCommand, CommandFault>)
  /// The arrangement of the table was saved in a file, or could not be; the texts are escaped here.
  case saved(path: String, failure: String?)
}
