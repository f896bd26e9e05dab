public import ControlProtocol
package import EventLoop
internal import Synchronization
public import WebSocketEngine

/// The control API of a server, on a Unix socket: statistics, sessions, acts, limits, events.
///
/// It runs on a reactor of its own, so that no question of an operator delays a message. On the
/// Unix socket only the user that the engine runs as, and root, are served; elsewhere, if it
/// listens there, holders of tokens.
public final class ControlServer: Sendable {
  private enum State: Sendable {
    case idle
    case running(LoopThread, SocketFile, [SocketAddress])
    case stopped
  }

  private let context: ControlContext
  private let state = Mutex(State.idle)

  /// A control API that does not listen yet; from here on it knows of each session that opens.
  ///
  /// Make it before the server is started: of earlier sessions only a part is known.
  ///
  /// - Parameters:
  ///   - server: the server that it shows and acts on.
  ///   - name: the engine's name, which consoles show.
  ///   - version: the program's version.
  ///   - path: the socket's path. Its directory exists; a lock, if there is to be one, is held by
  ///     the caller.
  ///   - permitsTaps: whether operators may look at the messages of sessions.
  ///   - remote: the addresses, with TLS and tokens, for clients from elsewhere; nil: none.
  ///   - whenStopRequested: called once, on the control thread, when `POST /v1/stop` was answered.
  ///     It must not call `stop()` itself, which waits for that thread.
  /// - Throws: `SystemError` if the system has no descriptor left.
  public convenience init(
    server: Server, name: String, version: String, path: ControlPath, permitsTaps: Bool = true,
    remote: RemoteControl? = nil, whenStopRequested: @escaping @Sendable () -> Void
  ) throws {
    var settings = ControlSettings()
    settings.permitsTaps = permitsTaps
    settings.remote = remote
    try self.init(
      server: server, name: name, version: version, path: path, settings: settings,
      whenStopRequested: whenStopRequested)
  }

  /// A control API with times and users of its own, and a history.
  package init(
    server: Server, name: String, version: String, path: ControlPath, settings: ControlSettings,
    history: (any HistoryKeeper)? = nil, whenStopRequested: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    for handle in server.reactors { handle.journal.observe() }
    // User names are looked up here, since nothing may wait on the control thread.
    let names = settings.userIDs.compactMap { id in Syscalls.userName(of: id).map { (id, $0) } }
    context = ControlContext(
      server: server, name: name, version: version, path: path, settings: settings,
      userNames: Dictionary(uniqueKeysWithValues: names), history: history,
      whenStopRequested: whenStopRequested, mailbox: try Mailbox(),
      executor: try ReactorExecutor())
  }

  /// Listens, with mode 0600, and starts the control thread; returns at once.
  ///
  /// A socket that nobody listens on any more is replaced; anything else at the path stays.
  ///
  /// - Throws: `ControlServerError.alreadyServed` if another process listens there,
  ///   `RemoteControlError` if certificates or tokens cannot be used, else an error whose
  ///   description names the file there or the system's refusal.
  /// - Precondition: it was not started before.
  public func start() throws {
    try state.withLock { state in
      guard case .idle = state else { preconditionFailure("a control server is started once") }
      let path = context.path.socket
      let material = try context.settings.remote.map { try RemoteMaterial($0) }
      if let material { context.server.warn(aboutCertificates: material.context.warnings) }
      let reactor = try Reactor()
      try reactor.watch(context.mailbox)
      try reactor.watch(context.executor.mailbox)
      let (descriptor, file) = try Self.listen(at: path)
      var listening: [BoundAddress.Listening] = []
      do {
        if let remote = context.settings.remote {
          listening = try BoundAddress.listen(on: remote.places)
        }
        let thread = try LoopThread(name: "control") { [context, listening] in
          let remote = material.map { (material: $0, listening: listening) }
          ControlLoop(context, reactor: reactor, listening: descriptor, remote: remote).run()
        }
        state = .running(thread, file, listening.map(\.address.address))
      } catch {
        for one in listening { Syscalls.close(one.descriptor) }
        defer { Syscalls.close(descriptor) }
        try file.remove()
        throw error
      }
    }
  }

