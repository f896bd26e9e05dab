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
    let tap = Tap(maximumPerSecond: request.messagesPerSecond)
    let number = connection.number
    context.run { [context] in
      let admits: Server.TapAdmission? = filter.flatMap { filter in
        guard filter.isSettledAtOpening else { return nil }
        return { filter.matches(OpeningSubject(profile: $0, flags: $1), now: 0) }
      }
      await context.server.begin(tap, TapCriteria(request.options), admitting: admits)
      var isThere = true
      if case .session(let id) = request.subject {
        isThere = await context.server.attach(tap, to: id)
      }
      context.post { [isThere] loop in
        loop.begin(request, tap, filter, isThere: isThere, response, on: number)
      }
    }
  }

  private static var tooManyTaps: ControlRefusal {
    ControlRefusal(
      status: 503, code: "too-many-taps",
      "the engine has \(ControlSettings.maximumTapCount) taps already")
  }

  /// Opens a tap that the reactors know, for its client and the log.
  private func begin(
    _ request: TapRequest, _ tap: Tap, _ filter: SessionFilter?, isThere: Bool,
    _ response: [UInt8], on number: Int
  ) {
    guard let connection = connections[number], case .answering = connection.mode, isThere else {
      context.server.end(tap)
      if case .session(let id) = request.subject {
        connections[number]?.answer(HTTPAnswer(noSession(id)))
      }
      return
    }
    let stream = TapStream(request, tap, filter: filter, now: reactor.now)
    guard let filter else { return open(stream, response, on: connection) }
    let search = observer.search(filter)
    proceed { [unowned self] deadline in
      guard let connection = connections[number], case .answering = connection.mode else {
        context.server.end(tap)
        return true
      }
      guard let ids = search.step(until: deadline) else { return false }
      attach(stream, to: ids)
      open(stream, response, on: connection)
      lookUpRooms(stream, filter, of: number)
      return true
    }
  }

  /// Upgrades the connection of a tap's client, which gets messages from here on.
  private func open(_ stream: TapStream, _ response: [UInt8], on connection: ClientConnection) {
    // Others that were asked for in the same moment may have opened meanwhile.
    guard taps.count < ControlSettings.maximumTapCount else {
      context.server.end(stream.tap)
      return connection.answer(HTTPAnswer(Self.tooManyTaps))
    }
    record(
      EventDraft(
        .act, "began to tap \(stream.subjectText)", actor: connection.actor,
        command: EventCommands(context.path).line(stream.request), subject: stream.subject))
    connection.upgrade(response, to: .tapping(stream))
    pushSoon(connection)
  }

  /// Ends a tap whose connection is over.
  func end(_ stream: TapStream, of connection: ClientConnection) {
    context.server.end(stream.tap)
    record(
      EventDraft(
        .act,
        "ended the tap of \(stream.subjectText): \(stream.shownCount) messages shown, "
          + "\(stream.skippedCount) skipped", actor: connection.actor, subject: stream.subject))
  }

  /// Searches the matching sessions again, for filters that depend on what sessions do.
  func refreshTaps() {
    for (number, stream) in taps {
      guard let filter = stream.filter, !filter.isSettledAtOpening else { continue }
      refresh(stream, filter, of: number)
    }
  }

  /// Searches the matching sessions, over as many turns as it takes, and taps them; one search at a
  /// time.
  private func refresh(_ stream: TapStream, _ filter: SessionFilter, of number: Int) {
    guard !stream.isSearching else { return }
    stream.isSearching = true
    let search = observer.search(filter)
    proceed { [unowned self] deadline in
      guard case .tapping(let current)? = connections[number]?.mode, current === stream else {
        return true
      }
      guard let ids = search.step(until: deadline) else { return false }
      stream.isSearching = false
      attach(stream, to: ids)
      lookUpRooms(stream, filter, of: number)
      return true
    }
  }

  /// Looks rooms up, where a filter uses them and they were fetched too long ago, and searches
  /// again once they are known.
  private func lookUpRooms(_ stream: TapStream, _ filter: SessionFilter, of number: Int) {
    guard filter.looksAtRooms, !observer.rooms.isFetching else { return }
    observer.rooms.want()
    guard let wish = observer.wantedRooms(at: reactor.now) else { return }
    fetchRooms(wish) { loop, _ in
      guard case .tapping(let current)? = loop.connections[number]?.mode else { return }
      loop.refresh(current, filter, of: number)
    }
  }

  private func attach(_ stream: TapStream, to ids: [SessionID]) {
    let (added, removed) = stream.difference(to: ids)
    context.server.attach(stream.tap, to: added, detachingFrom: removed)
  }

  private var taps: [(number: Int, stream: TapStream)] {
    connections.values.compactMap { connection in
      if case .tapping(let stream) = connection.mode { (connection.number, stream) } else { nil }
    }
  }

  /// The reason why a tap of one session is over.
  func sentence(ofEndOf stream: TapStream) -> String {
    guard case .session(let id) = stream.request.subject else { return "" }
    // The call reads the journals, in which the end of this session is.
    _ = observer.session(id)
    return noSession(id).error.error.message
  }
}
