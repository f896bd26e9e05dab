import EventLoop
import Vocabulary
import WebSocketProtocol

extension Leg {
  // MARK: Messages

  /// Sends a message, or a part of one, and counts the message with its last part.
  ///
  /// Output that the peer does not take at once waits in the backlog.
  ///
  /// - Parameter messageByteCount: the size of the whole message; asked for with its last part.
  /// - Returns: the size that deflate made of it; nil if it is sent as it is.
  /// - Throws: `SendError.backlogFull`, treated by `backlog-policy`.
  /// - Precondition: the leg is open.
  @inline(__always)
  func transmit(
    _ payload: Span<UInt8>, as part: MessagePart, messageByteCount: Int
  ) throws(SendError) -> Int? {
    if let compression, part.isFirst, part.isFinal, payload.count >= limits.compressFromBytes {
      return try transmit(payload, as: part.kind, compressedBy: compression)
    }
    let isOpen = cork.isOpen(to: self) || reactor.lendCorkInJob(to: self)
    if isOpen,
      cork.append(payload, as: part, fragmentByteCount: limits.fragmentByteCount, for: self)
    {
      if part.isFinal { cork.record { $0.sent(messageOf: messageByteCount) } }
      return nil
    }
    // A backlog within bounds is the peer's own doing: reading pauses at half of them. Bytes that
    // the cork had to leave behind just now may be more, and are no breach.
    let owed = connection.limitedBacklogByteCount
    guard isOpen || owed <= limits.backlogByteCount else { throw breachBacklog(owed) }
    hold(payload, as: part)
    if part.isFinal { countSent(messageOf: messageByteCount) }
    return nil
  }

  private func transmit(
    _ message: Span<UInt8>, as kind: MessageKind, compressedBy compression: MessageCompression
  ) throws(SendError) -> Int? {
    let isOpen = cork.isOpen(to: self) || reactor.lendCorkInJob(to: self)
    let owed = connection.limitedBacklogByteCount
    guard isOpen || owed <= limits.backlogByteCount else { throw breachBacklog(owed) }
    // The message is compressed only now that it is certain to be sent, or to be the last of the
    // session: it is context for the messages after it.
    return compression.deflate(message) { payload, isCompressed in
      let part = MessagePart(whole: kind)
      if isOpen,
        cork.append(
          payload, as: part, isCompressed: isCompressed,
          fragmentByteCount: limits.fragmentByteCount, for: self)
      {
        cork.record { $0.sent(messageOf: message.count) }
      } else {
        hold(payload, as: part, isCompressed: isCompressed)
        countSent(messageOf: message.count)
      }
      return isCompressed ? payload.count : nil
    }
  }

  /// Puts a message, or a part of one, behind the output owed.
  func hold(_ payload: Span<UInt8>, as part: MessagePart, isCompressed: Bool = false) {
    let fragmentByteCount = limits.fragmentByteCount
    guard payload.count > min(Backlog.maximumGatheredPayloadByteCount, fragmentByteCount) else {
      let key = isClient ? reactor.maskingKey : nil
      return queue {
        $0.append(
          part.opcode, isFinal: part.isFinal, rsv1: isCompressed, copying: payload,
          maskingKey: key)
      }
    }
    guard isClient else {
      guard payload.count > fragmentByteCount else {
        let frame = FrameEncoder.frame(
          part.opcode, isFinal: part.isFinal, rsv1: isCompressed, payload: payload, account: nil)
        return queue { $0.append(frames: frame) }
      }
      let message = LongMessage(
        SharedBytes(copying: payload), as: part, isCompressed: isCompressed,
        fragmentByteCount: fragmentByteCount)
      return queue { $0.append(message) }
    }
    // A client's frames are masked as they are made, since a key may stand for one frame alone.
    var rest = part
    var covered = 0
    while covered < payload.count {
      let length = min(fragmentByteCount, payload.count - covered)
      rest.isFinal = part.isFinal && covered + length == payload.count
      var frame: [UInt8] = []
      FrameEncoder.append(
        rest.opcode, isFinal: rest.isFinal, rsv1: isCompressed && rest.isFirst,
        payload: payload.extracting(covered..<(covered + length)), maskingKey: reactor.maskingKey,
        to: &frame)
      queue { $0.append(frames: SharedBytes(copying: frame.span)) }
      covered += length
      rest.isFirst = false
    }
  }

  /// Counts a message that was queued.
  func countSent(messageOf byteCount: Int) {
    if cork.isLent(to: self) {
      cork.record { $0.sent(messageOf: byteCount) }
    } else {
      var delta = TurnDelta()
      delta.sent(messageOf: byteCount)
      publish(delta)
    }
  }

  /// Applies `backlog-policy`, and gives the error to throw.
  private func breachBacklog(_ owed: Int) -> SendError {
    let limit = limits.backlogByteCount
    switch limits.backlogPolicy {
    case .close: closeSlowConsumer()
    case .drop: noteDropped()
    }
    return .backlogFull(byteCount: owed, limit: limit)
  }

  /// Closes a leg whose peer does not take its output.
  func closeSlowConsumer() {
    closeAtOnce(.policyViolation, reason: "slow consumer", by: .limit(.backlogBytes))
  }

  // MARK: Control frames

  /// The mask of pings by which they are told apart from those of the other side, whose pongs are
  /// passed on.
  var pingMask: UInt64 { inspection.contains(.relayed) ? reactor.pingMask : 0 }

  func sendPing(_ payload: UInt64) {
    noteProgress()
    let payload = payload ^ pingMask
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: payload >> (56 - 8 * $0)) }
    sendControl(.ping, bytes.span)
  }

  func answerPing(_ payload: Span<UInt8>) {
    if isTapped { tap(.in, .ping, payload) }
    // After a close frame nothing more is sent (RFC 6455 §5.5.1).
    guard phase == .open else { return }
    if let counterpart, counterpart.phase == .open {
      // The other side answers for itself.
      counterpart.sendControl(.ping, payload)
    } else {
      sendControl(.pong, payload)
    }
  }

  /// Sends a control frame: with the cork if it is ours, else at the next boundary of a frame.
  func sendControl(_ opcode: Opcode, _ payload: Span<UInt8>) {
    if isTapped { tap(.out, opcode == .ping ? .ping : .pong, payload) }
    if cork.isOpen(to: self), cork.appendCopy(of: payload, as: opcode, for: self) {
      return
    }
    var frame: [UInt8] = []
    FrameEncoder.append(
      opcode, payload: payload, maskingKey: isClient ? reactor.maskingKey : nil, to: &frame)
    queue { _ = $0.append(control: frame) }
  }

  // MARK: The backlog

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
      updateBacklogPause()
      drained()
      if !connection.hasBacklog { shutDownIfDone() }
    }
  }

  /// Stops reading from whoever causes this leg's output while its peer is owed more than half of
  /// `backlog-bytes`, until it is less than a quarter.
  func updateBacklogPause() {
    let source = counterpart ?? self
    guard phase == .open else {
      source.endBacklogPause()
      return
    }
    let owed = connection.backlogByteCount
    if owed > limits.backlogByteCount / 2 {
      if source.phase == .open { source.setPause(.backlog, true) }
    } else if owed <= limits.backlogByteCount / 4 {
      source.endBacklogPause()
    }
  }

  /// Reads on where output that was owed had stopped that.
  func endBacklogPause() {
    guard connection.pauses.contains(.backlog) else { return }
    setPause(.backlog, false)
    // A peer that was not read from may have sent the pong that it owes.
    keepalive.noteReceived(now: reactor.now)
    reactor.resumeInputSoon(self)
  }
}
