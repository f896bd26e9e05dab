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

  /// Closes the session at the next boundary of a frame; queued output is dropped and counted.
  ///
  /// It is for closes by an operator, a limit, a violation of the protocol, a time-out, and the
  /// shutdown.
  func closeAtOnce(
    _ code: CloseCode, reason: String, by initiator: CloseInitiator, act: OperatorAct? = nil
  ) {
    guard phase == .open else { return }
    if cork.isLent(to: self) { cork.flush() }
    guard phase == .open else { return }
    if reactor.broadcasts.change({ $0.isUnderWay }) { reactor.dropBroadcasts(of: self) }
    end(code, reason: reason, by: initiator, act: act)
    startClosing(code)
    if var backlog = connection.backlog.take() {
      let dropped = backlog.dropAfterFrameInFlight()
      reactor.counters.add(dropped.messageCount, to: .droppedMessages)
      setBacklog(backlog)
    }
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

  /// Ends a session whose connection is broken: no close frame can be exchanged any more.
  func connectionLost(_ initiator: CloseInitiator = .network) {
    guard phase != .closed else { return }
    end(.abnormalClosure, by: initiator)
    terminate()
  }

  /// Notes a failed write, perhaps in the middle of a handler's call: the end comes after the turn.
  ///
  /// Nothing is sent or received in between: a handler that sends in a loop learns of it.
  func connectionFailed() {
    guard phase != .closed else { return }
    if phase == .open { phase = .failing }
    reactor.loseSoon(self)
  }

  /// Ends the connection; the rest of the bookkeeping happens at the end of the turn.
  func terminate() {
    guard phase != .closed else { return }
    phase = .closed
    connection.close(reactor.reactor)
    receiver.change { $0.discardInput() }
    extras?.inbox = nil
    account()
    reactor.sessionTerminated(self)
  }

  private func startClosing(_ code: CloseCode) {
    _ = makeExtras().closing.closeRequested(code, now: reactor.now)
    endRate()
    setPause(.inbox, false)
    setPause(.crowd, false)
    updateBacklogPause()
    // The peer's close frame may be in input that was read before the pause.
    reactor.resumeInputSoon(self)
    scheduleWakeUp()
  }

  /// Puts a close frame behind the output owed; without a code it is empty.
  func queueClose(_ code: CloseCode?, reason: String) {
    if isTapped { tap(.out, .close, reason.utf8Span.span, closeCode: code ?? .noStatusReceived) }
    var frame: [UInt8] = []
    FrameEncoder.appendClose(code, reason: reason, maskingKey: nil, to: &frame)
    if cork.isLent(to: self) { cork.flush() }
    queue { $0.append(frames: SharedBytes(copying: frame.span)) }
    noteProgress()
    reactor.slab.setState(record, .closing)
  }

  /// Shuts the sending side once everything is sent: both close frames are exchanged, or the peer's
  /// is not worth waiting for.
  func shutDownAfterOutput() {
    guard phase == .closing else { return }
    makeExtras().isShuttingDown = true
    shutDownIfDone()
  }

  /// Goes on to discard input if nothing is left to send.
  func shutDownIfDone() {
    guard phase == .closing, extras?.isShuttingDown == true, !connection.hasBacklog else { return }
    guard !isSecure || sendCloseNotify() else { return }
    phase = .lingering
    Syscalls.shutdownWriting(connection.descriptor)
    if connection.pauses.contains(.streamEnd) { terminate() }
  }
}
