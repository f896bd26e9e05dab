package import ControlProtocol
package import Vocabulary

/// A request whose reply is yet to come.
package struct PendingAct: Equatable, Sendable {
  /// The kind of the request.
  package var kind: Kind
  /// The command line that does the same.
  package var command: String
  /// The sessions that it names.
  package var sessions: [SessionID] = []

  /// The kinds of requests.
  package enum Kind: Equatable, Sendable {
    /// Closes sessions.
    case close
    /// Sends a message or a ping.
    case send
    /// Sets a limit from a value to another, for a time if `revertAfter` is given.
    case setLimit(
      LimitKey, scope: LimitScope, old: String, new: String, revertAfter: String? = nil)
    /// Unsets a limit.
    case unsetLimit(LimitKey, scope: String)
    /// Keeps a limit that would revert.
    case keepLimit(LimitKey)
    /// Asks for the forecast of the change in the dialog.
    case previewLimit(LimitChange)
    /// Asks for the preview of an act, for the dialog.
    case preview
    /// Begins a paced act.
    case follow
    /// Aborts an act.
    case abort
    /// Any other request of a typed command.
    case other
  }
}
