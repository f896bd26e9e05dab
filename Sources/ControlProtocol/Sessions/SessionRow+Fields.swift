public import Vocabulary

extension SessionRow: CountedSession {
  /// Its age in seconds.
  ///
  /// - Parameter now: the time in seconds since 1970, for an engine that does not tell ages.
  public func age(now: Double) -> Double {
    max(0, ageSeconds ?? (ending?.at ?? now) - openedAt)
  }

  /// Seconds since the last message in either direction.
  public func idle(now: Double) -> Double { idleSeconds }

  /// Seconds since it was closed; nil for a live session.
  public func secondsSinceClose(now: Double) -> Double? {
    ending.map { $0.secondsAgo ?? now - $0.at }
  }

  /// The client's port.
  public var clientPort: Int? { port }

  /// The close code; nil for a live session.
  public var closeCode: CloseCode? { ending?.code }

  /// Who closed it.
  public var closeInitiator: CloseInitiator? { ending?.by }

  /// The path as people read it: percent-decoded once, or as it came where that is no UTF-8; not
  /// escaped for display.
  public var decodedPath: String { SessionField.decodedPath(path) }

  /// The texts of a field as people read them: paths decoded; not escaped for display.
  public func shownTexts(_ field: SessionField) -> [String] {
    field == .path ? [decodedPath] : texts(field)
  }

  /// The texts of a field, not escaped for display; none for a field of numbers.
  public func texts(_ field: SessionField) -> [String] {
    switch field {
    case .id: [id.description]
    case .route: [route]
    case .path: [path]
    case .query: query.map { [$0] } ?? []
    case .address: [address]
    case .state: [state.rawValue]
    case .userAgent: userAgent.map { [$0] } ?? []
    case .subprotocol: subprotocol.map { [$0] } ?? []
    case .tag: tags ?? []
    case .room, .rooms: rooms ?? []
    case .who: ending.map { [$0.by.description] } ?? []
    case .actor: ending?.actor.map { [$0] } ?? []
    default: []
    }
  }

  /// Tests the row's texts; the rooms of a live session are known if the row tells all of them.
  public func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch field {
    case .tag: texts(field).contains { SessionTag.hasText($0, where: test) }
    case .room: hasRoom(where: test)
    case .path: SessionField.hasPath(path, where: test)
    default: texts(field).contains { test($0.utf8.span) }
    }
  }

  private func hasRoom(where test: (Span<UInt8>) -> Bool) -> Bool? {
    let rooms = texts(.room)
    if rooms.contains(where: { test($0.utf8.span) }) { return true }
    return state == .closed || roomCount == rooms.count ? false : nil
  }

  /// Whether the row has a flag.
  public func flag(_ field: SessionField) -> Bool {
    switch field {
    case .tls: tls
    case .compressed: compressed
    case .tapped: tapped
    case .throttled: throttled
    default: false
    }
  }
}
