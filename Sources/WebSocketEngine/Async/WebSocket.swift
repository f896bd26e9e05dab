import EventLoop
import Synchronization
public import Vocabulary
public import WebSocketProtocol

/// One WebSocket as an asynchronous handler sees it.
///
/// The handler's function runs in a task on the session's reactor, where calls are direct and
/// `receive` does not suspend while a message waits. It may also be used from anywhere else; then
/// each call passes the reactor's mailbox. `accept` or `reject` comes first.
public final class WebSocket: Sendable {
  /// The opening handshake's request.
  public let request: Request

  private let handle: ReactorHandle
  private let server: Server
  // `state` is touched on the reactor's thread only: each use is behind `isCurrent` or in a posted
  // command.
  nonisolated(unsafe) private let state: AsyncSession

  private init(request: Request, state: AsyncSession, sessions: SessionReactor) {
    self.request = request
    unsafe self.state = state
    handle = sessions.handle
    server = sessions.server
  }

  /// Starts the handler's task for a handshake that waits for its answer.
  static func start(
    _ body: @escaping @Sendable (WebSocket) async throws -> Void,
    for opening: OpeningConnection, request: Request
  ) {
    let state = AsyncSession(opening: opening, request: request)
    let socket = WebSocket(request: request, state: state, sessions: opening.sessions)
    state.task = Task(executorPreference: socket.handle.executor) {
      let failure: (any Error)?
      do {
        try await body(socket)
        failure = nil
      } catch {
        failure = error
      }
      socket.perform { $0.handlerReturned(failure) }
    }
  }

  /// The rooms of the server.
  public var rooms: Rooms { server.rooms }

  /// The session's name.
  public var id: SessionID { request.sessionID }

  /// Answers the opening handshake: the session is open from here on.
  ///
  /// - Parameters:
  ///   - subprotocol: a subprotocol that the client offered, or nil.
  ///   - headers: more headers for the response.
  /// - Throws: `WebSocketError.alreadyAnswered` for a second call, `subprotocolNotOffered`,
  ///   `reservedHeader`, `closed` if the peer is gone.
  public func accept(subprotocol: String? = nil, headers: Headers = Headers()) async throws {
    try await onReactor { try $0.accept(subprotocol: subprotocol, headers: headers) }
  }

  /// Refuses the opening handshake.
  ///
  /// - Throws: `WebSocketError.alreadyAnswered` if it was answered before.
  public func reject(_ status: HTTPStatus = .forbidden, body: String = "") async throws {
    try await onReactor { try $0.reject(HandshakeRejection(status, body: body)) }
  }

  /// Sends a text message; returns once the peer's pace allows the next one.
  ///
  /// - Throws: `WebSocketError`: `notAccepted`, `closed`, `messageTooBig`, `backlogFull`.
  public func send(_ text: String) async throws {
    if handle.executor.isCurrent {
      if try unsafe state.send(text.utf8Span.span, as: .text) { return }
    } else {
      _ = try await onReactor { try $0.send(text.utf8Span.span, as: .text) }
    }
    await waitForPeer()
  }

  /// Sends a binary message; returns once the peer's pace allows the next one.
  ///
  /// - Throws: `WebSocketError`: `notAccepted`, `closed`, `messageTooBig`, `backlogFull`.
  public func send(_ bytes: [UInt8]) async throws {
    if handle.executor.isCurrent {
      if try unsafe state.send(bytes.span, as: .binary) { return }
    } else {
      _ = try await onReactor { try $0.send(bytes.span, as: .binary) }
    }
    await waitForPeer()
  }

  /// Sends a binary message; returns once the peer's pace allows the next one.
  ///
  /// - Throws: `WebSocketError`: `notAccepted`, `closed`, `messageTooBig`, `backlogFull`.
  public func send(_ bytes: some Sequence<UInt8>) async throws {
    try await send(Array(bytes))
  }

