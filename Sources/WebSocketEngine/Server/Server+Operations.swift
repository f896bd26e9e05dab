package import EventLoop
package import Vocabulary
package import WebSocketProtocol

/// The outcome of an act on one session.
package enum SessionActOutcome: Hashable, Sendable {
  /// Everything is on its way.
  case done
  /// The message waits behind others in the session's backlog.
  case queued
  /// No such session: it never was, or is closed.
  case noSuchSession
  /// The session is closing.
  case notOpen
  /// The message is over the session's `message-bytes`.
  case tooBig
  /// The session's backlog has no room.
  case backlogFull
  /// The condition did not hold for the session.
  case notMeant
}

/// A message of an operator.
package enum OperatorMessage: Sendable {
  /// A message.
  case message([UInt8], MessageKind)
  /// A ping.
  case ping
}

/// A session's cold details, asked for one session at a time.
package struct SessionParticulars: Sendable {
  /// The pattern of its route.
  package var route: String
  /// The rooms it is in, sorted.
  package var rooms: [String]
  /// Every limit in force for it, with its level.
  package var limits: [EffectiveLimit]
  /// The parameters of its compression; nil if its messages are not compressed.
  package var compression: DeflateParameters?
  /// The parameters by which its connection was secured; nil for a connection in the clear.
  package var tls: TLSDetails?
}

extension Server {
  /// The condition for a session when an act reaches it, checked on its reactor's thread.
  package typealias SessionCondition = @Sendable (Session) -> Bool

  /// Closes sessions at once, as an operator; outcomes are in the order of `ids`.
  ///
  /// - Parameters:
  ///   - isMeant: the condition for each of them; nil: none.
  ///   - act: the operator's act, which their ends name.
  /// - Throws: `CloseError` for a code or reason that must not be sent.
  package func close(
    _ ids: [SessionID], where isMeant: SessionCondition? = nil, code: CloseCode, reason: String,
    act: OperatorAct? = nil
  ) async throws(CloseError) -> [SessionActOutcome] {
    try CloseError.check(code, reason)
    return await onSessions(ids, where: isMeant) {
      { session in
        guard session.phase == .open else { return .notOpen }
        session.closeAtOnce(code, reason: reason, by: .operator, act: act)
        return .done
      }
    }
  }

  /// Sends to sessions, as an operator; outcomes are in the order of `ids`.
  ///
  /// - Parameter isMeant: the condition for each of them; nil: none.
  package func send(
    _ message: OperatorMessage, to ids: [SessionID], where isMeant: SessionCondition? = nil
  ) async -> [SessionActOutcome] {
    await onSessions(ids, where: isMeant) {
      // `prepared` has the message framed, and compressed, once for all sessions that cut it alike.
      var prepared: [Int: Outgoing] = [:]
      return { session in
        do throws(SendError) {
          switch message {
          case .ping: try session.pingNow()
          case .message(let payload, let kind):
            let fragmentByteCount = session.limits.fragmentByteCount
            let outgoing =
              prepared[fragmentByteCount]
              ?? Outgoing(
                pushing: payload.span, as: kind, fragmentByteCount: fragmentByteCount,
                sharedIn: session.reactor.server.admission.buffered)
            prepared[fragmentByteCount] = outgoing
            try session.push(outgoing)
          }
        } catch {
          switch error {
          case .notOpen, .engineStopped: return .notOpen
          case .messageTooBig: return .tooBig
          case .backlogFull: return .backlogFull
          }
        }
        session.flushOutput()
        guard session.phase == .open else { return .notOpen }
        return session.backlogByteCount > 0 ? .queued : .done
      }
    }
  }

  /// The particulars of a session from its reactor; nil if there is no such session.
  package func particulars(of id: SessionID) async -> SessionParticulars? {
    guard id.reactor < reactors.count else { return nil }
    let found: SessionParticulars?? = await reactors[id.reactor].run { reactor in
      reactor.sessions[id].map { session in
        SessionParticulars(
          route: session.route.pattern, rooms: session.roomNames,
          limits: reactor.limits.settings.rows(
            ofSession: id, route: session.route.pattern, overrides: session.overrides),
          compression: session.compression?.parameters, tls: session.connection.tls?.details)
      }
    }
    return found ?? nil
  }

  /// The limits of the engine and its routes, as they hold now.
  package var limitRows: [EffectiveLimit] { limits.inForce.settings.rows() }

  /// The declared limit of a route, which holds where nothing is set.
  package func declaredLimit(_ key: LimitKey, forRoute route: String) -> LimitValue? {
    limits.inForce.settings.declaredValue(key, forRoute: route)
  }

