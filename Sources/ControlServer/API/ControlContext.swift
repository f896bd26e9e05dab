internal import ControlProtocol
internal import EventLoop
internal import WebSocketEngine

/// The state that the control thread and other threads share.
struct ControlContext: Sendable {
  /// A command, run on the control thread.
  typealias Command = @Sendable (ControlLoop) -> Void

  let server: Server
  let name: String
  let version: String
  let path: ControlPath
  let settings: ControlSettings
  /// The names of the users that are served, by their numbers.
  var userNames: [UInt32: String] = [:]
  var history: (any HistoryKeeper)?
  let whenStopRequested: @Sendable () -> Void
  let mailbox: Mailbox<Command>
  let executor: ReactorExecutor

  /// The command lines that do the same as acts.
  var commands: EventCommands {
    EventCommands(path, redacts: server.configuration.redaction.isOn)
  }

  /// Runs a body on the control thread soon, whatever waits there already: a rare event's.
  func post(_ body: @escaping Command) { mailbox.post(body, isUrgent: true) }

  /// Begins asynchronous work that touches what is confined to the control thread; called there.
  ///
  /// Whatever it awaits, it goes on in that thread's turns, and after the thread's end elsewhere.
  @discardableResult
  func begin(_ work: @escaping () async -> Void) -> Task<Void, Never> {
    // The executor never runs two jobs at a time, and the control thread touches nothing of its own
    // once the executor is closed: so nothing that `work` has captured is used by two threads.
    nonisolated(unsafe) let work = work
    return Task(executorPreference: executor) { unsafe await work() }
  }
}
