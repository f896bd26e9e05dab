import Synchronization
package import Vocabulary

/// The tags of one session, for its handler and for its observers.
///
/// Made when the session gets its first tag, and told to observers once: later changes are here.
/// They take a lock, which no message does.
package final class SessionTags: Sendable {
  private let tags = Mutex<[SessionTag]>([])

  init() {}

  /// The tags now, in the order of their keys.
  package var all: [SessionTag] { tags.withLock { $0 } }

  /// Whether there is none.
  package var isEmpty: Bool { tags.withLock { $0.isEmpty } }

  /// Adds a tag; one with the same key goes.
  ///
  /// - Throws: `TagError.tooManyTags` for one more key than 16.
  package func set(_ tag: SessionTag) throws(TagError) {
    try tags.withLock { tags throws(TagError) in
      let place = tags.firstIndex { !($0.key < tag.key) } ?? tags.endIndex
      if place < tags.endIndex, tags[place].key == tag.key {
        tags[place] = tag
        return
      }
      guard tags.count < SessionTag.maximumCount else {
        throw .tooManyTags(limit: SessionTag.maximumCount)
      }
      tags.insert(tag, at: place)
    }
  }

  /// Takes the tag with a key away, if there is one.
  func remove(_ key: UTF8Name) {
    tags.withLock { $0.removeAll { $0.key == key } }
  }
}
