import Vocabulary

extension ReactorHandle {
  /// Runs a body for every session, a slice a turn, and gathers its results; nil if the engine has
  /// stopped.
  ///
  /// Sessions that open or close meanwhile may be met or not.
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
