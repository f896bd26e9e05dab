import EventLoop
import Vocabulary
import WebSocketProtocol

/// One side of a WebSocket that a reactor serves: a connection with framing, masking, compression,
/// keepalive, output owed and a closing handshake of its own.
///
/// A session is the leg to a client; a relayed session has a second one, to its upstream. A leg
/// belongs to one reactor and is used on that reactor's thread only. Methods that a kind of leg must
/// have are declared in the class and end the process here.
public class Leg {
  /// The phase of the connection, finer than the `state` that is shown.
  enum Phase {
    /// Messages flow.
    case open
    /// A write failed; the end comes when the turn is over.
    case failing
    /// A close frame was sent or received; the other one, or output before ours, is awaited.
    case closing
    /// Everything is sent and the sending side shut; input is discarded until the peer is done.
    case lingering
    /// The connection is gone.
    case closed
  }

  /// Temporary states of a leg.
  struct Marks: OptionSet {
    var rawValue: UInt8
    /// Output is waiting for the end of the turn.
    static let dirty = Marks(rawValue: 1)
    /// Input is kept: unconsumed, or of a message that is not complete.
    static let holdingInput = Marks(rawValue: 2)
    /// The engine has counted bytes that it holds.
    static let accounted = Marks(rawValue: 4)
    /// An asynchronous handler may hold messages.
    static let inbox = Marks(rawValue: 8)
    /// It stands in the line of legs that go on with held input in a later turn.
    static let waiting = Marks(rawValue: 16)
    /// Its peer sent more than a turn's worth the last time.
    static let busy = Marks(rawValue: 32)
    /// The first part of a message was sent, and its last was not: no other message may begin.
    static let midMessage = Marks(rawValue: 64)
  }

  /// The reasons for which messages are inspected; empty for most sessions, and asked for every
  /// message.
  struct Inspection: OptionSet {
    var rawValue: UInt8
    /// A rate limits what the peer may send.
    static let rated = Inspection(rawValue: 1)
    /// An operator watches the messages.
    static let tapped = Inspection(rawValue: 2)
    /// They go to an upstream instead of a handler.
    static let relayed = Inspection(rawValue: 4)
  }

  final let reactor: SessionReactor
  /// The reactor's, at hand for every message.
  final let cork: Cork
  final let receiver: UncheckedConfined<FrameReceiver>
  final var connection: Connection
  final private(set) var limits: SessionLimits
  final private(set) var extras: LegExtras?
  final var wakeUp = Instant(nanoseconds: .max)
  // One-byte properties are declared after `keepalive` to fill its tail padding.
  final var keepalive: Keepalive
  /// Whether the connection is encrypted.
  final let isSecure: Bool
  /// Whether this side is the client, which masks its frames (RFC 6455 §5.1).
  final let isClient: Bool
  final var phase: Phase = .open
  final var marks: Marks = []
  /// Whether the connection is not read from; asked for every message.
  final private(set) var isInputPaused = false
  /// The reasons for which messages are inspected.
  final private(set) var inspection: Inspection = []
  /// Whether the rate allows no other message now, so that read input is looked at no further.
  final var isRateSpent = false {
    didSet { isInputPaused = connection.isPaused || isRateSpent }
  }

  /// A leg whose opening handshake is done; takes over the connection.
  init(
    role: Role, reactor: SessionReactor, limits: SessionLimits,
    connection: consuming Connection, compression: MessageCompression?
  ) {
    self.reactor = reactor
    cork = reactor.cork
    isSecure = connection.tls != nil
    isClient = role == .client
    if !connection.unconsumed.isEmpty { marks.insert(.holdingInput) }
    self.connection = connection
    self.limits = limits
    receiver = UncheckedConfined(
      FrameReceiver(
        role: role, maximumMessageByteCount: limits.messageByteCount, compression: compression))
    keepalive = Keepalive(now: reactor.now)
  }

  // MARK: What a kind of leg must have

  /// The name of the session that it is of.
  public var id: SessionID { preconditionFailure("a kind of leg has it") }

  /// The pattern of the session's route.
  var routePattern: String { preconditionFailure("a kind of leg has it") }

  /// Takes a message of the peer's.
  ///
  /// - Parameter message: the payload, valid during the call; text is valid UTF-8.
  func deliver(_ message: Span<UInt8>, as kind: MessageKind) {
    preconditionFailure("a kind of leg does it")
  }

  /// Takes a part of a message of the peer's; only from a receiver that passes parts.
  func pass(_ payload: Span<UInt8>, as part: MessagePart) {
    preconditionFailure("a kind of leg that passes parts does it")
  }

  /// The leg to which what this one receives is relayed, and that causes what this one is owed; nil
  /// if it is not relayed, or no more.
  var counterpart: Leg? { nil }

  /// Takes it that other limits hold.
  func limitsChanged() {}

  /// Takes it that the reasons for which messages are inspected have changed.
  func inspectionChanged() {}

  /// Publishes the counts since the last time.
  ///
  /// - Parameter isOwing: whether the peer may be owed output.
  func publish(_ delta: TurnDelta, isOwing: Bool = true) {
    preconditionFailure("a kind of leg does it")
  }

  /// The time of the last message in either direction, or of the opening.
  var lastMessage: Instant { preconditionFailure("a kind of leg knows it") }

  /// How many bytes were sent on the connection.
  var wireOutByteCount: Int { preconditionFailure("a kind of leg knows it") }

  /// The bytes that it holds besides those of its connection and of a message under way.
  var otherHeldByteCount: Int { 0 }

