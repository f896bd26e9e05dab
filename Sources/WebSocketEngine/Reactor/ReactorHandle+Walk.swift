import Vocabulary

extension ReactorHandle {
  /// Runs something for every session, a slice a turn, and gathers what it gives; nil if the engine
  /// has stopped or the reactor's mailbox is full.
  ///
  /// Of the sessions that open or close meanwhile some are met and others are not.
  ///
  /// - Parameter sliceCount: how many records are looked at in one turn.
  func onEverySession<Found: Sendable>(
    sliceCount: Int = 1000, _ body: @escaping @Sendable (Session) -> Found?
  ) async -> [Found]? {
    var found: [Found] = []
    var start = 0
    while true {
      let slice = start..<start + sliceCount
      let part = await run { reactor in
        (
          found: reactor.sessions.values(of: slice).compactMap(body),
          isLast: slice.upperBound >= reactor.sessions.records.upperBound
        )
      }
      guard let part else { return nil }
      found += part.found
      if part.isLast { return found }
      start = slice.upperBound
    }
  }
}
