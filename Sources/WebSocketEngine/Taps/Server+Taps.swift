package import Vocabulary

extension Server {
  /// Whether a session that has just been opened is tapped; called on its reactor's thread.
  package typealias TapAdmission = @Sendable (SessionProfile, SessionFlags) -> Bool

  /// How many sessions are attached or detached in one turn of a reactor.
  private static let tapSliceCount = 500

  /// Makes a tap known to the reactors; on return every session that opens is looked at.
  ///
  /// - Parameter admits: whether a session that opens is tapped from its first message on; nil:
  ///   only those that are attached are.
  package func begin(
    _ tap: Tap, _ criteria: TapCriteria, admitting admits: TapAdmission? = nil
  ) async {
    for share in reactors { _ = await share.run { $0.taps.begin(tap, criteria, admits) } }
  }

  /// Makes a tap take other messages from here on.
  package func change(_ tap: Tap, to criteria: TapCriteria) {
    for share in reactors { share.post { $0.taps.change(tap, to: criteria) } }
  }

  /// Taps one session; false if there is no such session.
  package func attach(_ tap: Tap, to id: SessionID) async -> Bool {
    guard id.reactor < reactors.count else { return false }
    return await reactors[id.reactor].run { reactor in
      reactor.sessions[id].map { reactor.taps.attach($0, to: tap) } ?? false
    } ?? false
  }

  /// Taps sessions, and takes others from the tap: soon, a slice a turn.
  package func attach(_ tap: Tap, to added: [SessionID], detachingFrom removed: [SessionID] = []) {
    for (index, ids) in Dictionary(grouping: added, by: \.reactor) where index < reactors.count {
      Self.forEach(ids[...], on: reactors[index]) { session in
        _ = session.reactor.taps.attach(session, to: tap)
      }
    }
    for (index, ids) in Dictionary(grouping: removed, by: \.reactor) where index < reactors.count {
      Self.detach(ids[...], from: tap, on: reactors[index])
    }
  }

  /// Ends a tap.
  package func end(_ tap: Tap) {
    for share in reactors {
      share.post { Self.detach($0.taps.end(tap)[...], from: tap, on: $0.share) }
    }
  }

  private static func detach(_ ids: ArraySlice<SessionID>, from tap: Tap, on share: ReactorShare) {
    forEach(ids, on: share) { $0.reactor.taps.detach($0, from: tap) }
  }

  private static func forEach(
    _ ids: ArraySlice<SessionID>, on share: ReactorShare,
    _ body: @escaping @Sendable (Session) -> Void
  ) {
    guard !ids.isEmpty else { return }
    share.post { reactor in
      for id in ids.prefix(tapSliceCount) { reactor.sessions[id].map(body) }
      forEach(ids.dropFirst(tapSliceCount), on: share, body)
    }
  }
}
