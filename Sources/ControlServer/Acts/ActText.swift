internal import ControlProtocol
internal import Vocabulary

/// The sentences that the event log has for acts.
enum ActText {
  /// What a close did.
  static func close(_ request: CloseRequest, _ outcomes: [SessionOutcome]) -> String {
    let code = request.code ?? .normalClosure
    let reason = request.reason ?? ""
    return "closed \(count(outcomes) { $0 == .done }) with \(code.rawValue)"
      + (reason.isEmpty ? "" : " \"\(reason)\"")
  }

  /// What a send did.
  static func send(_ payload: SendRequest.Payload, _ outcomes: [SessionOutcome]) -> String {
    let what =
      switch payload {
      case .text(let text): "text of \(QuantityText.readableBytes(text.utf8.count))"
      case .binary(let bytes): "a binary message of \(QuantityText.readableBytes(bytes.count))"
      case .ping: "a ping"
      }
    return "sent \(what) to \(count(outcomes) { $0 == .done || $0 == .queued })"
  }

  /// What a reload of certificates did.
  static func reload(_ count: Int) -> String {
    "reloaded \(count) certificate\(count == 1 ? "" : "s")"
  }

  /// Why a reload of certificates did nothing.
  static func certificatesKept(_ reason: String) -> String {
    "the certificates were not reloaded, and the old ones stay: \(reason)"
  }

  /// What a change of limits did: each value before and after.
  static func change(
    _ keys: [LimitKey], from old: [LimitRow], to new: [LimitRow], at scope: LimitScope
  ) -> String {
    let changes = keys.map { key in
      let (before, after) = (value(key, in: old, at: scope), value(key, in: new, at: scope))
      return "\(key.rawValue) \(before) → \(after)"
    }
    let place =
      switch scope {
      case .engine: ""
      case .route(let pattern): " for route \(pattern)"
      case .session(let id): " for session \(id)"
      }
    return changes.joined(separator: ", ") + place
  }

  /// The value that holds at a scope: its own setting, else the engine's.
  private static func value(_ key: LimitKey, in rows: [LimitRow], at scope: LimitScope) -> String {
    let rows = rows.filter { $0.key == key }
    let row = rows.first { $0.scope == scope } ?? rows.first { $0.scope == .engine } ?? rows.first
    return row?.value ?? "–"
  }

  private static func count(
    _ outcomes: [SessionOutcome], where isHit: (SessionOutcome.Outcome) -> Bool
  ) -> String {
    let hits = outcomes.count { isHit($0.outcome) }
    if outcomes.count == 1, let first = outcomes.first, hits == 1 { return first.id.description }
    return "\(hits) of \(outcomes.count) session\(outcomes.count == 1 ? "" : "s")"
  }
}
