import Synchronization
import Vocabulary

/// What happened, in order, noted on any thread.
final class Recorder<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  func note(_ element: Element) {
    elements.withLock { $0.append(element) }
  }

  var all: [Element] { elements.withLock { $0 } }
  var count: Int { elements.withLock { $0.count } }
  var last: Element? { elements.withLock { $0.last } }

  /// The elements, once there are that many.
  func all(atLeast count: Int) async throws -> [Element] {
    try await eventually("\(count) entries, of which \(self.count) came") { self.count >= count }
    return all
  }
}