  /// The limits of single sessions, of at most 1 000 sessions of a reactor.
  ///
  /// - Complexity: O(*k* log *k*) in the sessions that have any.
  package func sessionLimitRows() async -> [EffectiveLimit] {
    var rows: [EffectiveLimit] = []
    for handle in reactors {
      let found = await handle.run { reactor in
        reactor.overriding.sorted().prefix(Self.maximumOverridingCount).compactMap { id in
          reactor.sessions[id].map { (id: id, route: $0.route.pattern, overrides: $0.overrides) }
        }
      }
      for one in found ?? [] {
        rows += limits.inForce.settings.rows(
          ofSession: one.id, route: one.route, overrides: one.overrides
        ).filter { $0.level == .session(one.id) }
      }
    }
    return rows
  }

  /// The most sessions of one reactor whose own limits are listed.
  private static let maximumOverridingCount = 1000

  /// Whether there is a route with a pattern.
  package func hasRoute(_ pattern: UTF8Name) -> Bool {
    routePatterns.contains { UTF8Name($0) == pattern }
  }

  /// The sessions that have a setting of their own for a limit.
  ///
  /// - Parameter route: those of one route only; nil: all.
  /// - Complexity: O(*k*) in the sessions that have any.
  package func sessions(thatSet key: LimitKey, of route: UTF8Name?) async -> Set<SessionID> {
    var ids: Set<SessionID> = []
    for handle in reactors {
      let found = await handle.run { reactor in
        reactor.overriding.filter { id in
          guard let session = reactor.sessions[id], session.overrides[key] != nil else {
            return false
          }
          return route.map { $0 == UTF8Name(session.route.pattern) } ?? true
        }
      }
      ids.formUnion(found ?? [])
    }
    return ids
  }

  /// Changes limits, all or none; on return every open session lives under them.
  ///
  /// - Returns: false if the level names a route or session that does not exist.
  /// - Throws: `LimitError` for a value or a scope that does not fit.
  package func changeLimits(
    _ changes: LimitAssignments, at level: LimitLevel, origin: LimitOrigin = .operator
  ) async throws(LimitError) -> Bool {
    let route: String?
    switch level {
    case .session(let id): return try await changeLimits(changes, ofSession: id, origin: origin)
    case .route(let pattern):
      guard hasRoute(pattern) else { return false }
      route = pattern.text
    case .engine: route = nil
    }
    let inForce = try limits.apply(changes, route: route, origin: origin)
    admission.setLimits(inForce.engine)
    // `adopt` takes the limits in force when it runs: of two changes at once the last one stays.
    for handle in reactors {
      _ = await handle.run { $0.adopt($0.server.limits.inForce) }
    }
    return true
  }

  private func changeLimits(
    _ changes: LimitAssignments, ofSession id: SessionID, origin: LimitOrigin
  ) async throws(LimitError) -> Bool {
    guard id.reactor < reactors.count else { return false }
    let result: Result<Bool, LimitError>? = await reactors[id.reactor].run { reactor in
      guard let session = reactor.sessions[id] else { return .success(false) }
      var overrides = session.overrides
      do throws(LimitError) {
        try overrides.apply(changes, at: .session(id), origin: origin)
      } catch {
        return .failure(error)
      }
      session.setOverrides(overrides)
      return .success(true)
    }
    return try result?.get() ?? false
  }

  /// How many sessions of one reactor an act hits in one turn.
  package static let maximumActCount = 256

  /// Runs a body for each session on its reactor, reactors side by side and each a bounded number a
  /// turn, and gives the outcomes in the order of `ids`.
  ///
  /// - Parameter prepare: makes the body, once for each turn of a reactor.
  private func onSessions(
    _ ids: [SessionID], where isMeant: SessionCondition?,
    _ prepare: @escaping @Sendable () -> (Session) -> SessionActOutcome
  ) async -> [SessionActOutcome] {
    var outcomes: [SessionID: SessionActOutcome] = [:]
    let idsByReactor = Dictionary(grouping: Set(ids), by: \.reactor)
    await withTaskGroup(of: [SessionID: SessionActOutcome].self) { group in
      for (index, ids) in idsByReactor where index < reactors.count {
        group.addTask { [handle = reactors[index]] in
          var outcomes: [SessionID: SessionActOutcome] = [:]
          var rest = ids.sorted()[...]
          while !rest.isEmpty {
            let slice = rest.prefix(Self.maximumActCount)
            rest = rest.dropFirst(Self.maximumActCount)
            let part = await handle.run { reactor in
              let body = prepare()
              return slice.compactMap { id in
                reactor.sessions[id].map { session in
                  (id, isMeant?(session) ?? true ? body(session) : .notMeant)
                }
              }
            }
            for (id, outcome) in part ?? [] { outcomes[id] = outcome }
          }
          return outcomes
        }
      }
      for await part in group { outcomes.merge(part) { $1 } }
    }
    return ids.map { outcomes[$0] ?? .noSuchSession }
  }
}
