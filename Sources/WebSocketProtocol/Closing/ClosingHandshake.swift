package import Vocabulary

/// The closing handshake, RFC 6455 §7: its initiator, the frames exchanged so far, and its
/// deadline.
///
/// Each method is named after an event and returns the action that follows. The frames themselves
/// are written by the caller.
package struct ClosingHandshake: Sendable {
  /// The action that is due from the caller.
  package enum Action: Hashable, Sendable {
    /// Nothing: the close frame has been sent before, or the connection is over.
    case none
    /// Send a close frame with this code (nil: without a payload), then wait for the peer's.
    case sendClose(CloseCode?)
    /// Answer the peer's close frame with this code and the reason that came with it (nil: with an
    /// empty one), then close the connection.
    case replyAndDisconnect(CloseCode?)
    /// Both close frames have been exchanged: close the connection.
    case disconnect
    /// The peer did not answer in time: close the connection without its close frame.
    case abandon
  }

  /// The side that sent the first close frame.
  package enum Initiator: Hashable, Sendable {
    /// This endpoint.
    case local
    /// The peer.
    case peer
  }

  /// How long to wait for the peer once a close frame was sent.
  package var closeTimeout: Duration

  /// The side that began, or nil while the connection is open.
  package private(set) var initiator: Initiator?

  /// Whether this side has sent its close frame; nothing but TCP's end may follow (§5.5.1).
  package private(set) var hasSentClose = false

  /// Whether the peer's close frame has come.
  package private(set) var hasReceivedClose = false

  /// Whether the stream has ended, or waiting for that has been given up.
  package private(set) var isDisconnected = false

  /// The time at which ``tick(now:)`` is to be called, or nil.
  package private(set) var deadline: Instant?

  private var receivedCode: CloseCode = .abnormalClosure
  /// The latest time to which output that the peer takes may move the deadline.
  private var lastDeadline: Instant?

  /// How many close timeouts a peer may take in all, as long as it takes output in each of them.
  package static let maximumTimeoutCount = 60

  /// The handshake of an open connection.
  package init(closeTimeout: Duration) {
    self.closeTimeout = closeTimeout
  }

  /// The connection close code of §7.1.5: the peer's, 1005 for none in its frame, 1006 for no
  /// frame.
  package var closeCode: CloseCode {
    receivedCode
  }

  /// Closes from this side, or fails the connection: for a handler, operator, limit or violation.
  package mutating func closeRequested(_ code: CloseCode?, now: Instant) -> Action {
    guard !hasSentClose && !isDisconnected else { return .none }
    initiator = .local
    hasSentClose = true
    begin(now)
    return .sendClose(code)
  }

  /// Takes the peer's close frame; a nil code means that it had none.
  ///
  /// "When sending a Close frame in response, the endpoint typically echos the status code it
  /// received" (§5.5.1), and browsers show the answer to their page: code and reason go back as
  /// they came, and an empty frame is answered with an empty one. The deadline then bounds the time
  /// until the peer ends its side of the TCP connection.
  package mutating func closeReceived(_ code: CloseCode?, now: Instant) -> Action {
    guard !hasReceivedClose && !isDisconnected else { return .none }
    hasReceivedClose = true
    receivedCode = code ?? .noStatusReceived
    begin(now)
    guard !hasSentClose else { return .disconnect }
    initiator = .peer
    hasSentClose = true
    return .replyAndDisconnect(code)
  }

  /// Moves the deadline, as the peer took some of the output before the close frame: a slow reader
  /// gets all that it is owed, not only as much as fits into one close timeout.
  package mutating func outputTaken(now: Instant) {
    guard deadline != nil, let lastDeadline else { return }
    deadline = min(now.advanced(by: closeTimeout), lastDeadline)
  }

  private mutating func begin(_ now: Instant) {
    deadline = now.advanced(by: closeTimeout)
    lastDeadline = lastDeadline ?? now.advanced(by: closeTimeout * Self.maximumTimeoutCount)
  }

  /// Takes the end of the peer's stream, with or without a close frame.
  package mutating func streamEnded() -> Action {
    guard !isDisconnected else { return .none }
    isDisconnected = true
    deadline = nil
    return .disconnect
  }

  /// Abandons the handshake once its deadline has passed; call it at ``deadline`` or later.
  package mutating func tick(now: Instant) -> Action {
    guard let deadline, now >= deadline else { return .none }
    self.deadline = nil
    isDisconnected = true
    return .abandon
  }
}
