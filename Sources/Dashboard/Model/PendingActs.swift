package import Vocabulary

/// Requests whose replies are yet to come.
package struct PendingActs: Equatable, Sendable {
  /// What was asked for, by tag.
  package var acts: [Int: PendingAct] = [:]
  /// The tag of the next request.
  package var nextTag = 1

  /// Nothing is pending.
  package init() {}

  /// Notes a request; returns its tag.
  package mutating func add(_ act: PendingAct) -> Int {
    let tag = nextTag
    nextTag += 1
    acts[tag] = act
    return tag
  }
}

/// A request whose reply is yet to come.
package struct PendingAct: Equatable, Sendable {
  /// What it does.
  package var kind: Kind
  /// The command line that does the same.
  package var command: String

  /// What a request does.
  package enum Kind: Equatable, Sendable {
    /// Closes sessions.
    case close
    /// Sends a message or a ping.
    case send
    /// Sets a limit, from a value to another.
    case setLimit(LimitKey, old: String, new: String)
    /// Takes a limit's setting away.
    case unsetLimit(LimitKey, scope: String)
  }
}
