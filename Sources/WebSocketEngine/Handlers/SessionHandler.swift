public import WebSocketProtocol

/// A handler that serves one session, synchronously, on its reactor's thread.
///
/// Calls never overlap and must not block: the other sessions of the reactor wait meanwhile, and a
/// turn over 100 ms is counted. An error closes the session with 1011 and is logged; the peer
/// learns nothing of it.
public protocol SessionHandler: AnyObject {
  /// The opening handshake is done; messages may be sent from here on.
  func opened(_ session: Session) throws

  /// A whole message came.
  ///
  /// - Parameter message: the payload, valid during the call; text is valid UTF-8.
  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws

  /// The peer has taken output: `backlogByteCount` is less than it was.
  func drained(_ session: Session)

  /// The session is over, whoever ended it; called once, and nothing can be sent any more.
  ///
  /// A handler that keeps its session lets go of it here: the session holds its handler.
  func closed(_ close: SessionClose, on session: Session)
}

extension SessionHandler {
  /// Does nothing.
  public func opened(_ session: Session) throws {}

  /// Does nothing.
  public func drained(_ session: Session) {}

  /// Does nothing.
  public func closed(_ close: SessionClose, on session: Session) {}
}
