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
    let compressedByteCount = try transmit(
      message, as: MessagePart(whole: kind), messageByteCount: message.count)
    route.sizesOut.record(message.count)
    if isTapped { tap(.out, kind.tapKind, message, compressedByteCount: compressedByteCount) }
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
    let deferredByteCount = extras?.deferred.reduce(0) { $0 + $1.byteCount } ?? 0
    let owed = connection.limitedBacklogByteCount + deferredByteCount
    guard owed == 0 || owed + count <= limits.backlogByteCount else {
      let isClosing = limits.backlogPolicy == .close
      // The close waits for the end of the turn: its handler may tell others of the end, and one of
      // them may be in breach too.
      if isClosing { reactor.closeSlowConsumerSoon(self) }
      if !isClosing { noteDropped() }
      throw .backlogFull(byteCount: owed, limit: limits.backlogByteCount)
    }
    guard !marks.contains(.midMessage) else {
      makeExtras().deferred.append(message)
      return
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

  private func enqueue(_ message: Outgoing) {
    let compression = compression(for: message)
    queue { message.append(to: &$0, compression) }
    countSent(messageOf: message.byteCount)
    route.sizesOut.record(message.byteCount)
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

  /// Stops or starts reading because of the handler's inbox.
  func setInboxPause(_ isPaused: Bool) {
    guard phase != .closed, connection.pauses.contains(.inbox) != isPaused else { return }
    setPause(.inbox, isPaused)
    if !isPaused {
      keepalive.noteReceived(now: reactor.now)
      reactor.resumeInputSoon(self)
    }
  }
}
