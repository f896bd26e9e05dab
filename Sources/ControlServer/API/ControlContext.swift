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

  /// Runs a body on the control thread soon, whatever waits there already.
  ///
  /// A full mailbox takes it too: each answers something that the control thread has asked for and
  /// remembers as under way, or comes of a rare event.
  func post(_ body: @escaping Command) { mailbox.post(body, isUrgent: true) }

  /// Runs a body on the control thread, for a caller that awaits; nil if the engine has stopped.
  func onLoop<Result: Sendable>(
    _ body: @escaping @Sendable (ControlLoop) -> Result
  ) async -> Result? {
    await withCheckedContinuation { continuation in
      let isPosted = mailbox.post({ continuation.resume(returning: body($0)) }, isUrgent: true)
      if !isPosted { continuation.resume(returning: nil) }
    }
  }

  /// Runs an asynchronous body on the control thread, in its turns.
  func run(_ body: sending @escaping @isolated(any) () async -> Void) {
    Task(executorPreference: executor, operation: body)
  }
}
