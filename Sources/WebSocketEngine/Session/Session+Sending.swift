import EventLoop
import Vocabulary
public import WebSocketProtocol

extension Session {
  /// Sends a message.
  ///
  /// Messages longer than `fragment-bytes` leave as one message in fragments. Bytes that the peer
  /// does not take at once wait in the session's backlog.
  ///
  /// - Parameter message: the payload; text must be valid UTF-8, which is not checked again.
  /// - Throws: `SendError`. A message over `message-bytes` also closes the session with 1009, and
  ///   one on top of a full backlog is treated by `backlog-policy`.
  public func send(_ message: Span<UInt8>, as kind: MessageKind) throws(SendError) {
    settleBroadcasts()
    guard phase == .open else { throw .notOpen }
    guard message.count <= limits.messageByteCount else {
      closeAtOnce(.messageTooBig, reason: "message too big", by: .limit(.messageBytes))
      throw .messageTooBig(byteCount: message.count, limit: limits.messageByteCount)
    }
    if let compression, message.count >= limits.compressFromBytes {
      return try send(message, as: kind, compressedBy: compression)
    }
    let isOpen = cork.isOpen(to: self) || reactor.lendCorkInJob(to: self)
    if isOpen,
      cork.append(message, as: kind, fragmentByteCount: limits.fragmentByteCount, for: self)
    {
      cork.record { $0.sent(messageOf: message.count) }
      route.sizesOut.record(message.count)
      if isTapped { tap(.out, kind.tapKind, message) }
      return
    }
    // A backlog within bounds is the peer's own doing: reading pauses at half of them. Bytes that
    // the cork had to leave behind just now may be more, and are no breach.
    let owed = connection.limitedBacklogByteCount
    guard isOpen || owed <= limits.backlogByteCount else { throw breachBacklog(owed) }
    if message.count <= min(Backlog.maximumGatheredPayloadByteCount, limits.fragmentByteCount) {
      queue { $0.append(kind.opcode, copying: message) }
      countSent(messageOf: message.count)
    } else {
      enqueue(Outgoing(message, as: kind, fragmentByteCount: limits.fragmentByteCount))
    }
    if isTapped { tap(.out, kind.tapKind, message) }
  }

  private func send(
    _ message: Span<UInt8>, as kind: MessageKind, compressedBy compression: MessageCompression
  ) throws(SendError) {
    let isOpen = cork.isOpen(to: self) || reactor.lendCorkInJob(to: self)
    let owed = connection.limitedBacklogByteCount
    guard isOpen || owed <= limits.backlogByteCount else { throw breachBacklog(owed) }
    // The message is compressed only now that it is certain to be sent, or to be the last of the
    // session: it is context for the messages after it.
    compression.deflate(message) { payload, isCompressed in
      if isOpen,
        cork.append(
          payload, as: kind, isCompressed: isCompressed,
          fragmentByteCount: limits.fragmentByteCount, for: self)
      {
        cork.record { $0.sent(messageOf: message.count) }
        route.sizesOut.record(message.count)
      } else {
        enqueue(
          Outgoing(
            payload, as: kind, fragmentByteCount: limits.fragmentByteCount,
            compressedFrom: isCompressed ? message.count : nil))
      }
      if isTapped {
        tap(
          .out, kind.tapKind, message, compressedByteCount: isCompressed ? payload.count : nil)
      }
    }
  }

  /// Sends a text message.
  ///
  /// - Throws: `SendError`, as `send(_:as:)` does.
  public func send(_ text: String) throws(SendError) {
    try send(text.utf8Span.span, as: .text)
  }

  /// Sends a message that the peer did not cause: an operator's, a broadcast's.
  ///
  /// - Throws: `SendError`; a message over `message-bytes` closes nobody.
  func push(_ message: Outgoing) throws(SendError) {
    settleBroadcasts()
    try pushNext(message)
  }

  /// Sends a message that is next, broadcasts under way settled.
  func pushNext(_ message: Outgoing) throws(SendError) {
    guard phase == .open else { throw .notOpen }
    let count = message.byteCount
    guard count <= limits.messageByteCount else {
      reactor.counters.add(1, to: .droppedMessages)
      throw .messageTooBig(byteCount: count, limit: limits.messageByteCount)
    }
    // Messages that the handler sent before in this turn go first.
    if cork.isLent(to: self) { cork.flush() }
    let owed = connection.limitedBacklogByteCount
    guard owed == 0 || owed + count <= limits.backlogByteCount else {
      let isClosing = limits.backlogPolicy == .close
      // The close waits for the end of the turn: its handler may tell others of the end, and one of
      // them may be in breach too.
      if isClosing { reactor.closeSlowConsumerSoon(self) }
      if !isClosing { countDropped() }
      throw .backlogFull(byteCount: owed, limit: limits.backlogByteCount)
    }
    if !sendAtOnce(message) { enqueue(message) }
    if isTapped, phase == .open { tap(message, compression(for: message)) }
  }

  /// Sends broadcasts under way to its rooms, which go before its next message.
  @inline(__always)
  func settleBroadcasts() {
    if reactor.broadcasts.change({ $0.isUnderWay }) { reactor.settleBroadcasts(of: self) }
  }

