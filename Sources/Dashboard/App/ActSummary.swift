package import ControlProtocol
import Vocabulary

/// The outcome of an act on sessions in one line: `closed 2, 1 had already gone`.
package struct ActSummary: Equatable, Sendable {
  /// The line.
  package var text: String
  /// Whether the act reached every session that was named.
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
    parts += Self.failures(count)
    if parts.isEmpty { parts = [isClose ? "closed none" : "sent to none"] }
    text = parts.joined(separator: ", ")
    isComplete = acted == result.outcomes.count && acted > 0
  }

  /// The line for an act that is running or over: `closed 410 of 412, 2 had already gone`.
  package init(_ status: ActStatus) {
    let verb = status.kind == .close ? "closed" : "sent to"
    var parts = [
      "\(verb) \(QuantityText.readableCount(status.hitCount)) of "
        + QuantityText.readableCount(status.count)
    ]
    if status.queued > 0 {
      parts.append("\(QuantityText.readableCount(status.queued)) of them wait in the backlog")
    }
    parts += Self.failures { status.failed[$0] }
    if status.state == .aborted {
      parts.append("aborted: \(QuantityText.readableCount(status.leftCount)) left alone")
    }
    if let previewed = status.previewed, previewed != status.count {
      parts.append("the preview had counted \(QuantityText.readableCount(previewed))")
    }
    text = parts.joined(separator: ", ")
    isComplete = status.hitCount == status.count && status.count > 0
  }

  /// The line for a running act: `closing 120 of 412 at 50/s, 2 had already gone`.
  package static func progress(_ status: ActStatus) -> String {
    let verb = status.kind == .close ? "closing" : "sending to"
    var parts = [
      "\(verb) \(QuantityText.readableCount(status.doneCount)) of "
        + QuantityText.readableCount(status.count)
        + (status.rate.map { " at " + QuantityText.exactPerSecond($0) } ?? "")
    ]
    parts += failures { status.failed[$0] }
    return parts.joined(separator: ", ")
  }

  /// The sessions that the act did not reach, by the reason.
  private static func failures(_ count: (SessionOutcome.Outcome) -> Int) -> [String] {
    let reasons: [(SessionOutcome.Outcome, String)] = [
      (.noSuchSession, "had already gone"), (.notOpen, "not open"),
      (.tooBig, "over message-bytes"), (.backlogFull, "with a full backlog"),
      (.noLongerMatches, "no longer matched"),
    ]
    return reasons.compactMap { outcome, words in
      let number = count(outcome)
      return number > 0 ? "\(QuantityText.readableCount(number)) \(words)" : nil
    }
  }
}
