import EventLoop
import Vocabulary
import WebSocketProtocol

extension Leg {
  /// The most input that is read and thrown away after the end, so that unread bytes do not reset
  /// the connection over the close frame.
  static let maximumDiscardedByteCount = 16 << 20

  /// The most bytes read at once from a session whose last turn took too long.
  static let maximumBusyReadByteCount = 64 << 10
  /// The most bytes read at once from a leg that is relayed: what is passed on at once need not leave
  /// the processor's cache.
  static let maximumRelayedReadByteCount = 256 << 10
  /// The size of input from which on its handling is timed.
  private static let timedByteCount = 16 << 10

  /// Reads once into the reactor's buffer and handles the input.
  func receive() {
    if isRated, pauseIfBeyondRate() { return }
    let input = reactor.input
    let descriptor = connection.descriptor
    var kept = 0
    if marks.contains(.holdingInput) {
      kept = connection.unconsumed.count
      // Input that a pause left behind comes first, and may fill the buffer.
      guard kept <= SessionReactor.maximumSpillByteCount else { return resumeInput() }
      connection.unconsumed.withSpan { input.copy($0, to: 0) }
    }
    let most =
      isRated || reactor.isLate
      ? Self.maximumRatedReadByteCount
      : marks.contains(.busy)
        ? Self.maximumBusyReadByteCount
        : inspection.contains(.relayed) ? Self.maximumRelayedReadByteCount : Int.max
    guard !isSecure else { return receiveSealed(behind: kept, atMost: most) }
    let result = input.withBytes {
      Syscalls.receive(descriptor, into: &$0, from: kept, atMost: most)
    }
    switch result {
    case .bytes(let count):
      if kept > 0 { connection.unconsumed = KeptInput() }
      if phase == .lingering {
        discard(count)
      } else {
        keepalive.noteReceived(now: reactor.now)
        consume(upTo: kept + count, receivedByteCount: count)
      }
    case .wouldBlock: break
    case .endOfStream: inputEnded()
    case .failed: connectionLost()
    }
  }

  /// Handles the end of the peer's stream.
  func inputEnded() {
    // Input that a pause left behind came before the end. If it pauses again, or if its turn is
    // over, the end is reported again.
    resumeInput()
    if phase != .closed, !isInputPaused, !marks.contains(.waiting) { streamEnded() }
  }

  /// Goes on in a turn that the session has waited for: with input that was kept, and with new
  /// input if its peer sends more than a turn's worth.
  func takeTurn() {
    marks.remove(.waiting)
    resumeInput()
    // `receive` is called here, not by the socket's event, which would serve the session before
    // others again.
    if marks.contains(.busy), !marks.contains(.waiting), !isInputPaused, phase != .closed {
      marks.remove(.busy)
      receive()
    }
    if isSecure { noticeSealedEnd() }
  }

  /// Handles input that was kept while the session was not read from.
  func resumeInput() {
    guard phase != .closed, !isInputPaused, !connection.unconsumed.isEmpty else { return }
    var input = connection.takeUnconsumed()
    beginConsuming(receivedByteCount: 0)
    var isTurnOver = false
    input.consume { bytes, start, end in
      var cursor = start
      isTurnOver = consume(in: &bytes, from: &cursor, upTo: end)
      return cursor
    }
    if phase != .closed { connection.unconsumed = input }
    endConsuming(isInputLeft: !input.isEmpty, isTurnOver: isTurnOver)
  }

  /// Handles input in the reactor's buffer.
  func consume(upTo end: Int, receivedByteCount: Int) {
    let began = receivedByteCount > Self.timedByteCount ? SystemClock.monotonic() : nil
    beginConsuming(receivedByteCount: receivedByteCount)
    var cursor = 0
    let isTurnOver = reactor.input.withBytes { consume(in: &$0, from: &cursor, upTo: end) }
    if cursor < end, phase != .closed {
      connection.unconsumed = KeptInput(reactor.input.array(of: cursor..<end))
    }
    endConsuming(isInputLeft: cursor < end, isTurnOver: isTurnOver)
    // The clock counts too: a flood of fragments makes no messages to count, and one message may be
    // much to inflate.
    if let began, began.duration(to: SystemClock.monotonic()) > TurnBudget.duration {
      marks.insert(.busy)
    } else if !isTurnOver {
      marks.remove(.busy)
    }
  }

  private func beginConsuming(receivedByteCount: Int) {
    reactor.settleCork()
    if let counterpart, counterpart.phase == .open {
      cork.lend(to: counterpart)
      reactor.relayed.change { $0 = TurnDelta() }
      reactor.relayed.change { $0.wireIn = receivedByteCount }
    } else {
      cork.lend(to: self)
      cork.record { $0.wireIn = receivedByteCount }
    }
    let isLate = reactor.isLate
    reactor.budget.change { $0.begin(isLate: isLate) }
  }

