internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session that an act is meant for.
struct ActTarget: Sendable {
  /// Its name.
  var id: SessionID
  /// The place of its record; nil if the act named the session and looks at nothing but its name.
  var record: Int?
  /// The instant at which it was opened; the oldest has its turn first.
  var openedAt = Instant(nanoseconds: 0)
}

extension Observer {
  /// The targets of an act, the oldest first, and how many sessions are open.
  struct Selection {
    var targets: [ActTarget] = []
    var openCount = 0
    var moment: Moment

    /// The same with the targets in their order.
    var sorted: Selection {
      var selection = self
      selection.targets.sort { ($0.openedAt, $0.id) < ($1.openedAt, $1.id) }
      return selection
    }
  }

  /// The refusal of acts by a filter of whose terms not enough is known; nil if there is none.
  func refusal(ofActsBy filter: SessionFilter) -> ControlRefusal? {
    if let key = filter.keyOfClosed {
      return ControlRefusal(
        status: 400, code: "invalid-filter",
        "\(key) is of sessions that are closed, and what is done is done to open ones: "
          + "nothing was done")
    }
    guard filter.uses(.tag) else { return nil }
    readJournals()
    guard !mirrors.contains(where: \.isClosingGap) else {
      return ControlRefusal(
        status: 503, code: "busy",
        "the engine is too busy to say who has which tag: nothing was done, ask again")
    }
    guard mirrors.contains(where: \.hasTags) else {
      return ControlRefusal(
        status: 409, code: "no-tags",
        "no session has a tag, so that \(filter) says nothing of any: nothing was done")
    }
    return nil
  }

  /// A search for the open sessions that a filter matches; its result is to be `sorted`.
  func selection(_ filter: SessionFilter) -> SessionSearch<Selection> {
    readJournals()
    let observation = observation(for: filter)
    return selection(asking: filter, at: observation.moment) {
      [unowned self] reactor, record, sample in
      if filter.usesRates { wantRates(at: observation.moment.instant) }
      return filter.matches(
        observation.session(.live(reactor: reactor, record: record), sample),
        now: observation.moment.seconds)
    }
  }

  /// A search for the open ones of some named sessions.
  func selection(_ ids: [SessionID]) -> SessionSearch<Selection> {
    let wanted = Set(ids)
    readJournals()
    return selection(asking: SessionFilter(), at: moment) { _, _, sample in
      wanted.contains(sample.identity.id)
    }
  }

  /// Whether a session that was selected is open and matches the filter still.
  func stillMatches(_ target: ActTarget, _ filter: SessionFilter, at moment: Moment) -> Bool {
    guard let record = target.record, target.id.reactor < mirrors.count else { return false }
    let reactor = target.id.reactor
    guard let session = mirrors[reactor].session(target.id, record: record),
      session.sample.state == .open
    else { return false }
    if filter.usesRates { wantRates(at: moment.instant) }
    return filter.matches(
      observation(for: filter, at: moment)
        .session(.live(reactor: reactor, record: record), session.sample),
      now: moment.seconds)
  }

  /// Some of the targets as rows: evenly from all of them, without sessions that are gone.
  func sample(of selection: Selection, count: Int) -> [SessionRow] {
    let targets = selection.targets
    let taken = min(count, targets.count)
    return (0..<taken).compactMap { place in
      let target = targets[place * targets.count / taken]
      guard let record = target.record else { return nil }
      return mirrors[target.id.reactor].session(target.id, record: record)
        .map { SessionRow($0, at: selection.moment) }
    }
  }

  private func selection(
    asking filter: SessionFilter, at moment: Moment,
    where isMeant: @escaping (_ reactor: Int, _ record: Int, SessionSample) -> Bool
  ) -> SessionSearch<Selection> {
    SessionSearch(self, asking: filter, into: Selection(moment: moment)) {
      selection, reactor, record, sample in
      guard sample.state == .open else { return }
      selection.openCount += 1
      guard isMeant(reactor, record, sample) else { return }
      selection.targets.append(
        ActTarget(id: sample.identity.id, record: record, openedAt: sample.identity.openedAt))
    }
  }
}
