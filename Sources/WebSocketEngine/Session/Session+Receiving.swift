import EventLoop
import Vocabulary
import WebSocketProtocol

extension Session {
  /// How much input is read and thrown away after the end, so that unread bytes do not reset the
  /// connection over the close frame.
  static let maximumDiscardedByteCount = 16 << 20

  /// Reads once into the reactor's buffer and handles what came.
  func receive() {
    if isRated, pauseIfBeyondRate() { return }
    let input = reactor.input
    let descriptor = connection.descriptor
    var kept = 0
    if marks.contains(.holdingInput) {
      kept = connection.unconsumed.count
      // What a pause left behind comes first, and may fill the buffer.
      guard kept <= SessionReactor.maximumSpillByteCount else { return resumeInput() }
      input.copy(connection.unconsumed.span, to: 0)
    }
    let most = isRated ? Self.maximumRatedReadByteCount : Int.max
    guard !isSecure else { return receiveSealed(behind: kept, atMost: most) }
    let result = input.withBytes {
      Syscalls.receive(descriptor, into: &$0, from: kept, atMost: most)
    }
    switch result {
    case .bytes(let count):
      if kept > 0 { connection.unconsumed = [] }
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

  /// The peer sends no more.
  func inputEnded() {
    // What a pause left behind came before the end. If it pauses again, the end is told again.
    resumeInput()
    if phase != .closed, !isInputPaused { streamEnded() }
  }

  /// Handles input that was kept while the session was not read from.
  func resumeInput() {
    guard phase != .closed, !isInputPaused, !connection.unconsumed.isEmpty else { return }
    let count = connection.unconsumed.count
    reactor.input.copy(connection.unconsumed.span, to: 0)
    connection.unconsumed = []
    consume(upTo: count, receivedByteCount: 0)
  }

  func consume(upTo end: Int, receivedByteCount: Int) {
    reactor.settleCork()
    cork.lend(to: self)
    cork.record { $0.wireIn = receivedByteCount }
    var cursor = 0
    reactor.input.withBytes { bytes in
      while let event = endpoint.change({ $0.next(in: &bytes, from: &cursor, upTo: end) }) {
        switch event {
        case .message(let kind, let range): deliver(bytes.span.extracting(range), as: kind)
        case .assembledMessage(let kind):
          if isTapped { noteCompressedByteCount() }
          let message = endpoint.change { $0.takeMessage() }
          message.withSpan { deliver($0, as: kind) }
          compression?.recycle(message)
        case .ping(let range): answerPing(bytes.span.extracting(range))
        case .pong(let range): receivePong(bytes.span.extracting(range))
        case .close(let code, let reason): receiveClose(code, reason: reason)
        case .violation(let violation): fail(violation)
        }
        // What is still in the buffer must not grow a backlog that is long enough already.
        if !cork.isOpen(to: self) { updateBacklogPause() }
        if isInputPaused || phase == .closed { break }
      }
    }
    if cursor < end, phase != .closed {
      connection.unconsumed = reactor.input.array(of: cursor..<end)
    }
    if isRated { settleRate(isInputLeft: cursor < end) }
    setMark(.holdingInput, cursor < end || endpoint.change { $0.bufferedByteCount } > 0)
    reactor.settleCork()
  }

  private func deliver(_ message: Span<UInt8>, as kind: MessageKind) {
    guard phase == .open else { return }
    if !attention.isEmpty, !inspect(message, as: kind) { return }
    cork.record { $0.received(messageOf: message.count) }
    route.sizesIn.record(message.count)
    do {
      try handler.received(message, as: kind, on: self)
    } catch {
      handlerFailed(error)
    }
  }

  private func receivePong(_ payload: Span<UInt8>) {
    if isTapped { tap(.in, .pong, payload) }
    guard let roundTrip = keepalive.pongReceived(payload, now: reactor.now) else { return }
    reactor.slab.recordRoundTrip(record, roundTrip)
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
    // The rest of the peer's input means nothing any more, its close frame included.
    shutDownAfterOutput()
  }

  func streamEnded() {
    // The peer has said that it closes, and may still read what it is owed, up to the deadline.
    if extras?.closing.hasReceivedClose == true, connection.hasBacklog {
      return setPause(.streamEnd, true)
    }
    _ = makeExtras().closing.streamEnded()
    end(.abnormalClosure, by: .network)
    terminate()
  }

  func discard(_ count: Int) {
    let extras = makeExtras()
    extras.discardedByteCount += count
    if extras.discardedByteCount > Self.maximumDiscardedByteCount { terminate() }
  }
}
