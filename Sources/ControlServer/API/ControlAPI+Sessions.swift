internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// The requests that look at sessions.
extension ControlAPI {
  /// A window of sessions, in a place for its list.
  func sessions(
    _ query: SessionQuery, for actor: ControlActor
  ) async throws(ControlRefusal) -> (SessionWindow, ListPlaces.Place) {
    let filter: SessionFilter
    do throws(FilterError) {
      filter = try SessionFilter(query.filter, for: actor.role)
    } catch {
      throw ControlRefusal(status: 400, ControlError(error))
    }
    let (window, place) = try await find(query, filter)
    guard let wish = observer.wantedRooms(at: reactor.now) else { return (window, place) }
    // Rooms that are known too long are looked up, and the question is asked again. Reactors may
    // take their time, so others have the place meanwhile.
    place.leave()
    _ = await fetchRooms(wish)
    return try await find(query, filter)
  }

  private func find(
    _ query: SessionQuery, _ filter: SessionFilter
  ) async throws(ControlRefusal) -> (SessionWindow, ListPlaces.Place) {
    let place = try Self.found(await lists.enter(rowCount: query.limit))
    let question = observer.question(query, filter)
    return (try Self.found(await turns.finish(question.step)), place)
  }

  /// The details of one session.
  func details(of id: SessionID) async throws(ControlRefusal) -> SessionDetails {
    let particulars = await context.server.particulars(of: id)
    guard let details = details(of: id, particulars) else { throw noSession(id) }
    return details
  }

  /// The details of one session, with everything that is redacted for others.
  func secrets(
    of id: SessionID, for actor: ControlActor
  ) async throws(ControlRefusal) -> SessionDetails {
    let particulars = await context.server.particulars(of: id)
    guard let details = details(of: id, particulars, withSecrets: true) else {
      throw noSession(id)
    }
    record(
      EventDraft(
        .act, "showed the secrets of session \(id)", actor: actor.name,
        command: context.commands.line(.sessionSecrets(id))))
    return details
  }

  /// The details of one session; of a closed one no secret was kept.
  private func details(
    of id: SessionID, _ particulars: SessionParticulars?, withSecrets: Bool
  ) -> SessionDetails? {
    guard var session = observer.sessionOrLately(id) else { return nil }
    if withSecrets { session.profile = session.profile.unredacted }
    return SessionDetails(session, particulars, run: engineRun, at: observer.moment)
  }

  /// The refusal of a request for a session that is not there.
  func noSession(_ id: SessionID) -> ControlRefusal {
    let message =
      if let closed = observer.closed.row(of: id) {
        "session \(id) was closed with \(closed.code.rawValue) by \(closed.by)"
      } else {
        "there is no session \(id), nor was it among the last "
          + "\(ClosedSessions.capacity) that were closed; wstop history may know it"
      }
    return ControlRefusal(status: 404, code: "no-such-session", message)
  }

  /// Asks the reactors for rooms, for filters that look at them, or for a window that shows them.
  ///
  /// - Returns: whether all have answered; if not, the rooms known before stay.
  func fetchRooms(_ wish: RoomDirectory.Wish) async -> Bool {
    await finish(beginFetchingRooms(wish))
  }

  /// Notes that rooms are being fetched, so that others wait for them; `finish` follows.
  func beginFetchingRooms(_ wish: RoomDirectory.Wish) -> RoomFetch {
    // Sessions opened from here on may be missing in the reactors' answers.
    observer.readJournals()
    observer.rooms.beginFetching()
    return RoomFetch(wish: wish, began: reactor.now, latest: observer.mirrors.map(\.latest))
  }

  /// Asks the reactors for the rooms of a fetch that has begun.
  func finish(_ fetch: RoomFetch) async -> Bool {
    var names: [SessionID: [String]]? = [:]
    for handle in context.server.reactors {
      let found =
        switch fetch.wish {
        case .all: await handle.roomNames()
        case .sessions(let ids):
          await handle.roomNames(of: ids.filter { $0.reactor == handle.index })
        }
      if let found { names?.merge(found) { $1 } } else { names = nil }
    }
    observer.rooms.endFetching(fetch.wish, names, since: fetch.began, latest: fetch.latest)
    return names != nil
  }
}

/// Rooms that are being fetched.
struct RoomFetch {
  var wish: RoomDirectory.Wish
  /// The time of the question.
  var began: Instant
  /// The last session of each reactor that was open then.
  var latest: [SessionID]
}

extension ControlAPI: SnapshotSource {
  func statistics() -> EngineStatistics { observer.statistics() }

  func list(_ window: SessionWindow) -> SessionList { window.list(run: engineRun) }

  func details(of id: SessionID, _ particulars: SessionParticulars?) -> SessionDetails? {
    details(of: id, particulars, withSecrets: false)
  }

  func knownGroups(_ query: GroupQuery, for role: ControlRole) -> GroupList? {
    groupBoard.list(query, for: role, run: engineRun, at: reactor.now)
  }

  func limits() -> [LimitRow] {
    limitRows(andThose: sessionLimits.rows, at: observer.moment)
  }

  func trafficReport(_ query: TrafficQuery) -> TrafficReport? { observer.traffic(query) }

  func events(after sequence: Int, for role: ControlRole) -> [EngineEvent] {
    events.events(after: sequence, for: role)
  }

  func closeIntervals() -> [CloseInterval] { observer.closeIntervals() }

  func history(seconds: Int) -> [RateSample] { observer.history(seconds: seconds) }

  func shownActs() -> [ActStatus] { acts.statuses.suffix(Watch.maximumActCount) }
}
