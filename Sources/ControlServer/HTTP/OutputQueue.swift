internal import EventLoop

/// Bytes that one client has yet to take, in their order.
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

  /// How many bytes wait.
  private(set) var byteCount = 0

  var isEmpty: Bool { byteCount == 0 }

  /// Adds bytes at the end.
  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    parts.append(bytes)
    byteCount += bytes.count
  }

  /// Sends as much as the socket takes.
  mutating func flush(to transport: ControlTransport) -> Progress {
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
