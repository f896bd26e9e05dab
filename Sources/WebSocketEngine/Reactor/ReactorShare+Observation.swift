package import Vocabulary

/// What an observer missed of one reactor's journal.
package struct JournalGap: Sendable {
  /// What the journal kept until then.
  package var entries: [SessionJournal.Entry]
  /// The sessions that are open after those entries.
  package var open: [SessionProfile]
}

extension ReactorShare {
  /// What an observer needs that began late or fell behind; nil if the engine has stopped.
  ///
  /// It is read on the reactor's thread, so that nothing happens between the entries and the
  /// sessions; the observer takes nothing from the journal until it has the answer. The sessions'
  /// listeners are not known any more.
  package func closeJournalGap() async -> JournalGap? {
    await run { reactor in
      JournalGap(
        entries: reactor.share.journal.takeAll().entries,
        open: reactor.sessions.values.map { session in
          let openedAt = reactor.slab.read(session.record)?.identity.openedAt ?? 0
          return SessionProfile(
            id: session.id, record: session.record, route: session.route.pattern,
            request: session.request, subprotocol: session.subprotocol, listener: "",
            openedAt: Double(openedAt) * 1e-9)
        })
    }
  }

  /// The rooms of every session that is in any, sorted; nil if the engine has stopped.
  package func roomNames() async -> [SessionID: [String]]? {
    await run { reactor in
      reactor.sessions.values.reduce(into: [:]) { names, session in
        if !session.rooms.isEmpty { names[session.id] = session.roomNames }
      }
    }
  }
}
