public import Vocabulary

extension Session {
  /// Tags the session, so that operators find it: `session.tag("user", "olga")`; a tag with the
  /// same key is replaced.
  ///
  /// Tags are kept until the session ends, and shown for it afterwards. They may hold texts of a
  /// client: they are escaped wherever they are shown.
  ///
  /// - Parameters:
  ///   - key: up to 64 bytes of UTF-8 without a colon.
  ///   - value: up to 256 bytes of UTF-8; empty for a key alone.
  /// - Throws: `TagError` for another key or value, a seventeenth tag, or a session that is not
  ///   open.
  public func tag(_ key: String, _ value: String = "") throws(TagError) {
    let tag = try SessionTag(key, value)
    guard phase == .open else { throw .notOpen }
    let extras = makeExtras()
    if let tags = extras.tags { return try tags.set(tag) }
    let tags = SessionTags()
    try tags.set(tag)
    extras.tags = tags
    reactor.handle.journal.append(.tagged(id, record: record, tags))
  }

  /// Takes a tag away; without effect if there is none with the key.
  public func untag(_ key: String) {
    extras?.tags?.remove(UTF8Name(key))
  }

  /// The session's tags, in the order of their keys.
  public var tags: [SessionTag] { extras?.tags?.all ?? [] }
}

extension WebSocket {
  /// Tags the session, so that operators find it; a tag with the same key is replaced.
  ///
  /// - Throws: `TagError` as `Session.tag`, `WebSocketError.notAccepted` before `accept`, `closed`
  ///   after the end.
  public func tag(_ key: String, _ value: String = "") async throws {
    try await onReactor { try $0.openSession().tag(key, value) }
  }

  /// Takes a tag away; without effect if there is none with the key.
  ///
  /// - Throws: `WebSocketError`: `notAccepted`, `closed`.
  public func untag(_ key: String) async throws {
    try await onReactor { try $0.openSession().untag(key) }
  }

  /// The session's tags, in the order of their keys.
  public var tags: [SessionTag] {
    get async throws { try await onReactor { try $0.openSession().tags } }
  }
}
