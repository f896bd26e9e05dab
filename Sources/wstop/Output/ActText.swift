import ControlProtocol
import Vocabulary

/// The outcome of an act on sessions, as text.
enum ActText {
  /// Shows the outcome of each session, and fails if one was not reached.
  ///
  /// - Parameter verb: The participle for sessions that were reached.
  static func show(
    _ reply: ControlReply, verb: String, _ output: OutputOptions
  ) throws(CommandFailure) {
    guard case .act(let result) = reply else { throw .unexpectedAnswer }
    output.show(result, as: table(result))
    if let failure = failure(result, verb: verb) { throw failure }
  }

  static func table(_ result: ActResult) -> Table {
    Table(
      columns: [.fixed("ID"), .left("OUTCOME")],
      rows: result.outcomes.map { one in
        [
          Table.Cell(one.id.description),
          Table.Cell(sentence(one.outcome), plain: one.outcome.rawValue),
        ]
      })
  }

  /// The failure of an act that did not reach all of its sessions, in one line.
  static func failure(_ result: ActResult, verb: String) -> CommandFailure? {
    let missed = result.outcomes.filter { $0.outcome != .done && $0.outcome != .queued }
    guard let first = missed.first else { return nil }
    let reason = "\(first.id): \(sentence(first.outcome))"
    guard result.outcomes.count > 1 else {
      return CommandFailure(reason, exitCode: CommandFailure.refused)
    }
    let reached = result.outcomes.count - missed.count
    return CommandFailure(
      "\(verb) \(reached) of \(result.outcomes.count) sessions; \(reason)"
        + (missed.count > 1 ? ", and others" : ""), exitCode: CommandFailure.refused)
  }

  private static func sentence(_ outcome: SessionOutcome.Outcome) -> String {
    switch outcome {
    case .done: "done"
    case .queued: "queued behind its backlog"
    case .noSuchSession: "no such session"
    case .notOpen: "the session is not open"
    case .tooBig: "the message is over the session's message-bytes"
    case .backlogFull: "the session's backlog has no room"
    case .noLongerMatches: "no longer matches"
    }
  }
}
