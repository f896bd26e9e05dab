import Vocabulary

/// The instants at which messages are due in paced mode: evenly spaced over all connections, each
/// connection in turn, whatever the server does.
///
/// They follow from the numbers alone, so that a message that cannot be sent in time still has the
/// instant at which it was due: times measured from there are free of coordinated omission.
struct PacedSchedule: Equatable, Sendable {
  /// The instant at which the first message is due.
  let start: Instant
  /// Messages per second, over all connections.
  let perSecond: Double
  /// How many connections take turns.
  let connectionCount: Int

  /// The instant at which a message of a connection is due; both are counted from 0.
  func due(_ message: Int, on connection: Int) -> Instant {
    let place = Double(message) * Double(connectionCount) + Double(connection)
    let nanoseconds = place * (1e9 / perSecond)
    // A place after 292 years never comes.
    guard nanoseconds < 9e18 else { return Instant(nanoseconds: .max) }
    return start.advanced(by: .nanoseconds(Int64(nanoseconds)))
  }
}
