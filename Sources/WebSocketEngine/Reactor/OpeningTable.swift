import DequeModule
import Vocabulary

/// The connections of one reactor whose opening handshake is under way or was refused, in the order
/// in which they were accepted.
struct OpeningTable {
  /// How many names of connections that are gone are kept, besides as many as there are others.
  private static let spareNameCount = 64

  private var openings: [SessionID: OpeningConnection] = [:]
  /// Names in the order of accepting, also of connections that are gone, but not the first.
  private var order: Deque<SessionID> = []

  /// How many there are.
  var count: Int { openings.count }

  /// How many names are kept, also of connections that are gone.
  var nameCount: Int { order.count }

  /// The opening that was accepted before all others.
  var oldest: OpeningConnection? { order.first.flatMap { openings[$0] } }

  /// All of them, the oldest first.
  var inOrder: some Sequence<OpeningConnection> {
    order.lazy.compactMap { [openings] in openings[$0] }
  }

  /// Adds one that was accepted after all others.
  mutating func append(_ opening: OpeningConnection) {
    openings[opening.id] = opening
    order.append(opening.id)
  }

  /// Takes one out.
  ///
  /// - Complexity: O(1) on average
  mutating func remove(_ opening: OpeningConnection) {
    openings[opening.id] = nil
    while let first = order.first, openings[first] == nil { order.removeFirst() }
    guard order.count > 2 * openings.count + Self.spareNameCount else { return }
    order.removeAll { openings[$0] == nil }
  }
}
