internal import EventLoop
internal import Vocabulary

/// Bytes that one client has yet to take, in their order, and whether it takes them.
///
/// It reads no clock.
struct OutputQueue {
  /// The outcome of a flush.
  enum Progress {
    /// Nothing is left.
    case drained
    /// The client has no room for the rest; `isMoving`: it took some.
    case blocked(isMoving: Bool)
    /// The connection is broken.
    case failed
  }

  private var parts: [[UInt8]] = []
  private var sentByteCount = 0
  /// The client's progress with the kernel's bytes, while some wait here.
  private var peer: PeerProgress?

  /// How many bytes wait.
  private(set) var byteCount = 0
  /// The time at which the client last took some, or at which the first of them came.
  private(set) var movedAt: Instant

  /// A queue without bytes.
  init(at now: Instant) {
    movedAt = now
  }

  /// Adds bytes at the end.
  mutating func append(_ bytes: [UInt8], at now: Instant) {
    if byteCount == 0 { movedAt = now }
    guard !bytes.isEmpty else { return }
    parts.append(bytes)
    byteCount += bytes.count
  }

  /// Forgets all bytes.
  mutating func removeAll() {
    self = OutputQueue(at: movedAt)
  }

  /// Whether the client has shown that it lives since it last took some, or since the last call; if
  /// so, it counts as having taken some.
  ///
  /// The socket reports room again only when much of its content is gone; a slow client takes it
  /// bit by bit.
  mutating func showsLife(_ transport: ControlTransport, at now: Instant) -> Bool {
    let isAlive =
      peer?.isAlive(
        takenByteCount: transport.takenByteCount, isOwed: true, now: now,
        acknowledgement: { Socket.acknowledgement(transport.descriptor) }) ?? false
    if isAlive { movedAt = now }
    return isAlive
  }

  /// Sends as much as the socket takes.
  mutating func flush(to transport: ControlTransport, at now: Instant) -> Progress {
    let progress = flush(to: transport)
    switch progress {
    case .drained:
      movedAt = now
      peer = nil
    case .blocked(let isMoving):
      if isMoving { movedAt = now }
      if isMoving || peer == nil {
        peer = PeerProgress(takenByteCount: transport.takenByteCount, now: now)
      }
    case .failed: break
    }
    return progress
  }

  private mutating func flush(to transport: ControlTransport) -> Progress {
    var isMoving = false
    switch transport.flush() {
    case .drained: break
    case .blocked(let isMoving): return .blocked(isMoving: isMoving)
    case .failed: return .failed
    }
    var done = 0
    defer { parts.removeFirst(done) }
    while done < parts.count {
      let part = parts[done]
      switch transport.send(part.span.extracting(sentByteCount..<part.count)) {
      case .bytes(let count):
        isMoving = isMoving || count > 0
        byteCount -= count
        sentByteCount += count
        if sentByteCount == part.count {
          sentByteCount = 0
          done += 1
        }
      case .wouldBlock: return .blocked(isMoving: isMoving)
      case .failed: return .failed
      }
    }
    return transport.unsentByteCount == 0 ? .drained : .blocked(isMoving: isMoving)
  }
}
