internal import ControlProtocol
internal import Vocabulary

/// The last 1000 events in the engine that an operator should know, numbered without gaps.
struct EventLog {
  /// How many are kept.
  static let capacity = 1000

  /// An event, and its secrets for operators alone.
  struct Entry {
    /// The event for everybody, which is also kept in the history.
    let event: EngineEvent
    /// The command with the text that was sent.
    let fullCommand: String?

    /// The event as a role sees it.
    func event(for role: ControlRole) -> EngineEvent {
      guard role == .operate, let fullCommand else { return event }
      var event = event
      event.command = fullCommand
      return event
    }
  }

  private var entries = Ring<Entry>(capacity: capacity)

  /// The number of the last event; 0 before the first.
  var lastSequence: Int { entries.last?.event.sequence ?? 0 }

  /// Adds an event and gives it with its number.
  mutating func append(_ event: EventDraft, at seconds: Double) -> Entry {
    let entry = Entry(
      event: EngineEvent(
        sequence: lastSequence + 1, at: seconds, kind: event.kind, message: event.message,
        actor: event.actor, command: event.command),
      fullCommand: event.fullCommand)
    entries.append(entry)
    return entry
  }

  /// The events with greater numbers, the oldest first, as a role sees them.
  func events(after sequence: Int, for role: ControlRole) -> [EngineEvent] {
    entries.suffix(lastSequence - min(max(sequence, 0), lastSequence)).map { $0.event(for: role) }
  }
}

/// An event that has no number yet.
struct EventDraft: Sendable {
  var kind: EngineEvent.Kind
  var message: String
  var actor: String?
  var command: String?
  /// The command with its secrets, for operators; nil if it has none.
  var fullCommand: String?
  /// The one session that it is about, whose tags are told.
  var subject: SessionID?

  init(
    _ kind: EngineEvent.Kind, _ message: String, actor: String? = nil, command: String? = nil,
    subject: SessionID? = nil
  ) {
    self.kind = kind
    self.message = message
    self.actor = actor
    self.command = command
    self.subject = subject
  }

  /// The same event, told with the tags of the session that it is about.
  func tagged(_ tags: [SessionTag]) -> EventDraft {
    guard !tags.isEmpty else { return self }
    var event = self
    event.message += ", tagged " + tags.map(\.text).joined(separator: " ")
    return event
  }

  /// The event of a notice of the history.
  init(_ notice: HistoryNotice) {
    switch notice {
    case .lost(let reason):
      self.init(
        .problem,
        "the history is kept in memory, its file cannot be used: \(reason); it is tried again")
    case .unfinished(let run, let ago):
      self.init(
        .problem,
        "the engine's run \(run) before this one ended without a stop; its last entry is "
          + "\(QuantityText.readableDuration(seconds: ago)) old, and what closed after that is in no "
          + "history")
    case .regained(let count):
      self.init(
        .engine, "the history's file is used again; \(count) entries that came meanwhile are in it")
    }
  }
}
