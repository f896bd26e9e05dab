internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension ControlLoop {
  /// Begins a tap, or refuses it.
  func tap(
    _ request: TapRequest, _ upgrade: UpgradeRequest, on connection: ClientConnection
  ) throws(ControlRefusal) {
    guard context.settings.permitsTaps else {
      throw ControlRefusal(
        status: 403, code: "taps-forbidden",
        "the engine forbids taps: it was started with --tap off")
    }
    guard taps.count < ControlSettings.maximumTapCount else { throw Self.tooManyTaps }
    let response = try accept(upgrade)
    let filter: SessionFilter?
    do throws(FilterError) {
      filter =
        if case .filter(let text) = request.subject {
          try SessionFilter(text, for: .operate)
        } else {
          nil
        }
    } catch {
      throw ControlRefusal(status: 400, ControlError(error))
    }
    connection.begin { loop, connection in
      let tap = Tap(maximumPerSecond: request.messagesPerSecond)
      do throws(ControlRefusal) {
        let stream = try await loop.stream(request, tap, filter)
        try loop.open(stream, response, on: connection)
      } catch {
        loop.context.server.end(tap)
        connection.answer(HTTPAnswer(error))
      }
    }
  }

  /// Begins a tap on the reactors, and attaches it to its sessions.
  private func stream(
    _ request: TapRequest, _ tap: Tap, _ filter: SessionFilter?
  ) async throws(ControlRefusal) -> TapStream {
    let admits: Server.TapAdmission? = filter.flatMap { filter in
      guard filter.isSettledAtOpening else { return nil }
      return { filter.matches(OpeningSubject(profile: $0, flags: $1), now: 0) }
    }
    await context.server.begin(tap, TapCriteria(request.options), admitting: admits)
    if case .session(let id) = request.subject {
      guard await context.server.attach(tap, to: id) else { throw api.noSession(id) }
    }
    let stream = TapStream(request, tap, filter: filter, now: reactor.now)
    if let filter {
      let search = api.observer.search(filter)
      attach(stream, to: try ControlAPI.found(await api.turns.finish(search.step)))
    }
    return stream
  }

  private static var tooManyTaps: ControlRefusal {
    ControlRefusal(
      status: 503, code: "too-many-taps",
      "the engine has \(ControlSettings.maximumTapCount) taps already")
  }

  /// Upgrades the connection of a tap's client, which gets messages from here on.
  private func open(
    _ stream: TapStream, _ response: [UInt8], on connection: ClientConnection
  ) throws(ControlRefusal) {
    guard case .answering = connection.mode else { throw ControlAPI.abandoned }
    // Others that were asked for in the same moment may have opened meanwhile.
    guard taps.count < ControlSettings.maximumTapCount else { throw Self.tooManyTaps }
    api.record(
      EventDraft(
        .act, "began to tap \(stream.subjectText)", actor: connection.peer.actor.name,
        command: EventCommands(context.path).line(stream.request), subject: stream.subject))
    connection.upgrade(response, to: .tapping(stream))
    pushSoon(connection)
    if let filter = stream.filter { lookUpRooms(stream, filter, of: connection) }
  }

  /// Ends a tap whose connection is over.
  func end(_ stream: TapStream, of connection: ClientConnection) {
    context.server.end(stream.tap)
    api.record(
      EventDraft(
        .act,
        "ended the tap of \(stream.subjectText): \(stream.shownCount) messages shown, "
          + "\(stream.skippedCount) skipped",
        actor: connection.peer.actor.name, subject: stream.subject))
  }

  /// Searches the matching sessions again, for filters that depend on what sessions do.
  func refreshTaps() {
    for (connection, stream) in taps {
      guard let filter = stream.filter, !filter.isSettledAtOpening else { continue }
      refresh(stream, filter, of: connection)
    }
  }

  /// Searches the matching sessions, over as many turns as it takes, and taps them; one search at a
  /// time.
  private func refresh(
    _ stream: TapStream, _ filter: SessionFilter, of connection: ClientConnection
  ) {
    guard !stream.isSearching else { return }
    stream.isSearching = true
    let search = api.observer.search(filter)
    context.begin { [self] in
      let ids: [SessionID]?? = await api.turns.finish { deadline in
        guard connection.isTapping(stream) else { return .some(nil) }
        return search.step(until: deadline).map { $0 }
      }
      stream.isSearching = false
      guard let ids = ids ?? nil else { return }
      attach(stream, to: ids)
      lookUpRooms(stream, filter, of: connection)
    }
  }

  /// Looks rooms up, where a filter uses them and they were fetched too long ago, and searches
  /// again once they are known.
  private func lookUpRooms(
    _ stream: TapStream, _ filter: SessionFilter, of connection: ClientConnection
  ) {
    guard filter.looksAtRooms, !api.observer.rooms.isFetching else { return }
    api.observer.rooms.want()
    guard let wish = api.observer.wantedRooms(at: reactor.now) else { return }
    let fetch = api.beginFetchingRooms(wish)
    context.begin { [self] in
      _ = await api.finish(fetch)
      if connection.isTapping(stream) { refresh(stream, filter, of: connection) }
    }
  }

  private func attach(_ stream: TapStream, to ids: [SessionID]) {
    let (added, removed) = stream.difference(to: ids)
    context.server.attach(stream.tap, to: added, detachingFrom: removed)
  }

  private var taps: [(connection: ClientConnection, stream: TapStream)] {
    connections.values.compactMap { connection in
      if case .tapping(let stream) = connection.mode { (connection, stream) } else { nil }
    }
  }

  /// The reason why a tap of one session is over.
  func sentence(ofEndOf stream: TapStream) -> String {
    guard case .session(let id) = stream.request.subject else { return "" }
    // The call reads the journals, in which the end of this session is.
    _ = api.observer.session(id)
    return api.noSession(id).error.error.message
  }
}
