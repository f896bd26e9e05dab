/// An act through the control API that closes sessions: one object for all of them, so that a session
/// that closes holds a reference alone.
package final class OperatorAct: Hashable, Sendable {
  /// The person or script that acted.
  package let actor: String
  /// The act's number; nil if it has none.
  package let number: Int?

  /// An act.
  package init(by actor: String, number: Int? = nil) {
    self.actor = actor
    self.number = number
  }

  /// Whether actor and number are the same.
  package static func == (left: OperatorAct, right: OperatorAct) -> Bool {
    left.actor == right.actor && left.number == right.number
  }

  /// Hashes the actor and the number.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(actor)
    hasher.combine(number)
  }
}