  /// The next message; `.close` comes last, once, with the initiator of the close.
  ///
  /// - Throws: `WebSocketError`: `notAccepted`, `concurrentReceive`, `closed` after `.close`;
  ///   `CancellationError` if the task is cancelled while it waits.
  public func receive() async throws -> Message {
    if let message = takeMessage() { return message }
    let receipt = AsyncSession.Receipt()
    return try await withTaskCancellationHandler {
      try await unsafe withUnsafeThrowingContinuation { bare in
        let continuation = unsafe ReceiveContinuation(bare)
        if handle.executor.isCurrent {
          unsafe state.wait(continuation, receipt)
        } else if !handle.post({ [self] _ in unsafe state.wait(continuation, receipt) }) {
          continuation.resume(throwing: WebSocketError.closed)
        }
      }
    } onCancel: {
      // The flag tells the wait, in case it has not begun yet.
      receipt.isCancelled.store(true, ordering: .releasing)
      handle.post(isUrgent: true) { [self] _ in unsafe state.cancelReceive(receipt) }
    }
  }

  /// The messages until the session is closed.
  public var messages: Messages { Messages(socket: self) }

  /// Closes the session, after everything sent before; before `accept` the handshake is refused
  /// with 403.
  ///
  /// - Throws: `WebSocketError.invalidClose` for a code that must not be sent or a reason over 123
  ///   bytes, `closed` if the session is over.
  public func close(_ code: CloseCode = .normalClosure, reason: String = "") async throws {
    try await onReactor { try $0.close(code, reason: reason) }
  }

  /// Joins a room, until the session ends.
  ///
  /// - Throws: `RoomError`, or `WebSocketError.notAccepted`.
  public func join(_ room: String) async throws {
    try await onReactor { try $0.openSession().join(room) }
  }

  /// Leaves a room.
  public func leave(_ room: String) async throws {
    try await onReactor { try $0.openSession().leave(room) }
  }

  /// The rooms that the session is in, sorted.
  public var roomNames: [String] {
    get async throws { try await onReactor { try $0.openSession().roomNames } }
  }

  /// The next message, if one waits and this is the reactor's thread.
  fileprivate func takeMessage() -> Message? {
    handle.executor.isCurrent ? unsafe state.takeMessage() : nil
  }

  private func waitForPeer() async {
    if handle.executor.isCurrent, unsafe !state.mustWaitForPeer {
      // `yield` keeps a peer that keeps pace from keeping the reactor from its other sessions.
      return await Task.yield()
    }
    await withCheckedContinuation { continuation in
      perform {
        $0.waitForPeer(continuation)
      } orElse: {
        continuation.resume()
      }
    }
  }

  /// Runs a body on the reactor's thread: now if this is it, else by its mailbox.
  private func perform(
    _ body: @escaping @Sendable (AsyncSession) -> Void, orElse: () -> Void = {}
  ) {
    if handle.executor.isCurrent {
      unsafe body(state)
    } else if !handle.post({ [self] _ in unsafe body(state) }) {
      orElse()
    }
  }

  func onReactor<Result: Sendable>(
    _ body: @escaping @Sendable (AsyncSession) throws -> Result
  ) async throws -> Result {
    if handle.executor.isCurrent { return try unsafe body(state) }
    return try await withCheckedThrowingContinuation { continuation in
      perform { state in
        continuation.resume(with: Swift.Result { try body(state) })
      } orElse: {
        continuation.resume(throwing: WebSocketError.closed)
      }
    }
  }
}

/// The messages of a `WebSocket`, without the close that ends them.
public struct Messages: AsyncSequence, Sendable {
  fileprivate let socket: WebSocket

  /// The sequence's own iterator; several share the messages.
  public func makeAsyncIterator() -> Iterator { Iterator(socket: socket) }

  /// Receives until the session is closed.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let socket: WebSocket

    /// The next message, or nil once the session is closed.
    public mutating func next() async throws -> Message? {
      if let message = socket.takeMessage() {
        if case .close = message { return nil }
        return message
      }
      do {
        let message = try await socket.receive()
        if case .close = message { return nil }
        return message
      } catch WebSocketError.closed {
        return nil
      }
    }
  }
}
