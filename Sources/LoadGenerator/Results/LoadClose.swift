import Vocabulary

/// The end of a connection that had been open.
struct LoadClose: Hashable, Sendable {
  /// The side that sent the first close frame, or cut the connection.
  enum Initiator: String, Sendable {
    case client
    case server
  }

  /// The server's close code; 1005 if its close frame had none, 1006 if none came.
  var code: CloseCode
  var by: Initiator
}
