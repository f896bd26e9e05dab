package import ControlProtocol
package import Vocabulary

/// The acts that go on, whoever began them, and those of this console whose end it has yet to tell.
package struct ShownActs: Equatable, Sendable {
  /// The acts as the engine told of them last, in the order of their numbers.
  package private(set) var known: [ActStatus] = []
  /// The requests of the acts that this console began and that are not over, by their numbers.
  private var own: [Int: PendingAct] = [:]

  /// Nothing goes on.
  package init() {}

  /// The acts that go on, the newest last.
  package var running: [ActStatus] { known.filter { $0.state == .running } }

  /// What is to be told of an act that is over.
  package struct End: Equatable, Sendable {
    /// The act.
    package var status: ActStatus
    /// The command of this console that began it; nil if somebody else did.
    package var command: String?
    /// The sessions that this console named for it.
    package var sessions: [SessionID] = []
  }

  /// The console has begun an act; gives its end if it is over already.
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

  /// The engine tells of one act, whoever began it; gives its end if that is news.
  package mutating func take(_ status: ActStatus) -> End? {
    guard !known.contains(where: { $0.id == status.id && $0.state != .running }) else { return nil }
    remember(status)
    return status.state == .running ? nil : end(of: status)
  }

  /// The engine tells of its acts; gives those that are over and were not before.
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