  /// Notes the round trip of a ping.
  func noteRoundTrip(_ duration: Duration) {}

  /// Notes that the peer sends more than its rate allows, or no longer.
  func noteThrottled(_ isThrottled: Bool) {}

  /// Notes that the state that is shown has changed.
  func noteState() {}

  /// Counts a message that `backlog-policy` dropped.
  func noteDropped() { reactor.counters.add(1, to: .droppedMessages) }

  /// Gives up output that is on its way and not in the backlog yet.
  func dropPendingOutput() {}

  /// Takes the end, once it is decided.
  func ended(_ close: SessionClose) {}

  /// Takes it that the peer has taken output.
  func drained() {}

  /// Takes it that the connection is gone, at the end of the turn.
  func removed() {}

  /// Shows a message or control frame to taps; called while there are any.
  func tap(
    _ direction: TapDirection, _ kind: TapKind, _ payload: Span<UInt8>,
    compressedByteCount: Int? = nil, closeCode: CloseCode? = nil
  ) {}

  // MARK: What every leg has

  /// The compression of its messages; nil if permessage-deflate was not negotiated.
  ///
  /// The receiver has it, so that a leg takes no more memory for it.
  final var compression: MessageCompression? {
    @inline(__always) get { receiver.change { $0.compression } }
  }

  /// The state of the session, as it is shown.
  public final var state: SessionState {
    switch phase {
    case .open: .open
    case .failing, .closing, .lingering: .closing
    case .closed: .closed
    }
  }

  /// The output that the peer has yet to take, in bytes.
  public final var backlogByteCount: Int { connection.backlogByteCount }

  /// Applies other limits.
  ///
  /// They hold from the next frame on, also for the message under way.
  final func adopt(_ limits: SessionLimits) {
    guard limits !== self.limits else { return }
    self.limits = limits
    keepalive.timingsChanged(to: limits.keepalive, now: reactor.now)
    if limits.messageTimeout != nil {
      noteMessage(isUnderWay: receiver.change { $0.isReceivingMessage }, isAnother: false)
    }
    receiver.change { $0.maximumMessageByteCount = limits.messageByteCount }
    extras?.closing.closeTimeout = .nanoseconds(limits.closeTimeout)
    scheduleWakeUp()
    updateBacklogPause()
    limitsChanged()
  }

  /// The state that few legs have; made when it is first needed.
  final func makeExtras() -> LegExtras {
    if let extras { return extras }
    let extras = LegExtras(closeTimeout: .nanoseconds(limits.closeTimeout))
    self.extras = extras
    return extras
  }

  /// Whether a rate limits what the peer may send.
  @inline(__always)
  final var isRated: Bool { inspection.contains(.rated) }

  /// Whether an operator watches its messages.
  @inline(__always)
  final var isTapped: Bool { inspection.contains(.tapped) }

  final func setInspection(_ reason: Inspection, _ isSet: Bool) {
    guard inspection.contains(reason) != isSet else { return }
    if isSet { inspection.insert(reason) } else { inspection.remove(reason) }
    inspectionChanged()
  }

  /// The peer's rate, if one is set.
  final var rate: SessionRate? {
    get { extras?.rate }
    set {
      setInspection(.rated, newValue != nil)
      if isRated { makeExtras().rate = newValue } else { extras?.rate = nil }
    }
  }

  /// The end, from the moment that it is decided.
  final var close: SessionClose? { extras?.close }

  final func setMark(_ mark: Marks, _ isSet: Bool) {
    if isSet { marks.insert(mark) } else { marks.remove(mark) }
  }

  /// Stops or starts reading for a reason.
  final func setPause(_ reason: Connection.PauseReasons, _ isPaused: Bool) {
    connection.setPause(reason, isPaused, with: reactor.reactor)
    isInputPaused = connection.isPaused || isRateSpent
  }

  /// Decides the end: counted and told to whom it concerns, once.
  final func end(
    _ code: CloseCode, reason: String = "", by initiator: CloseInitiator, act: OperatorAct? = nil
  ) {
    guard close == nil else { return }
    let close = SessionClose(code: code, reason: reason, initiator: initiator, act: act)
    makeExtras().close = close
    phase = .closing
    compression?.end()
    if marks.contains(.accounted) { account() }
    ended(close)
  }

  /// Updates the bytes of the engine's memory that the leg holds.
  final func account() {
    let held =
      connection.heldByteCount + receiver.change { $0.bufferCapacity } + otherHeldByteCount
    // Closing legs have no weight, since they already give back all they can.
    let weight = phase == .open ? max(held, connection.limitedBacklogByteCount) : 0
    let accounted = extras?.memory ?? LegMemory.Entry()
    guard held != accounted.heldByteCount || weight != accounted.weight else { return }
    reactor.memory.update(self, held: held, weight: weight)
    setMark(.accounted, held > 0 || weight > 0)
  }
}

extension Leg: ReactorHandler {
  package func handle(_ readiness: Readiness) {
    if readiness.wantsWrite { flushOutput() }
    guard phase != .closed else { return }
    if isInputPaused {
      // Nothing is read while paused, and a dead connection would be reported again and again.
      if readiness.isBroken { connectionLost() }
    } else if readiness.wantsRead, !marks.contains(.waiting) {
      receive()
    }
  }

  package func handleDeadline() {
    guard phase != .closed else { return }
    if isRated { resumeIfWithinRate() }
    // A deadline that was set before `wakeUp` moved to an earlier time is passed over; or there
    // would be two for good.
    guard reactor.now >= wakeUp else { return }
    passDeadline()
  }
}

@available(*, unavailable)
extension Leg: Sendable {}
