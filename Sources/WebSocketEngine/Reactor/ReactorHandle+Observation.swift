package import Vocabulary

/// The entries that an observer missed of one reactor's journal, and its sessions.
package struct JournalGap: Sendable {
  /// The entries that the journal kept until then.
  package var entries: [SessionJournal.Entry]
  /// The sessions that are open after those entries.
  package var open: [SessionProfile]
  /// The tags of sessions that ever had any.
  package var tags: [SessionID: SessionTags]
}

extension ReactorHandle {
  /// The gap of an observer that began late or fell behind; nil as of `run`.
  ///
  /// It is read on the reactor's thread, so that nothing happens between the entries and the
  /// sessions; the observer takes nothing from the journal until it has the answer.
  package func closeJournalGap() async -> JournalGap? {
    await run { reactor in
      JournalGap(
        entries: reactor.handle.journal.takeAll().entries,
        open: reactor.sessions.values.map(\.profile),
        tags: reactor.sessions.values.reduce(into: [:]) { $0[$1.id] = $1.extras?.tags })
    }
  }

  /// The rooms of every session that is in any, sorted; nil as of `onEverySession`.
  package func roomNames() async -> [SessionID: [String]]? {
    let found = await onEverySession { session in
      session.rooms.isEmpty ? nil : (session.id, session.roomNames)
    }
    return found.map { Dictionary($0) { $1 } }
  }

  /// The rooms of some of its sessions, sorted; nil as of `run`.
  package func roomNames(of ids: Set<SessionID>) async -> [SessionID: [String]]? {
    guard !ids.isEmpty else { return [:] }
    return await run { reactor in
      ids.reduce(into: [:]) { names, id in
        if let session = reactor.sessions[id], !session.rooms.isEmpty {
          names[id] = session.roomNames
        }
      }
    }
  }
}
