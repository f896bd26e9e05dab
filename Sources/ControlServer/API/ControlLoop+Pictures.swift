internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension ControlLoop: PictureSource {
  func statistics() -> EngineStatistics { observer.statistics() }

  func list(_ window: SessionWindow) -> SessionList { window.list(run: engineRun) }

  func details(of id: SessionID, _ particulars: SessionParticulars?) -> SessionDetails? {
    details(of: id, particulars, withSecrets: false)
  }

  /// The details of one session; of a closed one no secret was kept.
  func details(
    of id: SessionID, _ particulars: SessionParticulars?, withSecrets: Bool
  ) -> SessionDetails? {
    guard var session = observer.sessionOrLately(id) else { return nil }
    if withSecrets { session.profile = session.profile.unredacted }
    return SessionDetails(session, particulars, run: engineRun, at: observer.moment)
  }

  func groups(_ query: GroupQuery) -> GroupList? {
    groupBoard.list(query, run: engineRun, at: reactor.now)
  }

  func limits() -> [LimitRow] {
    let moment = observer.moment
    return limitChanges.reverts.annotated(
      context.server.limitRows.map(LimitRow.init) + sessionLimits.rows
    ) { observer.uptime(at: $0, moment) }
  }

  func traffic(_ query: TrafficQuery) -> TrafficReport? { observer.traffic(query) }

  func events(after sequence: Int, for role: ControlRole) -> [EngineEvent] {
    events.events(after: sequence, for: role)
  }

  func closeIntervals() -> [CloseInterval] { observer.closeIntervals() }

  func history(seconds: Int) -> [RateSample] { observer.history(seconds: seconds) }

  func shownActs() -> [ActStatus] { acts.statuses.suffix(Watch.maximumActCount) }
}

extension ControlLoop {
  /// How long a watch has to wait after a picture of a cost: all watches together take at most a
  /// quarter of the thread's time.
  func pause(after cost: Duration) -> Duration {
    cost * 4 * connections.values.count { $0.watch != nil }
  }

  /// Whether the rows that a watch shows are known; if not they are searched, and the watch is
  /// pushed once they are found.
  func hasWindow(_ watch: Watch, of connection: ClientConnection) -> Bool {
    guard let (query, filter) = watch.wantedRows else { return true }
    guard watch.question == nil else { return false }
    let question = observer.question(
      query, filter, following: watch.request?.follow, locating: watch.request?.locate)
    watch.begin(question)
    let number = connection.number
    var isLater = false
    proceed { [unowned self] deadline in
      guard let connection = connections[number], connection.watch === watch,
        watch.question === question
      else { return true }
      guard let window = question.step(until: deadline) else { return false }
      watch.take(window)
      if isLater { pushSoon(connection) }
      return true
    }
    isLater = true
    return watch.wantedRows == nil
  }

  /// Fetches from reactors what the next picture may need, after one was made.
  func pictureMade() {
    refreshGroups()
    // Rates are measured for a console that looks at sessions, so that they are known when it shows
    // them.
    if connections.values.contains(where: { connection in
      connection.watch?.request.map { $0.sessions != nil || $0.details != nil } ?? false
    }) {
      observer.wantRates(at: reactor.now)
    }
    if !observer.rooms.isFetching, let wish = observer.wantedRooms(at: reactor.now) {
      fetchRooms(wish) { loop, _ in loop.refreshWatches() }
    }
    guard connections.values.contains(where: { $0.watch?.request?.wantsLimits ?? false }) else {
      return
    }
    fetchSessionLimits()
  }

  /// Shows a change of limits on the watches at once.
  func limitsChanged() {
    sessionLimits.invalidate()
    fetchSessionLimits()
    refreshWatches()
  }

  /// Asks a session's reactor for the details that a watch shows.
  func askForDetails(_ watch: Watch, of connection: ClientConnection) {
    guard let id = watch.beginAsking() else { return }
    let number = connection.number
    context.run { [context] in
      let particulars = await context.server.particulars(of: id)
      context.post { loop in
        guard let connection = loop.connections[number], let watch = connection.watch else {
          return
        }
        let isFirst = watch.particulars == nil
        watch.take(particulars, of: id)
        if isFirst { loop.pushSoon(connection) }
      }
    }
  }

  private func fetchSessionLimits() {
    guard sessionLimits.beginFetching(at: reactor.now) else { return }
    context.run { [context] in
      let rows = await context.server.sessionLimitRows().map(LimitRow.init)
      context.post { loop in
        let isNews = rows != loop.sessionLimits.rows
        if loop.sessionLimits.take(rows, at: loop.reactor.now) { loop.fetchSessionLimits() }
        if isNews { loop.refreshWatches() }
      }
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

extension SessionDetails {
  /// The longest value of a header that is shown, in bytes.
  static let maximumHeaderByteCount = 1024

  /// The details of a session.
  ///
  /// - Parameter particulars: the answer of its reactor; nil if it has not answered.
  init(
    _ session: ObservedSession, _ particulars: SessionParticulars?, run: String,
    at moment: Moment
  ) {
    var row = SessionRow(session, at: moment)
    row.path = session.profile.path
    self.init(
      engine: run, row: row, query: session.profile.query,
      subprotocol: session.profile.subprotocol,
      headers: session.profile.headers.map {
        Header(name: $0.name, value: $0.value.cut(to: Self.maximumHeaderByteCount))
      },
      rooms: particulars?.rooms ?? [],
      limits: (particulars?.limits ?? []).map(LimitRow.init),
      tlsVersion: particulars?.tls.map { "\($0.version) \($0.cipher)" },
      tlsResumed: particulars?.tls?.isResumed, serverName: particulars?.tls?.serverName,
      clientCertificate: particulars?.tls?.peerSubject,
      compression: particulars?.compression.map { SessionCompression($0, session.sample) },
      listener: session.profile.listener, via: session.profile.via,
      lastRoundTripMilliseconds: session.sample.roundTripLast.map { Double($0) * 1e-6 })
  }
}

extension SessionCompression {
  /// The negotiated parameters, and the ratios so far.
  init(_ parameters: DeflateParameters, _ sample: SessionSample) {
    func ratio(_ payload: Int, _ wire: Int) -> Double? {
      payload == 0 || wire == 0 ? nil : Double(payload) / Double(wire)
    }
    self.init(
      mode: MessageCompression.isDedicated(parameters) ? .dedicated : .shared,
      parameters: parameters.description, ratioIn: ratio(sample.bytesIn, sample.wireIn),
      ratioOut: ratio(sample.bytesOut, sample.wireOut))
  }
}
