import EventLoop
import Vocabulary
import WebSocketProtocol

extension OpeningConnection {
  /// Input that is read and thrown away after a refusal.
  static let maximumDiscardedByteCount = 1 << 20
  /// How long a connection may take for its request while descriptors are wanting.
  static let fairDuration = Duration.seconds(1)

  /// Refuses the handshake, for a reason that is counted.
  func refuse(_ refusal: HandshakeRefusal, headers: Headers = Headers()) {
    guard phase == .reading || phase == .deciding else { return }
    countRefusal(refusal)
    // A response that does not fit into an empty socket's buffer is not worth waiting for.
    _ = send(refusal.response(extraHeaders: headers, isForHEAD: parser.isHEAD).span)
    _ = connection.tls?.sendCloseNotify(to: connection.descriptor)
    discardRest()
  }

  /// Reads and discards input that still comes, so that unread bytes do not reset the connection
  /// over the last answer; nothing else is kept of it.
  func discardRest() {
    phase = .refused
    Syscalls.shutdownWriting(connection.descriptor)
    connection.setPause(.acceptance, false, with: sessions.reactor)
    connection.endTLSIfSent()
    release()
    deadline = sessions.now.advanced(
      by: .nanoseconds(sessions.limits.unrouted.closeTimeout))
    connection.setDeadline(deadline, with: sessions.reactor)
    // The change of watching reports once more the bytes that the kernel holds already.
    connection.watchLevel(sessions.reactor)
  }

  /// Throws away input after a refusal.
  func discard() {
    let descriptor = connection.descriptor
    switch sessions.input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count):
      discardedByteCount += count
      if discardedByteCount > Self.maximumDiscardedByteCount { close() }
    case .wouldBlock: break
    case .endOfStream, .failed: close()
    }
  }

  /// Whether its request has had enough time, so that others may have its descriptor.
  var isSlow: Bool {
    (phase == .securing || phase == .reading || phase == .refused)
      && acceptedAt.duration(to: sessions.now) > Self.fairDuration
  }

  /// Ends the connection because others need its descriptor or memory.
  func giveWay(_ refusal: HandshakeRefusal) {
    switch phase {
    case .securing: countRefusal(refusal)
    case .reading, .deciding:
      countRefusal(refusal)
      _ = send(refusal.response(isForHEAD: parser.isHEAD).span)
    case .refused, .over: break
    }
    close()
  }

  /// Counts a refusal.
  func countRefusal(_ refusal: HandshakeRefusal) {
    sessions.server.ledger.recordRefusal(refusal.name, status: refusal.status.rawValue)
  }
}
