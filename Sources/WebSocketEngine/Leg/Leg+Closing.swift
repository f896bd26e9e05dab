import EventLoop
import Vocabulary
import WebSocketProtocol

extension Leg {
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
    dropPendingOutput()
    end(code, reason: reason, by: initiator, act: act)
    startClosing(code)
    if var backlog = connection.backlog.take() {
      let dropped = backlog.dropAfterFrameInFlight()
      reactor.counters.add(dropped.messageCount, to: .droppedMessages)
      setBacklog(backlog)
    }
    queueClose(code, reason: reason)
  }

  /// Closes after everything sent so far; without a code, by an empty close frame.
  ///
  /// - Precondition: the code may be sent, if there is one.
  func closeAfterOutput(_ code: CloseCode?, reason: String, by initiator: CloseInitiator) {
    guard phase == .open else { return }
    if cork.isLent(to: self) { cork.flush() }
    guard phase == .open else { return }
    end(code ?? .noStatusReceived, reason: reason, by: initiator)
    startClosing(code)
    queueClose(code, reason: reason)
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
    reactor.terminated(self)
  }

  func startClosing(_ code: CloseCode?) {
    _ = makeExtras().closing.closeRequested(code, now: reactor.now)
    endRate()
    setPause(.inbox, false)
    setPause(.crowd, false)
    updateBacklogPause()
    endBacklogPause()
    // The peer's close frame may be in input that was read before the pause.
    reactor.resumeInputSoon(self)
    scheduleWakeUp()
  }

  /// Puts a close frame behind the output owed; without a code it is empty.
  func queueClose(_ code: CloseCode?, reason: String) {
    if isTapped { tap(.out, .close, reason.utf8Span.span, closeCode: code ?? .noStatusReceived) }
    var frame: [UInt8] = []
    FrameEncoder.appendClose(
      code, reason: reason, maskingKey: isClient ? reactor.maskingKey : nil, to: &frame)
    if cork.isLent(to: self) { cork.flush() }
    queue { $0.append(frames: SharedBytes(copying: frame.span)) }
    noteProgress()
    noteState()
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
