internal import ControlProtocol

/// What happened in the engine that an operator should know: the last 1000 events, numbered
/// without gaps.
struct EventLog {
  /// How many are kept.
  static let capacity = 1000

  private var events = Ring<EngineEvent>(capacity: capacity)

  /// The number of the last event; 0 before the first.
  var lastSequence: Int { events.last?.sequence ?? 0 }

  /// Adds an event and gives it with its number.
  mutating func append(_ event: EventDraft, at seconds: Double) -> EngineEvent {
    let event = EngineEvent(
      sequence: lastSequence + 1, at: seconds, kind: event.kind, message: event.message,
      actor: event.actor, command: event.command)
    events.append(event)
    return event
  }

  /// The events with greater numbers, the oldest first.
  func events(after sequence: Int) -> [EngineEvent] {
    events.suffix(lastSequence - min(max(sequence, 0), lastSequence))
  }
}

/// An event that has no number yet.
struct EventDraft: Sendable {
  var kind: EngineEvent.Kind
  var message: String
  var actor: String?
  var command: String?

  init(
    _ kind: EngineEvent.Kind, _ message: String, actor: String? = nil, command: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.actor = actor
    self.command = command
  }

  /// The event of something that happened to the history.
  init(_ notice: HistoryNotice) {
    switch notice {
    case .lost(let reason):
      self.init(
        .problem,
        "the history is kept in memory, its file cannot be used: \(reason); it is tried again")
    case .regained(let count):
      self.init(
        .engine, "the history's file is used again; \(count) entries that came meanwhile are in it")
    }
  }
}
