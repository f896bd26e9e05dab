package import ControlProtocol
import Vocabulary

/// What an act on sessions did, in one line: `closed 2, 1 had already gone`.
package struct ActSummary: Equatable, Sendable {
  /// The line.
  package var text: String
  /// Whether every session that was named was acted on.
  package var isComplete: Bool

  /// The line for a result.
  package init(_ result: ActResult, of kind: PendingAct.Kind) {
    func count(_ outcome: SessionOutcome.Outcome) -> Int {
      result.outcomes.count { $0.outcome == outcome }
    }
    let isClose = kind == .close
    let acted = count(.done) + count(.queued)
    var parts: [String] = []
    if acted > 0 {
      parts.append((isClose ? "closed " : "sent to ") + QuantityText.readableCount(acted))
      if count(.queued) > 0, !isClose {
        parts[0] += " (\(QuantityText.readableCount(count(.queued))) wait in the backlog)"
      }
    }
    let rest: [(SessionOutcome.Outcome, String)] = [
      (.noSuchSession, "had already gone"), (.notOpen, "not open"),
      (.tooBig, "over message-bytes"), (.backlogFull, "with a full backlog"),
    ]
    for (outcome, words) in rest where count(outcome) > 0 {
      parts.append("\(QuantityText.readableCount(count(outcome))) \(words)")
    }
    if parts.isEmpty { parts = [isClose ? "closed none" : "sent to none"] }
    text = parts.joined(separator: ", ")
    isComplete = acted == result.outcomes.count && acted > 0
  }
}
