package import Vocabulary

extension Server {
  /// Whether a session that has just been opened is tapped; called on its reactor's thread.
  package typealias TapAdmission = @Sendable (SessionProfile, SessionFlags) -> Bool

  /// How many sessions are attached or detached in one turn of a reactor.
  private static let tapSliceCount = 500

  /// Makes a tap known to the reactors; on return every session that opens is looked at.
  ///
  /// - Parameter admits: whether a session that opens is tapped from its first message on; nil:
  ///   only attached sessions are.
  package func begin(
    _ tap: Tap, _ criteria: TapCriteria, admitting admits: TapAdmission? = nil
  ) async {
    for handle in reactors { _ = await handle.run { $0.taps.begin(tap, criteria, admits) } }
  }

  /// Changes the messages that a tap takes from here on.
  package func change(_ tap: Tap, to criteria: TapCriteria) {
    for handle in reactors { handle.post(isUrgent: true) { $0.taps.change(tap, to: criteria) } }
  }

  /// Taps one session; false if there is no such session.
  package func attach(_ tap: Tap, to id: SessionID) async -> Bool {
    guard id.reactor < reactors.count else { return false }
    return await reactors[id.reactor].run { reactor in
      reactor.sessions[id].map { reactor.taps.attach($0, to: tap) } ?? false
    } ?? false
  }

  /// Taps sessions, and takes others from the tap: soon, a slice a turn.
  ///
  /// The last wish for a session counts.
  package func attach(_ tap: Tap, to added: [SessionID], detachingFrom removed: [SessionID] = []) {
    var wishes: [Int: [SessionID: Bool]] = [:]
    for id in added { wishes[id.reactor, default: [:]][id] = true }
    for id in removed { wishes[id.reactor, default: [:]][id] = false }
    for (index, wishes) in wishes where index < reactors.count {
      reactors[index].post(isUrgent: true) { reactor in
        if reactor.taps.add(wishes, of: tap) { Self.fulfilWishes(of: tap, on: reactor) }
      }
    }
  }

  private static func fulfilWishes(of tap: Tap, on reactor: SessionReactor) {
    for (id, isWanted) in reactor.taps.takeWishes(of: tap, maximumCount: tapSliceCount) {
      guard let session = reactor.sessions[id] else { continue }
      if isWanted {
        _ = reactor.taps.attach(session, to: tap)
      } else {
        reactor.taps.detach(session, from: tap)
      }
    }
    // Wishes that a full mailbox refuses are fulfilled with the next ones.
    let isFulfilling =
      reactor.taps.hasWishes(of: tap) && reactor.handle.post { fulfilWishes(of: tap, on: $0) }
    reactor.taps.setFulfilling(isFulfilling, of: tap)
  }

  /// Ends a tap.
  package func end(_ tap: Tap) {
    for handle in reactors {
      handle.post(isUrgent: true) { Self.detach($0.taps.end(tap)[...], from: tap, on: $0.handle) }
    }
  }

  private static func detach(_ ids: ArraySlice<SessionID>, from tap: Tap, on handle: ReactorHandle)
  {
    guard !ids.isEmpty else { return }
    handle.post(isUrgent: true) { reactor in
      for id in ids.prefix(tapSliceCount) {
        if let session = reactor.sessions[id] { reactor.taps.detach(session, from: tap) }
      }
      detach(ids.dropFirst(tapSliceCount), from: tap, on: handle)
    }
  }
}
