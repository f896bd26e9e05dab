package import Vocabulary

/// One side of a WebSocket after the opening handshake (RFC 6455 §5 to §7): received bytes, ends of
/// streams and times in, events, bytes to send and the fate of the connection out.
///
/// It does no I/O and reads no clock. It answers pings and close frames, fails the connection over
/// a violation, masks a client's frames, and drops what comes after this side's close frame. Its
/// user sends the bytes that ``flush(now:_:)`` passes, calls ``tick(now:)`` at ``deadline``, and
/// looks at ``phase`` after each call. One thread uses it.
package struct Conversation: ~Copyable {
  /// The side of the connection.
  package enum Side {
    /// The side that accepted the connection; its frames are not masked.
    case server
    /// The side that opened the connection; each of its frames is masked with a new key, which
    /// nobody may foresee (RFC 6455 §5.3).
    case client(makeMaskingKey: () -> UInt32)
  }

  /// The limits of one side.
  package struct Limits: Hashable, Sendable {
    /// The most bytes a received message may have, over all its fragments.
    package var messageByteCount: Int
    /// The most bytes that may wait to be sent when a message is added, itself included.
    ///
    /// Answers to control frames come on top: 4 KiB of pongs, and the last one with the close frame.
    package var outputByteCount: Int
    /// The time that the peer has to answer a close frame, and to end its stream.
    package var closeTimeout: Duration

    /// Limits.
    package init(
      messageByteCount: Int, outputByteCount: Int, closeTimeout: Duration = .seconds(5)
    ) {
      self.messageByteCount = messageByteCount
      self.outputByteCount = outputByteCount
      self.closeTimeout = closeTimeout
    }
  }

  /// The place in the connection's life.
  package enum Phase: Hashable, Sendable {
    /// Messages go both ways.
    case open
    /// This side has sent its close frame, or has it in its output, and waits for the peer's.
    case closing
    /// Nothing is exchanged any more: both sides have closed, or a violation was met. Once the
    /// output is sent the peer's stream is read to its end, and what it holds is dropped.
    case ending
    /// The connection is over, and is to be closed.
    case ended
  }

  /// An event of whole messages, see ``receive(_:now:)``.
  package enum Received: Hashable, Sendable {
    /// A message; text is valid UTF-8.
    case message(MessageKind, [UInt8])
    /// The peer's close frame; nil: it carried no code. It was answered, unless it is an answer.
    case close(CloseCode?, reason: String)
    /// A broken rule, for which the connection was failed with the violation's close code.
    case violation(ProtocolViolation)
  }

  /// The side that this one is.
  package let role: Role
  /// The place in the connection's life.
  package private(set) var phase = Phase.open

  private let maximumOutputByteCount: Int
  private var receiver: FrameReceiver
  private var closing: ClosingHandshake
  private var output: OutgoingFrames
  /// The bytes that the receiver left of the last ones given to ``receive(_:now:)``.
  private var rest: [UInt8] = []
  private var hasStreamEnded = false

  /// One side of a connection whose opening handshake is complete.
  ///
  /// - Parameter compression: nil if permessage-deflate was not negotiated.
  package init(_ side: Side, limits: Limits, compression: MessageCompression? = nil) {
    switch side {
    case .server:
      role = .server
      output = OutgoingFrames(maskedWith: nil)
    case .client(let makeMaskingKey):
      role = .client
      output = OutgoingFrames(maskedWith: makeMaskingKey)
    }
    maximumOutputByteCount = limits.outputByteCount
    receiver = FrameReceiver(
      role: role, maximumMessageByteCount: limits.messageByteCount, compression: compression)
    closing = ClosingHandshake(closeTimeout: limits.closeTimeout)
  }

  /// Whether messages may be sent.
  package var isOpen: Bool { phase == .open }

  /// The time at which ``tick(now:)`` is to be called; nil while no end is awaited.
  package var deadline: Instant? { closing.deadline }

  /// Whether this side's stream is to be ended once the output is sent: the server ends first
  /// (RFC 6455 §7.1.1), so that the client's port is free again at once.
  package var endsFirst: Bool { role == .server && phase == .ending }

  // MARK: Receiving

  /// Parses and unmasks in place the next event at `cursor`, reading no further than `end`, as
  /// ``FrameReceiver/next(in:from:upTo:)`` does, and answers it.
  ///
  /// Messages are not reported once this side has closed. Nil means that more bytes are needed: the
  /// caller presents those from `cursor` to `end` again, in front of the next ones.
  ///
  /// - Precondition: `0 <= cursor <= end <= bytes.count`.
  package mutating func next(
    in bytes: inout MutableSpan<UInt8>, from cursor: inout Int, upTo end: Int, now: Instant
  ) -> Event? {
    while let event = receiver.next(in: &bytes, from: &cursor, upTo: end) {
      switch event {
      case .message, .part: guard isOpen else { continue }
      case .assembledMessage:
        guard isOpen else {
          recycle(takeMessage())
          continue
        }
      case .ping(let payload): if isOpen { output.answer(ping: bytes.span.extracting(payload)) }
      case .pong: break
      case .close(let code, let reason):
        perform(closing.closeReceived(code, now: now), reason: reason)
      case .violation(let violation): fail(violation, now: now)
      }
      return event
    }
    return nil
  }

  /// Hands over the message that `Event.assembledMessage` announced; it is dropped with the next
  /// call of ``next(in:from:upTo:now:)``.
  ///
  /// - Precondition: a message was announced and has not been taken.
  package mutating func takeMessage() -> ByteBuffer { receiver.takeMessage() }

  /// Takes back the buffer of a message that was taken, to be used for others.
  package func recycle(_ message: consuming ByteBuffer) {
    receiver.compression?.recycle(message)
  }

  /// Takes received bytes and gives the whole messages in them, and the peer's end.
  ///
  /// The bytes of a frame that has not come whole are kept.
  package mutating func receive(_ input: Span<UInt8>, now: Instant) -> [Received] {
    var bytes = rest
    bytes.append(copying: input)
    let end = bytes.count
    var cursor = 0
    var received: [Received] = []
    var span = bytes.mutableSpan
    while let event = next(in: &span, from: &cursor, upTo: end, now: now) {
      switch event {
      case .message(let kind, let range):
        received.append(.message(kind, Array(copying: span.span.extracting(range))))
      case .assembledMessage(let kind):
        let message = takeMessage()
        received.append(.message(kind, message.withSpan { Array(copying: $0) }))
        recycle(message)
      case .part, .ping, .pong: break
      case .close(let code, let reason): received.append(.close(code, reason: reason))
      case .violation(let violation): received.append(.violation(violation))
      }
    }
    rest = Array(bytes[cursor...])
    return received
  }

  /// Takes the end of the peer's stream, after which nothing more comes from it.
  ///
  /// The connection is over, unless it is ``Phase/ending``: a peer that has ended its sending side
  /// alone gets the output that it is owed, until the ``deadline``.
  package mutating func streamEnded() {
    hasStreamEnded = true
    if phase != .ending || output.byteCount == 0 { perform(closing.streamEnded()) }
  }

  // MARK: Sending

  /// The bytes that wait to be sent.
  package var outputByteCount: Int { output.byteCount }

  /// Adds a message to the output, compressed if that was negotiated.
  ///
  /// - Returns: whether it was added: it is not once this side has closed, or where it would make
  ///   the output longer than the limit.
  @discardableResult
  package mutating func send(_ message: Span<UInt8>, as kind: MessageKind) -> Bool {
    guard canSend(message.count) else { return false }
    guard let compression = receiver.compression else {
      output.append(kind.opcode, message)
      return true
    }
    compression.deflate(message) { output.append(kind.opcode, rsv1: $1, $0) }
    return true
  }

  /// Adds a frame to the output as it is given: a fragment, whose order is the caller's, or what no
  /// peer should send.
  ///
  /// - Precondition: it is a data frame.
  /// - Returns: whether it was added, as for ``send(_:as:)``.
  @discardableResult
  package mutating func sendFrame(
    _ opcode: Opcode, isFinal: Bool, payload: Span<UInt8>
  ) -> Bool {
    precondition(!opcode.isControl, "control frames are the conversation's own")
    guard canSend(payload.count) else { return false }
    output.append(opcode, isFinal: isFinal, payload)
    return true
  }

  private func canSend(_ byteCount: Int) -> Bool {
    let frameByteCount =
      byteCount
      + FrameEncoder.headerByteCount(payloadByteCount: byteCount, isMasked: role == .client)
    return isOpen && frameByteCount <= maximumOutputByteCount - output.byteCount
  }

  /// Passes the output to `write`, which returns how many bytes of it were sent, until it takes no
  /// more; the rest is passed again at the next call.
  package mutating func flush<Failure: Error>(
    now: Instant, _ write: (Span<UInt8>) throws(Failure) -> Int
  ) throws(Failure) {
    if try output.flush(write) { outputTaken(now: now) }
  }

  /// Hands all output over, to a caller that has a queue of its own.
  ///
  /// Pongs are bounded here alone: it is to be called when that queue is empty.
  package mutating func takeOutput(now: Instant) -> [UInt8] {
    guard output.byteCount > 0 else { return [] }
    let taken = output.take()
    outputTaken(now: now)
    return taken
  }

  private mutating func outputTaken(now: Instant) {
    closing.outputTaken(now: now)
    if hasStreamEnded, output.byteCount == 0 { perform(closing.streamEnded()) }
  }

  // MARK: Closing

  /// Begins the closing handshake behind everything sent so far; nothing happens if this side has
  /// closed before (RFC 6455 §7.1.2).
  ///
  /// - Parameter code: nil for a close frame without a code, and without the reason.
  /// - Precondition: the code may be sent. A reason over 123 bytes is cut.
  package mutating func close(_ code: CloseCode?, reason: String = "", now: Instant) {
    perform(closing.closeRequested(code, now: now), reason: reason)
  }

  /// Gives the peer up if the ``deadline`` has passed.
  package mutating func tick(now: Instant) {
    perform(closing.tick(now: now))
  }

  /// Fails the connection (RFC 6455 §7.1.7): the peer is told why, unless this side has closed
  /// before, and its input has no meaning any more.
  private mutating func fail(_ violation: ProtocolViolation, now: Instant) {
    close(violation.closeCode, reason: violation.description, now: now)
    phase = .ending
  }

  private mutating func perform(_ action: ClosingHandshake.Action, reason: String = "") {
    switch action {
    case .none: break
    case .sendClose(let code):
      sendClose(code, reason: reason)
      phase = .closing
    case .replyAndDisconnect(let code):
      sendClose(code, reason: reason)
      phase = .ending
    case .disconnect: phase = closing.isDisconnected ? .ended : .ending
    case .abandon: phase = .ended
    }
    if phase == .ended {
      output.removeAll()
      receiver.discardInput()
      rest = []
    }
  }

  private mutating func sendClose(_ code: CloseCode?, reason: String) {
    output.appendClose(code, reason: reason)
    receiver.compression?.end()
  }
}

/// A conversation is not Sendable: it belongs to the thread of its connection.
@available(*, unavailable)
extension Conversation: Sendable {}
