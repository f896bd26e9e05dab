import DequeModule
import EventLoop
import Synchronization
import Vocabulary
import WebSocketProtocol

/// What stands between a session and its asynchronous handler: the inbox, and who waits.
///
/// Confined to the session's reactor.
final class AsyncSession {
  /// The most messages that wait; then the session is not read from.
  static let maximumInboxMessageCount = 256
  /// The most bytes that wait, beyond a single message; then the session is not read from.
  static let maximumInboxByteCount = 1 << 20

  /// The most messages sent before the other sessions of the reactor get their turn.
  static let maximumSendCount = 64

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
  private var inbox: Deque<Message> = []
  private var inboxByteCount = 0
  private var isOver = false
  private var sentSinceYield = 0
  private var receiver: (continuation: CheckedContinuation<Message, any Error>, receipt: Receipt)?
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

  /// The handler's function is done: what it left undone is done for it.
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
        // Without effect if the session is not open; the code is one that may be sent.
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

  func send(_ message: Span<UInt8>, as kind: MessageKind) throws {
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

  /// The next message, if one waits.
  func takeMessage() -> Message? {
    guard let message = inbox.popFirst() else { return nil }
    inboxByteCount -= message.byteCount
    inboxChanged()
    if case .close = message { isOver = true }
    return message
  }

  func wait(_ continuation: CheckedContinuation<Message, any Error>, _ receipt: Receipt) {
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
    }
  }

  func cancelReceive(_ receipt: Receipt) {
    guard let waiting = receiver, waiting.receipt === receipt else { return }
    receiver = nil
    waiting.continuation.resume(throwing: CancellationError())
  }

  // MARK: The peer's pace

  /// Whether the peer is owed more than half of what it may be.
  var mustWaitForPeer: Bool {
    guard let session, session.phase == .open else { return false }
    return session.backlogByteCount > session.limits.backlogByteCount / 2
  }

  /// Whether the handler has sent for so long that others are due; asked once for each message.
  var mustYield: Bool {
    sentSinceYield += 1
    guard sentSinceYield >= Self.maximumSendCount else { return false }
    sentSinceYield = 0
    return true
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
    if let receiver {
      self.receiver = nil
      if case .close = message { isOver = true }
      receiver.continuation.resume(returning: message)
    } else {
      inbox.append(message)
      inboxByteCount += message.byteCount
      inboxChanged()
    }
  }

  private func inboxChanged() {
    guard let session, session.phase == .open else { return }
    session.makeExtras().inboxByteCount = inboxByteCount
    session.account()
    let isFull =
      inbox.count >= Self.maximumInboxMessageCount
      || inboxByteCount >= Self.maximumInboxByteCount
    let isHalfEmpty =
      inbox.count <= Self.maximumInboxMessageCount / 2
      && inboxByteCount <= Self.maximumInboxByteCount / 2
    if isFull {
      session.setInboxPause(true)
    } else if isHalfEmpty {
      session.setInboxPause(false)
    }
  }
}

extension AsyncSession: SessionHandler {
  func opened(_ session: Session) {
    self.session = session
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
    // The session holds this handler: it must not be held in return for longer than the task runs.
    self.session = nil
    ended = task == nil ? nil : session
  }
}

@available(*, unavailable)
extension AsyncSession: Sendable {}
