public import ControlProtocol
package import EventLoop
internal import Synchronization
public import WebSocketEngine

/// The control API of a server, on a Unix socket: statistics, sessions, acts, limits, events.
///
/// It runs on a reactor of its own, so that no question of an operator delays a message. Only the
/// user that the engine runs as, and root, are served.
public final class ControlServer: Sendable {
  private enum State: Sendable {
    case idle
    case running(LoopThread)
    case stopped
  }

  private let context: ControlContext
  private let state = Mutex(State.idle)

  /// A control API that does not listen yet; from here on it knows of each session that opens.
  ///
  /// Make it before the server is started: what sessions did before is known only in part.
  ///
  /// - Parameters:
  ///   - server: the server that it shows and acts on.
  ///   - name: the engine's name, which consoles show.
  ///   - version: the program's version.
  ///   - path: where the socket lies. Its directory exists; a lock, if there is to be one, is held
  ///     by the caller.
  ///   - permitsTaps: whether operators may look at the messages of sessions.
  ///   - whenStopRequested: called once, on the control thread, when `POST /v1/stop` was answered.
  ///     It must not call `stop()` itself, which waits for that thread.
  /// - Throws: `SystemError` if the system has no descriptor left.
  public convenience init(
    server: Server, name: String, version: String, path: ControlPath, permitsTaps: Bool = true,
    whenStopRequested: @escaping @Sendable () -> Void
  ) throws {
    var settings = ControlSettings()
    settings.permitsTaps = permitsTaps
    try self.init(
      server: server, name: name, version: version, path: path, settings: settings,
      whenStopRequested: whenStopRequested)
  }

  /// A control API with times and users of its own, and a history.
  package init(
    server: Server, name: String, version: String, path: ControlPath, settings: ControlSettings,
    history: (any HistoryKeeper)? = nil, whenStopRequested: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    for share in server.reactors { share.journal.observe() }
    context = ControlContext(
      server: server, name: name, version: version, path: path, settings: settings,
      history: history, whenStopRequested: whenStopRequested, mailbox: try Mailbox(),
      executor: try ReactorExecutor())
  }

  /// Listens, with mode 0600, and starts the control thread; returns at once.
  ///
  /// A socket that nobody listens on any more is replaced.
  ///
  /// - Throws: `ControlServerError.alreadyServed` if somebody listens there, else `SystemError`.
  /// - Precondition: it was not started before.
  public func start() throws {
    try state.withLock { state in
      guard case .idle = state else { preconditionFailure("a control server is started once") }
      let path = context.path.socket
      guard try Socket.removeStaleSocket(path) else {
        throw ControlServerError.alreadyServed(path)
      }
      let reactor = try Reactor()
      try reactor.watch(context.mailbox)
      try reactor.watch(context.executor.mailbox)
      let (descriptor, _) = try Socket.listen(
        on: .unix(path: path), sharesPort: false, fileMode: 0o600, backlog: 128)
      do {
        let thread = try LoopThread(name: "control") { [context] in
          ControlLoop(context, reactor: reactor, listening: descriptor).run()
        }
        state = .running(thread)
      } catch {
        Syscalls.close(descriptor)
        Syscalls.removeFile(path)
        throw error
      }
    }
  }

  /// Stops listening, ends every connection, removes the socket and waits for the control thread.
  ///
  /// What was answered before is sent first, as far as clients take it at once. Later calls, and
  /// one before the start, do nothing.
  public func stop() {
    let thread: LoopThread? = state.withLock { state in
      guard case .running(let thread) = state else { return nil }
      state = .stopped
      return thread
    }
    guard let thread else { return }
    Syscalls.removeFile(context.path.socket)
    context.mailbox.post { $0.stop() }
    thread.join()
  }
}
