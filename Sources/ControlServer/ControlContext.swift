internal import ControlProtocol
internal import EventLoop
internal import WebSocketEngine

/// What the control thread and those outside it share.
struct ControlContext: Sendable {
  /// A command, run on the control thread.
  typealias Command = @Sendable (ControlLoop) -> Void

  let server: Server
  let name: String
  let version: String
  let path: ControlPath
  let settings: ControlSettings
  var history: (any HistoryKeeper)?
  let whenStopRequested: @Sendable () -> Void
  let mailbox: Mailbox<Command>
  let executor: ReactorExecutor

  /// Runs something that awaits on the control thread, in its turns.
  func run(_ body: sending @escaping @isolated(any) () async -> Void) {
    Task(executorPreference: executor, operation: body)
  }
}
