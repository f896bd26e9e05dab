import EventLoop
import Vocabulary

// The behaviour of a leg on an encrypted connection. The rest of the leg sees plaintext;
// encrypted bytes that the socket did not take stand in the connection's backlog.

extension Leg {
  /// Reads once and handles the plaintext of the records, behind input that was kept before.
  ///
  /// - Parameter most: the most encrypted bytes that are read.
  func receiveSealed(behind kept: Int, atMost most: Int) {
    guard let tls = connection.tls else { return }
    guard phase != .lingering else { return discardSealed() }
    let descriptor = connection.descriptor
    let received = reactor.input.withBytes {
      tls.receive(from: descriptor, into: &$0, from: kept, atMost: most)
    }
    if tls.hasUnsent { oweSealed() }
    if received.wireIn > 0 { keepalive.noteReceived(now: reactor.now) }
    var delta = TurnDelta()
    delta.wireOut = received.wireOut
    if received.byteCount > 0 {
      if kept > 0 { connection.unconsumed = KeptInput() }
      consume(upTo: kept + received.byteCount, receivedByteCount: received.wireIn)
    } else {
      delta.wireIn = received.wireIn
    }
    if delta.wireIn > 0 || delta.wireOut > 0 { publish(delta) }
    switch received.end {
    case nil: break
    case .endOfStream?: inputEnded()
    case .failed?, .lost?: connectionLost()
    }
  }

  /// Handles the peer's close_notify if it came while the session was not read from: it is reported
  /// once, and no event of the socket need follow it.
  func noticeSealedEnd() {
    guard phase == .open || phase == .closing, !isInputPaused, !marks.contains(.waiting),
      connection.tls?.hasReceivedCloseNotify == true
    else { return }
    streamEnded()
  }

  /// Tells the peer that this side sends no more.
  ///
  /// - Returns: whether the socket took it; if not, it is sent when there is room.
  func sendCloseNotify() -> Bool {
    guard let tls = connection.tls else { return true }
    let sent = tls.sendCloseNotify(to: connection.descriptor)
    var delta = TurnDelta()
    delta.wireOut = sent.wireOut
    if tls.hasUnsent { oweSealed() }
    if sent.wireOut > 0 { publish(delta) }
    return !tls.hasUnsent || sent.hasFailed
  }

  /// Waits for room for encrypted bytes.
  private func oweSealed() {
    if !connection.hasBacklog { setBacklog(Backlog()) }
    connection.watchForRoom(reactor.reactor)
  }

  /// Throws encrypted input after the end away as it is.
  private func discardSealed() {
    let descriptor = connection.descriptor
    switch reactor.input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count): discard(count)
    case .wouldBlock: break
    case .endOfStream: streamEnded()
    case .failed: connectionLost()
    }
  }
}
