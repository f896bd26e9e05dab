package import ControlProtocol
package import Vocabulary

/// A request whose reply is yet to come.
package struct PendingAct: Equatable, Sendable {
  /// What it does.
  package var kind: Kind
  /// The command line that does the same.
  package var command: String
  /// The sessions that it names.
  package var sessions: [SessionID] = []

  /// What a request does.
  package enum Kind: Equatable, Sendable {
    /// Closes sessions.
    case close
    /// Sends a message or a ping.
    case send
    /// Sets a limit, from a value to another; perhaps for a time.
    case setLimit(LimitKey, old: String, new: String, revertAfter: String? = nil)
    /// Takes a limit's setting away.
    case unsetLimit(LimitKey, scope: String)
    /// Keeps a limit that would revert.
    case keepLimit(LimitKey)
    /// Asks what the change in the dialog would do.
    case previewLimit(LimitChange)
    /// Asks what an act would hit, for the dialog.
    case preview
    /// Begins an act that goes on.
    case follow
    /// Ends one.
    case abort
    /// Anything else that a typed command asks for.
    case other
  }
}
