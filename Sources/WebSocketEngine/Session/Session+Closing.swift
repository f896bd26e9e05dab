import EventLoop
public import Vocabulary
import WebSocketProtocol

extension Session {
  /// Closes the session for its handler: after everything sent so far.
  ///
  /// - Throws: `CloseError` for a code that must not be sent, a reason over 123 bytes, or a
  ///   session that is closing already.
  public func close(
    _ code: CloseCode = .normalClosure, reason: String = ""
  ) throws(CloseError) {
    try CloseError.check(code, reason)
    settleBroadcasts()
    guard phase == .open else { throw .notOpen }
    end(code, reason: reason, by: .handler)
    startClosing(code)
    queueClose(code, reason: reason)
  }

  /// Closes the session with 1011 for an error of its handler; the peer learns no more (RFC 6455
  /// §7.4.1).
  ///
  /// An error that follows from the session's own end or the engine's refusal to send is no failure
  /// of the handler's, and is not logged.
  func handlerFailed(_ error: any Error) {
    switch error {
    // `backlog-policy` has the message dropped, and the session goes on.
    case SendError.backlogFull where phase == .open: return
    case is SendError, is CloseError, RoomError.notOpen, WebSocketError.closed,
      WebSocketError.messageTooBig, WebSocketError.backlogFull, is CancellationError:
      guard phase == .open else { return }
    default: break
    }
    reactor.server.log(
      "handler failed",
      about: [("session", "\(id)"), ("route", route.pattern), ("error", "\(error)")])
    closeAtOnce(.internalError, reason: "", by: .handler)
  }
}
