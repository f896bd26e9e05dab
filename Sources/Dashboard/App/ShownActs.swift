package import ControlProtocol
package import Vocabulary

/// The running acts, and those begun here whose end is yet to be shown.
package struct ShownActs: Equatable, Sendable {
  /// The acts as the engine listed them last, in the order of their numbers.
  package private(set) var known: [ActStatus] = []
  /// The requests of the unfinished acts that this console began, by their numbers.
  private var own: [Int: PendingAct] = [:]

  /// No acts.
  package init() {}

  /// The running acts, the newest last.
  package var running: [ActStatus] { known.filter { $0.state == .running } }

  /// The end of an act, for the notice.
  package struct End: Equatable, Sendable {
    /// The act.
    package var status: ActStatus
    /// The command of this console that began it; nil if it began elsewhere.
    package var command: String?
    /// The sessions that this console named for it.
    package var sessions: [SessionID] = []
  }

  /// Notes an act that this console began; returns its end if it is over already.
  package mutating func begin(_ status: ActStatus, _ request: PendingAct) -> End? {
    let latest = known.first { $0.id == status.id && $0.state != .running } ?? status
    guard latest.state == .running else {
      remember(latest)
      return End(status: latest, command: request.command, sessions: request.sessions)
    }
    own[status.id] = request
    remember(status)
    return nil
  }

  /// Takes the status of one act; returns its end if that is news.
  package mutating func take(_ status: ActStatus) -> End? {
    guard !known.contains(where: { $0.id == status.id && $0.state != .running }) else { return nil }
    remember(status)
    return status.state == .running ? nil : end(of: status)
  }

  /// Takes the engine's list of acts; returns those that have ended since the last.
  package mutating func take(_ acts: [ActStatus]) -> [End] {
    let wentOn = Set(running.map(\.id))
    known = acts.sorted { $0.id < $1.id }
    return known.filter { $0.state != .running && wentOn.contains($0.id) }.map { end(of: $0) }
  }

  private mutating func end(of status: ActStatus) -> End {
    let request = own.removeValue(forKey: status.id)
    return End(status: status, command: request?.command, sessions: request?.sessions ?? [])
  }

  private mutating func remember(_ status: ActStatus) {
    known.removeAll { $0.id == status.id }
    known.append(status)
    known.sort { $0.id < $1.id }
  }
}
