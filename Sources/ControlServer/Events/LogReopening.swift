internal import ControlProtocol

/// What became of opening the file of the engine's log again, which who rotates logs asks for.
struct LogReopening: Sendable {
  /// The file's path, for display; nil if it could not be opened.
  let path: String?
  /// Why it could not be opened: the log goes to the old file then.
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

  /// What the event log says of it.
  var event: EventDraft {
    if let failure { return EventDraft(.problem, failure) }
    return EventDraft(.engine, "opened the log again: \(path ?? "")")
  }
}
