internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension ControlLoop {
  /// How long a watch has to wait after a snapshot of a cost: all watches together take at most a
  /// quarter of the thread's time.
  func pause(after cost: Duration) -> Duration {
    cost * 4 * connections.values.count { $0.watch != nil }
  }

  /// Whether the rows that a watch shows are known; if not they are searched, and the watch is
  /// pushed once they are found.
  func hasWindow(_ watch: Watch, of connection: ClientConnection) -> Bool {
    guard let (query, filter) = watch.wantedRows else { return true }
    guard watch.question == nil else { return false }
    let question = api.observer.question(
      query, filter, following: watch.request?.follow, locating: watch.request?.locate)
    watch.begin(question)
    let deadline = SystemClock.monotonic().advanced(by: TurnQueue.stepDuration)
    if let window = question.step(until: deadline) {
      watch.take(window)
      return true
    }
    context.begin { [self] in
      // A watch that looks at something else meanwhile asks another question.
      let window: SessionWindow?? = await api.turns.finish { deadline in
        guard connection.watch === watch, watch.question === question else { return .some(nil) }
        return question.step(until: deadline).map { $0 }
      }
      guard let window = window ?? nil else { return }
      watch.take(window)
      pushSoon(connection)
    }
    return false
  }

  /// Fetches from reactors what the next snapshot may need, after one was made.
  func snapshotMade() {
    api.refreshGroups()
    let requests = connections.values.compactMap { $0.watch?.request }
    // Rates are measured for a console that looks at sessions, so that they are known when it shows
    // them.
    if requests.contains(where: { $0.sessions != nil || $0.details != nil }) {
      api.observer.wantRates(at: reactor.now)
    }
    if !api.observer.rooms.isFetching, let wish = api.observer.wantedRooms(at: reactor.now) {
      let fetch = api.beginFetchingRooms(wish)
      context.begin { [self] in
        _ = await api.finish(fetch)
        refreshWatches()
      }
    }
    if requests.contains(where: \.wantsLimits) { api.fetchSessionLimits() }
  }

  /// Asks a session's reactor for the details that a watch shows.
  func askForDetails(_ watch: Watch, of connection: ClientConnection) {
    guard let id = watch.beginAsking() else { return }
    context.begin { [self] in
      let particulars = await context.server.particulars(of: id)
      let isFirst = watch.particulars == nil
      watch.take(particulars, of: id)
      if isFirst { pushSoon(connection) }
    }
  }

  /// Makes every watch due at once.
  func refreshWatches() {
    for connection in connections.values {
      guard let watch = connection.watch else { continue }
      watch.becomeDue(at: reactor.now)
      pushSoon(connection)
    }
  }
}