  /// Handles one event after the other.
  ///
  /// - Returns: whether the session has used up its turn.
  private func consume(
    in bytes: inout MutableSpan<UInt8>, from cursor: inout Int, upTo end: Int
  ) -> Bool {
    let output = cork.owner ?? self
    while let event = receiver.change({ $0.next(in: &bytes, from: &cursor, upTo: end) }) {
      var byteCount = 0
      switch event {
      case .message(let kind, let range):
        byteCount = range.count
        deliver(bytes.span.extracting(range), as: kind)
      case .assembledMessage(let kind):
        if isTapped { noteCompressedByteCount() }
        let message = receiver.change { $0.takeMessage() }
        byteCount = message.count
        message.withSpan { deliver($0, as: kind) }
        compression?.recycle(message)
      case .part(let part, let range):
        byteCount = range.count
        pass(bytes.span.extracting(range), as: part)
      case .ping(let range): answerPing(bytes.span.extracting(range))
      case .pong(let range): receivePong(bytes.span.extracting(range))
      case .close(let code, let reason): receiveClose(code, reason: reason)
      case .violation(let violation): fail(violation)
      }
      // Reading pauses here, as input still in the buffer must not grow a backlog that is long
      // enough.
      if !cork.isOpen(to: output) { output.updateBacklogPause() }
      if isInputPaused || phase == .closed { return false }
      guard reactor.budget.change({ $0.handled(messageOf: byteCount) }) else { return true }
    }
    return false
  }

  private func endConsuming(isInputLeft: Bool, isTurnOver: Bool) {
    if isRated { settleRate(isInputLeft: isInputLeft) }
    setMark(.holdingInput, isInputLeft || receiver.change { $0.bufferedByteCount } > 0)
    if limits.messageTimeout != nil {
      // A header that has not come whole begins a message as well.
      let isUnderWay =
        receiver.change { $0.isReceivingMessage }
        || (isInputLeft && !isTurnOver && !isInputPaused)
      let delta = cork.isLent(to: self) ? cork.delta : reactor.relayed.value
      noteMessage(isUnderWay: isUnderWay, isAnother: delta.messagesIn > 0)
    }
    if isTurnOver, isInputLeft {
      marks.insert(.busy)
      reactor.resumeInputSoon(self)
    }
    let isRelayed = cork.owner.map { $0 !== self } ?? false
    reactor.settleCork()
    if isRelayed { publish(reactor.relayed.value, isOwing: connection.hasBacklog) }
  }

  private func receivePong(_ payload: Span<UInt8>) {
    if isTapped { tap(.in, .pong, payload) }
    guard let roundTrip = keepalive.pongReceived(payload, mask: pingMask, now: reactor.now)
    else {
      // It answers a ping of the other side's.
      if let counterpart, counterpart.phase == .open { counterpart.sendControl(.pong, payload) }
      return
    }
    noteRoundTrip(roundTrip)
    scheduleWakeUp()
  }

  private func receiveClose(_ code: CloseCode?, reason: String) {
    if isTapped { tap(.in, .close, reason.utf8Span.span, closeCode: code ?? .noStatusReceived) }
    end(code ?? .noStatusReceived, reason: reason, by: .peer)
    switch makeExtras().closing.closeReceived(code, now: reactor.now) {
    case .replyAndDisconnect(let reply):
      queueClose(reply, reason: reason)
      shutDownAfterOutput()
    case .disconnect: shutDownAfterOutput()
    case .none, .sendClose, .abandon: break
    }
    scheduleWakeUp()
  }

  private func fail(_ violation: ProtocolViolation) {
    if case .messageTooBig = violation {
      closeAtOnce(.messageTooBig, reason: "message too big", by: .limit(.messageBytes))
    } else {
      closeAtOnce(
        violation.closeCode, reason: violation.name, by: .protocolViolation(violation.name))
    }
    // The rest of the peer's input has no meaning any more, its close frame included.
    shutDownAfterOutput()
  }

  func streamEnded() {
    // A peer that has sent its close frame may still read its output, up to the deadline.
    if extras?.closing.hasReceivedClose == true, connection.hasBacklog {
      return setPause(.streamEnd, true)
    }
    _ = makeExtras().closing.streamEnded()
    let keptByteCount = connection.unconsumed.count
    let place = receiver.change { $0.receiveEndOfStream(unconsumedByteCount: keptByteCount) }
    if let code = place.closeCode { end(code, by: .network) }
    terminate()
  }

  func discard(_ count: Int) {
    let extras = makeExtras()
    extras.discardedByteCount += count
    if extras.discardedByteCount > Self.maximumDiscardedByteCount { terminate() }
  }
}