  private static func listen(at path: String) throws -> (descriptor: Int32, file: SocketFile) {
    do throws(SocketFile.Failure) {
      return try SocketFile.listen(at: path, mode: 0o600, backlog: 128)
    } catch {
      guard case .inUse = error else { throw error }
      throw ControlServerError.alreadyServed(path)
    }
  }

  /// The addresses with TLS, with the ports that the system gave; none unless it runs.
  public var remoteAddresses: [SocketAddress] {
    state.withLock { state in
      if case .running(_, _, let addresses) = state { addresses } else { [] }
    }
  }

  /// Reads the certificates and tokens of the TLS listener again, all or none.
  ///
  /// A client whose token is gone or has another role is sent away. The event log has either
  /// outcome.
  ///
  /// - Returns: how many tokens there are; 0 if it listens on the Unix socket alone.
  /// - Throws: `RemoteControlError` that names the file that cannot be used; the old ones stay
  ///   then.
  @discardableResult
  public func reload() throws(RemoteControlError) -> Int {
    guard let remote = context.settings.remote else { return 0 }
    do throws(RemoteControlError) {
      let material = try RemoteMaterial(remote)
      context.post { loop in
        loop.adopt(material)
        loop.api.record(EventDraft(.engine, ActSentence.reload(material)))
      }
      return material.tokens.holders.count
    } catch {
      context.post { loop in
        loop.api.record(EventDraft(.problem, ActSentence.tokensKept(error.description)))
      }
      throw error
    }
  }

  /// Answers a request as the control API answers it to a client on its socket, with the role to
  /// operate.
  ///
  /// - Parameters:
  ///   - request: the request; it is checked as one that comes from elsewhere.
  ///   - name: the name of whoever asks, for the event log, such as `billing`.
  /// - Returns: the reply; a refusal (503) if the server does not run, or has too much to do. A list
  ///   of sessions has as many as the request's `limit` allows.
  public func answer(_ request: ControlRequest, as name: String) async -> ControlReply {
    let isRunning = state.withLock { if case .running = $0 { true } else { false } }
    let checked: ControlRequest
    do throws(ControlRefusal) {
      guard isRunning else { throw Self.notRunning }
      checked = try request.checked()
    } catch {
      return error.reply
    }
    let actor = ControlActor(name: name, who: name, role: .operate)
    return await withCheckedContinuation { continuation in
      let isTaken = context.mailbox.post { loop in
        loop.context.begin {
          continuation.resume(returning: await loop.reply(to: checked, for: actor))
        }
      }
      if !isTaken { continuation.resume(returning: Self.busy.reply) }
    }
  }

  private static var notRunning: ControlRefusal {
    ControlRefusal(
      status: 503, code: "not-running", "the control server does not run: nothing was done")
  }

  private static var busy: ControlRefusal {
    ControlRefusal(
      status: 503, code: "busy", "the control server has too much to do: nothing was done")
  }

  /// Opens the log's file again, as after a rotation; the event log has either outcome.
  package func reopenLog() {
    guard let event = LogReopening(context.settings)?.event else { return }
    context.post { $0.api.record(event) }
  }

  /// Stops listening, ends every connection, removes its own socket's file and waits for the control
  /// thread.
  ///
  /// Answers given before are sent first, as far as clients take them at once. Later calls, and one
  /// before the start, do nothing.
  public func stop() {
    let running: (thread: LoopThread, file: SocketFile)? = state.withLock { state in
      guard case .running(let thread, let file, _) = state else { return nil }
      state = .stopped
      return (thread, file)
    }
    guard let (thread, file) = running else { return }
    do throws(SystemError) {
      try file.remove()
    } catch {
      let text = "the control socket's file stays: \(error)"
      context.post { $0.api.record(EventDraft(.problem, text)) }
    }
    context.post { $0.stop() }
    thread.join()
  }
}
