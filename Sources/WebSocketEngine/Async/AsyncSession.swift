import EventLoop
import Synchronization
import Vocabulary
import WebSocketProtocol

/// The asynchronous handler's side of a session: its task, the inbox, and the calls that wait.
///
/// Confined to the session's reactor.
final class AsyncSession {
  /// One call of `receive`, by which its cancellation finds it, whichever comes first.
  final class Receipt: Sendable {
    let isCancelled = Atomic(false)
  }

  /// The handler's task.
  var task: Task<Void, Never>?

  private var opening: OpeningConnection?
  private var request: Request
  private var session: Session?
  /// The session that is over, while the handler's task still runs and may fail.
  private var ended: Session?
  private let inbox = UncheckedConfined(Inbox())
  private var isOver = false
  private var receiver: (continuation: ReceiveContinuation, receipt: Receipt)?
  private var senders: [CheckedContinuation<Void, Never>] = []

  init(opening: OpeningConnection, request: Request) {
    self.opening = opening
    self.request = request
  }

  // MARK: The opening handshake

  func accept(subprotocol: String?, headers: Headers) throws {
    guard let opening else { throw WebSocketError.alreadyAnswered }
    var answered = request
    answered.subprotocol = subprotocol ?? request.subprotocol
    for field in headers { answered.responseHeaders.append(field) }
    do {
      // `opened` comes before `accept` returns, so the state must be right by then.
      guard try opening.accept(answered, handler: self) != nil else {
        self.opening = nil
        isOver = true
        throw WebSocketError.closed
      }
    } catch let failure as HandshakeResponse.Failure {
      switch failure {
      case .subprotocolNotOffered(let name): throw WebSocketError.subprotocolNotOffered(name)
      case .extensionNotOffered(let name), .reservedHeader(let name):
        throw WebSocketError.reservedHeader(name)
      }
    }
    self.opening = nil
  }

  func reject(_ rejection: HandshakeRejection) throws {
    guard let opening else { throw WebSocketError.alreadyAnswered }
    self.opening = nil
    isOver = true
    opening.refuse(
      .rejected(rejection.status, body: rejection.body), headers: rejection.headers)
  }

  /// Ends the handler's part once its function returns: an opening is refused, a session closed.
  func handlerReturned(_ failure: (any Error)?) {
    task = nil
    if let opening {
      self.opening = nil
      if let failure { opening.log(failure) }
      opening.refuse(.handlerFailed)
    } else if let session = session ?? ended {
      if let failure {
        session.handlerFailed(failure)
      } else {
        // The close has no effect if the session is not open; its code may be sent.
        try? session.close(.normalClosure)
      }
    }
    ended = nil
    isOver = true
    resumeSenders()
  }

  // MARK: Messages

  func openSession() throws -> Session {
    guard let session else { throw opening == nil ? WebSocketError.closed : .notAccepted }
    guard session.phase == .open else { throw WebSocketError.closed }
    return session
  }

  /// Sends a message.
  ///
  /// - Returns: whether the handler may send the next one at once: the peer keeps pace, and the
  ///   other sessions of the reactor are not due.
  func send(_ message: Span<UInt8>, as kind: MessageKind) throws -> Bool {
    let session = try openSession()
    do throws(SendError) {
      try session.send(message, as: kind)
    } catch {
      switch error {
      case .messageTooBig(let count, let limit):
        throw WebSocketError.messageTooBig(byteCount: count, limit: limit)
      case .backlogFull(let count, let limit) where session.phase == .open:
        throw WebSocketError.backlogFull(byteCount: count, limit: limit)
      case .notOpen, .backlogFull, .engineStopped: throw WebSocketError.closed
      }
    }
    // While the cork is open to the session its peer is owed nothing.
    guard session.cork.isOpen(to: session) || !mustWaitForPeer else { return false }
    return !inbox.change { $0.mustYield() }
  }

  func close(_ code: CloseCode, reason: String) throws {
    do throws(CloseError) {
      try CloseError.check(code, reason)
      if let opening {
        self.opening = nil
        isOver = true
        return opening.refuse(.forbidden)
      }
      guard let session else { throw .notOpen }
      try session.close(code, reason: reason)
    } catch {
      throw error == .notOpen ? WebSocketError.closed : .invalidClose(error)
    }
  }

  /// The bytes of the messages that wait.
  var inboxByteCount: Int { inbox.change { $0.byteCount } }

  /// The next message, if one waits.
  func takeMessage() -> Message? {
    guard let taken = inbox.change({ $0.take() }) else { return nil }
    if taken.hasRoomAgain { session?.setInboxPause(false) }
    // The count follows once for all messages that waited, not with each of them.
    if taken.isEmpty { session?.account() }
    if case .close = taken.message { isOver = true }
    return taken.message
  }

  func wait(_ continuation: ReceiveContinuation, _ receipt: Receipt) {
    if let message = takeMessage() {
      continuation.resume(returning: message)
    } else if opening != nil {
      continuation.resume(throwing: WebSocketError.notAccepted)
    } else if isOver {
      continuation.resume(throwing: WebSocketError.closed)
    } else if receiver != nil {
      continuation.resume(throwing: WebSocketError.concurrentReceive)
    } else if receipt.isCancelled.load(ordering: .acquiring) {
      continuation.resume(throwing: CancellationError())
    } else {
      receiver = (continuation, receipt)
      inbox.change { $0.hasReceiver = true }
    }
  }

  func cancelReceive(_ receipt: Receipt) {
    guard let waiting = receiver, waiting.receipt === receipt else { return }
    receiver = nil
    inbox.change { $0.hasReceiver = false }
    waiting.continuation.resume(throwing: CancellationError())
  }

  // MARK: The peer's pace

  /// Whether the peer is owed more than half of `backlog-bytes`.
  var mustWaitForPeer: Bool {
    guard let session, session.phase == .open else { return false }
    return session.backlogByteCount > session.limits.backlogByteCount / 2
  }

  func waitForPeer(_ continuation: CheckedContinuation<Void, Never>) {
    if mustWaitForPeer {
      senders.append(continuation)
    } else {
      continuation.resume()
    }
  }

  private func resumeSenders() {
    let waiting = senders
    senders = []
    for sender in waiting { sender.resume() }
  }

  private func deliver(_ message: Message) {
    guard inbox.change({ $0.hasReceiver }), let receiver else {
      if inbox.change({ $0.append(message) }) { session?.setInboxPause(true) }
      return
    }
    self.receiver = nil
    inbox.change { $0.hasReceiver = false }
    if case .close = message { isOver = true }
    receiver.continuation.resume(returning: message)
  }
}

extension AsyncSession: SessionHandler {
  func opened(_ session: Session) {
    self.session = session
    session.makeExtras().inbox = self
    session.setMark(.inbox, true)
  }

  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
    switch kind {
    case .text: deliver(.text(String(copying: try UTF8Span(validating: message))))
    case .binary: deliver(.binary(Array(copying: message)))
    }
  }

  func drained(_ session: Session) {
    if !senders.isEmpty, !mustWaitForPeer { resumeSenders() }
  }

  func closed(_ close: SessionClose, on session: Session) {
    deliver(.close(close))
    resumeSenders()
    session.account()
    // `session` is let go, since it holds this handler, and must not be held for longer than the
    // task runs.
    self.session = nil
    ended = task == nil ? nil : session
  }
}

@available(*, unavailable)
extension AsyncSession: Sendable {}
