import DequeModule

/// Connections whose TLS handshake is to be taken a step further, in the order they became ready.
///
/// A step may cost a millisecond, so only a few are taken in a turn, after all open sessions were
/// served; the others wait for the next turns and are not watched meanwhile. Confined to its
/// reactor.
struct HandshakeQueue {
  /// The most steps in a turn.
  static let maximumStepCount = 4

  private var waiting: Deque<OpeningConnection> = []

  /// Whether steps wait for the next turn.
  var isEmpty: Bool { waiting.isEmpty }

  /// Adds a connection that is not in the queue.
  ///
  /// - Returns: whether its turn is not this one.
  mutating func append(_ connection: OpeningConnection) -> Bool {
    waiting.append(connection)
    return waiting.count > Self.maximumStepCount
  }

  /// Takes the connections whose turn it is; ones closed meanwhile do not count.
  mutating func takeTurn() -> [OpeningConnection] {
    var taken: [OpeningConnection] = []
    while taken.count < Self.maximumStepCount, let next = waiting.popFirst() {
      if next.isSecuring { taken.append(next) }
    }
    return taken
  }
}
