internal import ControlProtocol
internal import Vocabulary

extension ActSentence {
  /// The result of a change of limits: each value before and after, and its effects.
  static func change(
    _ plan: LimitPlan, _ request: LimitChange, _ outcome: LimitOutcome
  ) -> String {
    var text = plan.items.map { change($0.key, from: $0.old, to: $0.new) }.joined(separator: ", ")
    text += place(plan.scope)
    if request.over == .close {
      text +=
        ", closed \(sessions(outcome.closed)) over it, \((request.order ?? .largest).rawValue) first"
    } else if outcome.kept > 0 {
      text += ", kept \(sessions(outcome.kept)) over it"
    }
    if outcome.cancelledReverts > 0 { text += ", for good: it was to revert before" }
    if let time = request.revertAfter { text += ", reverts in \(time)" }
    return text
  }

  /// The result of keeping limits.
  static func keep(_ trials: [LimitReverts.Trial]) -> String {
    "kept "
      + trials.map { trial in
        name(trial.place) + " at " + (trial.tried.map(trial.place.key.text(of:)) ?? "no setting")
      }.joined(separator: ", ")
  }

  /// The result of a revert.
  static func reverted(
    _ trial: LimitReverts.Trial, from old: LimitValue, to new: LimitValue
  ) -> String {
    change(trial.place.key, from: old, to: new) + place(trial.place.scope)
      + ", reverted: nobody kept it"
  }

  /// The message that a revert was not done, since the limit was changed meanwhile.
  static func notReverted(_ trial: LimitReverts.Trial, now value: LimitValue) -> String {
    "\(name(trial.place)) was not reverted: it was changed to "
      + "\(trial.place.key.text(of: value)) meanwhile"
  }

  /// The failure of a revert.
  static func notReverted(_ trial: LimitReverts.Trial, because reason: String) -> String {
    "\(name(trial.place)) could not be reverted: \(reason)"
  }

  private static func change(
    _ key: LimitKey, from old: LimitValue, to new: LimitValue
  ) -> String {
    "\(key.rawValue) \(key.text(of: old)) → \(key.text(of: new))"
  }

  private static func name(_ place: LimitReverts.Place) -> String {
    place.key.rawValue + Self.place(place.scope)
  }

  private static func place(_ scope: LimitScope) -> String {
    switch scope {
    case .engine: ""
    case .route(let pattern): " for route \(pattern)"
    case .session(let id): " for session \(id)"
    }
  }

  private static func sessions(_ count: Int) -> String {
    "\(count) session\(count == 1 ? "" : "s")"
  }
}
