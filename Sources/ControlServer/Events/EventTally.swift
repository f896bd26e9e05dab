internal import ControlProtocol
internal import Vocabulary

/// Sums up events that strangers can cause as often as they like, so that these do not push all
/// others out of the log: the first of a kind is told at once, then one with a count, at most one a
/// second and, while more come, ever more rarely.
struct EventTally {
  /// The kinds of events that are summed up.
  enum Kind: Hashable, CaseIterable {
    /// Processes of users that may not use the control API.
    case refusedUser
    /// Clients of the control API that do not read.
    case droppedClient
  }

  /// The least time between two events of a kind.
  static let shortestPause = Duration.seconds(1)
  /// The greatest time between them, while more come.
  static let longestPause = Duration.seconds(60)

  private struct Line {
    /// How many came since the last event.
    var count = 0
    /// The last of them.
    var message = ""
    var toldAt: Instant
    var pause = shortestPause
  }

  private var lines: [Kind: Line] = [:]

  /// Takes an event.
  ///
  /// - Returns: the event if it is to be told at once.
  mutating func add(_ message: String, of kind: Kind, at now: Instant) -> EventDraft? {
    guard var line = lines[kind] else {
      lines[kind] = Line(toldAt: now)
      return EventDraft(.problem, message)
    }
    line.count += 1
    line.message = message
    lines[kind] = line
    return nil
  }

  /// The events that are due at an instant.
  mutating func events(at now: Instant) -> [EventDraft] {
    var events: [EventDraft] = []
    for kind in Kind.allCases {
      guard var line = lines[kind], line.toldAt.duration(to: now) >= line.pause else { continue }
      guard line.count > 0 else {
        lines[kind] = nil
        continue
      }
      events.append(
        EventDraft(
          .problem, line.count == 1 ? line.message : "\(line.message), the last of \(line.count)"))
      line.pause = min(line.pause * 2, Self.longestPause)
      line.toldAt = now
      line.count = 0
      lines[kind] = line
    }
    return events
  }
}
