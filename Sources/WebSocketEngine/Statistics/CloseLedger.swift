import Synchronization
package import Vocabulary

/// The ends of sessions and the refusals of handshakes: exact counts for the whole engine.
///
/// Any thread counts, behind a mutex, when a session closes or a handshake is refused and at no
/// other time. No count is ever lost: a reason beyond the table's bound is counted as `other`.
package final class CloseLedger: Sendable {
  /// How many sessions were closed with a code by one kind of initiator.
  package struct Close: Hashable, Sendable {
    /// The close code; 1005 and 1006 where none was sent.
    package var code: CloseCode
    /// The initiator.
    package var initiator: CloseInitiator.Kind
    /// How many.
    package var count: Int
  }

  /// How many handshakes were refused for one reason with one status.
  package struct Refusal: Hashable, Sendable {
    /// The reason's term, such as `no-route`.
    package var reason: String
    /// The HTTP status of the response; 0 for a connection whose TLS handshake failed.
    package var status: Int
    /// How many.
    package var count: Int
  }

  /// All counts at one moment.
  package struct Snapshot: Hashable, Sendable {
    /// The closes, in the order of codes, then of initiators.
    package var closes: [Close] = []
    /// The refusals, in the order of reasons, then of statuses.
    package var refusals: [Refusal] = []

    /// Handshakes ever refused.
    package var refusalCount: Int { refusals.reduce(0) { $0 + $1.count } }
  }

  /// How many different reasons have rows of their own.
  package static let maximumReasonCount = 64
  /// The reason that stands for all later ones.
  package static let otherReason = "other"

  private struct CloseKey: Hashable {
    var code: CloseCode
    var initiator: CloseInitiator.Kind
  }

  private struct RefusalKey: Hashable {
    var reason: String
    var status: Int
  }

  private struct Counts {
    var closes: [CloseKey: Int] = [:]
    var refusals: [RefusalKey: Int] = [:]
    var reasons: Set<String> = []
  }

  private let counts = Mutex(Counts())

  /// An empty ledger.
  package init() {}

  /// Counts a closed session.
  package func recordClose(_ code: CloseCode, by initiator: CloseInitiator) {
    let key = CloseKey(code: code, initiator: initiator.kind)
    counts.withLock { $0.closes[key, default: 0] += 1 }
  }

  /// Counts a refused handshake.
  ///
  /// - Parameters:
  ///   - reason: a term from the program, not text from the network.
  ///   - status: the HTTP status of the response; 0 if there is none.
  package func recordRefusal(_ reason: String, status: Int) {
    counts.withLock { counts in
      var kept = reason
      if !counts.reasons.contains(reason) {
        if counts.reasons.count < Self.maximumReasonCount {
          counts.reasons.insert(reason)
        } else {
          kept = Self.otherReason
        }
      }
      counts.refusals[RefusalKey(reason: kept, status: status), default: 0] += 1
    }
  }

  /// All counts.
  ///
  /// - Complexity: O(n log n) in the number of rows.
  package func snapshot() -> Snapshot {
    let counts = counts.withLock { $0 }
    return Snapshot(
      closes: counts.closes
        .map { Close(code: $0.code, initiator: $0.initiator, count: $1) }
        .sorted { ($0.code, $0.initiator) < ($1.code, $1.initiator) },
      refusals: counts.refusals
        .map { Refusal(reason: $0.reason, status: $0.status, count: $1) }
        .sorted { ($0.reason, $0.status) < ($1.reason, $1.status) })
  }
}
