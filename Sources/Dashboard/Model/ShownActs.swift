package import ControlProtocol

/// The acts that go on, whoever began them, and those of this console whose end it has yet to tell.
package struct ShownActs: Equatable, Sendable {
  /// The acts as the engine told of them last, in the order of their numbers.
  package private(set) var known: [ActStatus] = []
  /// The commands of the acts that this console began and that are not over, by their numbers.
  private var own: [Int: String] = [:]

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
  }

  /// The console has begun an act; gives its end if it is over already.
  package mutating func begin(_ status: ActStatus, command: String) -> End? {
    let latest = known.first { $0.id == status.id && $0.state != .running } ?? status
    guard latest.state == .running else {
      remember(latest)
      return End(status: latest, command: command)
    }
    own[status.id] = command
    remember(status)
    return nil
  }

  /// The engine tells of its acts; gives those that are over and were not before.
  package mutating func take(_ acts: [ActStatus]) -> [End] {
    let wentOn = Set(running.map(\.id))
    known = acts.sorted { $0.id < $1.id }
    return known.filter { $0.state != .running && wentOn.contains($0.id) }.map {
      End(status: $0, command: own.removeValue(forKey: $0.id))
    }
  }

  private mutating func remember(_ status: ActStatus) {
    known.removeAll { $0.id == status.id }
    known.append(status)
    known.sort { $0.id < $1.id }
  }
}
