internal import ControlProtocol

/// The outcome of reopening the file of the engine's log, which a rotation of logs asks for.
struct LogReopening: Sendable {
  /// The file's path, for display; nil if it could not be opened.
  let path: String?
  /// The reason why it could not be opened: the log goes to the old file then.
  let failure: String?

  /// Opens the file; nil if the log goes to none.
  init?(_ settings: ControlSettings) {
    guard let reopen = settings.reopenLog else { return nil }
    do {
      path = try reopen()
      failure = nil
    } catch {
      path = nil
      failure = "the log was not opened again, and goes to the old file: \(error)"
    }
  }

  /// The event for the log.
  var event: EventDraft {
    if let failure { return EventDraft(.problem, failure) }
    return EventDraft(.engine, "opened the log again: \(path ?? "")")
  }
}
