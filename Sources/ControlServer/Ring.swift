/// The last elements of a sequence, up to a capacity.
struct Ring<Element> {
  private var storage: [Element] = []
  private var oldest = 0
  private let capacity: Int

  /// An empty ring.
  init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
  }

  var count: Int { storage.count }

  var last: Element? {
    storage.isEmpty ? nil : storage[(oldest + storage.count - 1) % storage.count]
  }

  /// The element at a place; 0 is the oldest.
  ///
  /// - Precondition: there are more than `place` elements.
  subscript(place: Int) -> Element { storage[(oldest + place) % storage.count] }

  /// Adds an element; the oldest one is dropped if there is no room.
  mutating func append(_ element: Element) {
    guard storage.count == capacity else { return storage.append(element) }
    storage[oldest] = element
    oldest = (oldest + 1) % capacity
  }

  /// The last `count` elements, or all if there are fewer, the oldest first.
  func suffix(_ count: Int) -> [Element] {
    let taken = min(max(count, 0), storage.count)
    return ((storage.count - taken)..<storage.count).map {
      storage[(oldest + $0) % storage.count]
    }
  }

  /// The newest element that meets a condition.
  func last(where isWanted: (Element) -> Bool) -> Element? {
    for offset in (0..<storage.count).reversed() {
      let element = storage[(oldest + offset) % storage.count]
      if isWanted(element) { return element }
    }
    return nil
  }
}

extension Ring: Sendable where Element: Sendable {}