  /// Sends the first broadcast of a turn without a queue between, if no output is owed.
  ///
  /// To queue and flush a single frame takes five times the instructions. Further broadcasts in the
  /// same turn wait for its end, so that many leave in one write.
  ///
  /// - Returns: false if the message must queue.
  private func sendAtOnce(_ message: Outgoing) -> Bool {
    let turn = UInt32(truncatingIfNeeded: reactor.reactor.turnCount)
    guard message.isShared, !connection.hasBacklog, !isSecure, broadcastTurn != turn,
      !cork.isLent(to: self), let frame = message.frame(compression(for: message))
    else { return false }
    broadcastTurn = turn
    let descriptor = connection.descriptor
    var delta = TurnDelta()
    switch frame.withSpan({ Syscalls.send(descriptor, $0) }) {
    case .bytes(let count): delta.wireOut = count
    case .wouldBlock: break
    case .failed:
      connectionFailed()
      return true
    }
    delta.sent(messageOf: message.byteCount)
    route.sizesOut.record(message.byteCount)
    let isWhole = delta.wireOut == frame.count
    if !isWhole {
      queue { $0.append(restOf: frame, from: delta.wireOut, isShared: true) }
    }
    publish(delta, isOwing: !isWhole)
    return true
  }

  /// The session's compression, if it takes a message of this size compressed.
  private func compression(for message: Outgoing) -> MessageCompression? {
    message.byteCount >= limits.compressFromBytes ? compression : nil
  }

  /// Sends a ping now, for an operator; the pong updates the round-trip time.
  func pingNow() throws(SendError) {
    guard phase == .open else { throw .notOpen }
    sendPing(keepalive.pingNow(now: reactor.now))
    scheduleWakeUp()
  }

  func sendPing(_ payload: UInt64) {
    noteProgress()
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: payload >> (56 - 8 * $0)) }
    sendControl(.ping, bytes.span)
  }

  func answerPing(_ payload: Span<UInt8>) {
    if isTapped { tap(.in, .ping, payload) }
    // After a close frame nothing more is sent (RFC 6455 §5.5.1).
    guard phase == .open else { return }
    sendControl(.pong, payload)
  }

  /// Sends a control frame: with the cork if it is ours, else at the next boundary of a frame.
  private func sendControl(_ opcode: Opcode, _ payload: Span<UInt8>) {
    if isTapped { tap(.out, opcode == .ping ? .ping : .pong, payload) }
    if cork.isOpen(to: self), cork.appendCopy(of: payload, as: opcode, for: self) {
      return
    }
    var frame = FrameEncoder.header(opcode, isFinal: true, payloadByteCount: payload.count)
    frame.append(copying: payload)
    queue { _ = $0.append(control: frame) }
  }

  func enqueue(_ message: Outgoing) {
    let compression = compression(for: message)
    queue { message.append(to: &$0, compression) }
    countSent(messageOf: message.byteCount)
  }

  /// Counts a message that was queued.
  private func countSent(messageOf byteCount: Int) {
    route.sizesOut.record(byteCount)
    if cork.isLent(to: self) {
      cork.record { $0.sent(messageOf: byteCount) }
    } else {
      var delta = TurnDelta()
      delta.sent(messageOf: byteCount)
      publish(delta)
    }
  }

  /// Adds to the output that waits for the end of the turn.
  func queue(_ body: (inout Backlog) -> Void) {
    var backlog = connection.backlog.take() ?? Backlog()
    body(&backlog)
    setBacklog(backlog)
    reactor.markDirty(self)
  }

  func setBacklog(_ backlog: Backlog?) {
    connection.backlog = backlog
    cork.noteBacklog(of: self)
  }

  /// Applies `backlog-policy`, and gives the error to throw.
  private func breachBacklog(_ owed: Int) -> SendError {
    let limit = limits.backlogByteCount
    switch limits.backlogPolicy {
    case .close: closeSlowConsumer()
    case .drop: countDropped()
    }
    return .backlogFull(byteCount: owed, limit: limit)
  }

  /// Counts a message that `backlog-policy` dropped.
  private func countDropped() {
    reactor.counters.add(1, to: .droppedMessages)
    reactor.slab.countDropped(record)
  }

  /// Closes a session whose peer does not take its output.
  func closeSlowConsumer() {
    closeAtOnce(.policyViolation, reason: "slow consumer", by: .limit(.backlogBytes))
  }

  /// Sends the output owed, as much as the peer takes.
  func flushOutput() {
    guard phase != .closed else { return }
    let (sent, hasFailed) = connection.flush(reactor.reactor)
    cork.noteBacklog(of: self)
    var delta = TurnDelta()
    delta.wireOut = sent
    // A peer that is not read from shows that it lives by the output it takes.
    if sent > 0, connection.isPaused { keepalive.noteReceived(now: reactor.now) }
    if sent > 0, phase == .closing { extras?.closing.outputTaken(now: reactor.now) }
    publish(delta)
    if hasFailed {
      connectionLost()
    } else {
      outputDrained()
    }
  }

  /// Stops reading from a peer that is owed more than half of `backlog-bytes`, until it is less
  /// than a quarter.
  func updateBacklogPause() {
    guard phase == .open else {
      setPause(.backlog, false)
      return
    }
    let owed = connection.backlogByteCount
    if owed > limits.backlogByteCount / 2 {
      setPause(.backlog, true)
    } else if owed <= limits.backlogByteCount / 4, connection.pauses.contains(.backlog) {
      setPause(.backlog, false)
      reactor.resumeInputSoon(self)
    }
  }

  /// Stops or starts reading because of the handler's inbox.
  func setInboxPause(_ isPaused: Bool) {
    guard phase != .closed, connection.pauses.contains(.inbox) != isPaused else { return }
    setPause(.inbox, isPaused)
    if !isPaused {
      keepalive.noteReceived(now: reactor.now)
      reactor.resumeInputSoon(self)
    }
  }

  private func outputDrained() {
    updateBacklogPause()
    handler.drained(self)
    if !connection.hasBacklog { shutDownIfDone() }
  }
}
