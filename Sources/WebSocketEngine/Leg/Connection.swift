import EventLoop
import Vocabulary

/// A session's byte stream: the descriptor, its watched events, and the output that the peer has
/// yet to take.
struct Connection: ~Copyable {
  /// The reasons for which a connection is not read from.
  struct PauseReasons: OptionSet {
    var rawValue: UInt8
    /// The peer is owed more than half of `backlog-bytes`.
    static let backlog = PauseReasons(rawValue: 1)
    /// The asynchronous handler's inbox is full.
    static let inbox = PauseReasons(rawValue: 2)
    /// The handler has yet to accept.
    static let acceptance = PauseReasons(rawValue: 4)
    /// The peer's stream has ended.
    static let streamEnd = PauseReasons(rawValue: 8)
    /// The peer sends more than its rate allows.
    static let rate = PauseReasons(rawValue: 16)
    /// The TLS handshake waits for its turn.
    static let handshakeTurn = PauseReasons(rawValue: 32)
    /// Another reactor has yet to take broadcasts that the peer caused.
    static let crowd = PauseReasons(rawValue: 64)
  }

  /// The TLS of the connection; nil for one in the clear.
  private(set) var tls: TLSConnection?
  private var pending: PendingBytes?
  private var registration = Reactor.Registration.none
  private var owned: OwnedDescriptor?
  private(set) var pauses: PauseReasons = []
  private var watchesForInput = true
  private var watchesForRoom = false

  /// The bytes pending in either direction, apart from the connection, since most hold none.
  private final class PendingBytes {
    var backlog: Backlog?
    var unconsumed = KeptInput()
  }

  /// A connection that is closed.
  init() {}

  /// Takes over a descriptor.
  init(owning descriptor: Int32) {
    owned = OwnedDescriptor(owning: descriptor)
  }

  /// The descriptor; -1 once it is closed.
  var descriptor: Int32 {
    switch owned {
    case .some(let owned): owned.number
    case .none: -1
    }
  }

  /// The output that the peer has yet to take, or nil; empty if all of it is encrypted already.
  ///
  /// To change it, take it out and put it back: then nothing of it is copied.
  var backlog: Backlog? {
    get { pending?.backlog }
    set {
      if let newValue {
        makePending().backlog = newValue
      } else if let pending {
        pending.backlog = nil
        if pending.unconsumed.isEmpty { self.pending = nil }
      }
    }
  }

  /// Input that was not consumed: an incomplete header or control frame, or everything behind a
  /// pause.
  var unconsumed: KeptInput {
    get { pending?.unconsumed ?? KeptInput() }
    set {
      if !newValue.isEmpty {
        makePending().unconsumed = newValue
      } else if let pending {
        pending.unconsumed = KeptInput()
        if pending.backlog == nil { self.pending = nil }
      }
    }
  }

  /// Takes out the input that was not consumed, so that reading goes on where it lies.
  mutating func takeUnconsumed() -> KeptInput {
    var taken = KeptInput()
    if let pending { swap(&taken, &pending.unconsumed) }
    unconsumed = KeptInput()
    return taken
  }

  private mutating func makePending() -> PendingBytes {
    if let pending { return pending }
    let pending = PendingBytes()
    self.pending = pending
    return pending
  }

  /// Whether the peer is owed output.
  var hasBacklog: Bool { pending?.backlog != nil }

  /// The bytes that the peer is still owed.
  var backlogByteCount: Int { (pending?.backlog?.byteCount ?? 0) + (tls?.unsentByteCount ?? 0) }

  /// The bytes that count against `backlog-bytes`: those owed, and those that it takes to keep
  /// them.
  var limitedBacklogByteCount: Int {
    (pending?.backlog?.limitedByteCount ?? 0) + (tls?.unsentByteCount ?? 0)
  }

  /// The bytes pending in either direction for this connection alone.
  var heldByteCount: Int {
    guard let pending else { return tls?.unsentByteCount ?? 0 }
    return (pending.backlog?.heldByteCount ?? 0) + pending.unconsumed.heldByteCount
      + (tls?.unsentByteCount ?? 0)
  }

  var isPaused: Bool { !pauses.isEmpty }

  var isClosed: Bool { owned == nil }

  /// Passes output and input through TLS from here on.
  mutating func secure(with tls: TLSConnection) {
    self.tls = tls
  }

  /// Lets TLS go once all its output is sent.
  mutating func endTLSIfSent() {
    guard let tls, !tls.hasUnsent else { return }
    self.tls = nil
    backlog = nil
  }

  /// Watches the descriptor, which must not be watched yet.
  mutating func register(
    _ handler: any ReactorHandler, with reactor: Reactor
  ) throws(SystemError) {
    registration = try reactor.register(handler, descriptor: descriptor, for: interest)
  }

  /// Hands events and deadlines to another object from here on.
  func setHandler(_ handler: any ReactorHandler, with reactor: Reactor) {
    reactor.replaceHandler(of: registration, with: handler)
  }

  /// Calls the handler once the instant has passed.
  func setDeadline(_ instant: Instant, with reactor: Reactor) {
    reactor.setDeadline(instant, for: registration)
  }

  /// Closes the descriptor; the output owed is forgotten.
  mutating func close(_ reactor: Reactor) {
    reactor.unregister(registration)
    registration = .none
    owned = nil
    pending = nil
    tls = nil
  }

  /// Stops or starts reading for a reason.
  mutating func setPause(_ reason: PauseReasons, _ isPaused: Bool, with reactor: Reactor) {
    guard pauses.contains(reason) != isPaused else { return }
    if isPaused {
      pauses.insert(reason)
    } else {
      pauses.remove(reason)
    }
    updateInterest(reactor)
  }

  /// Sends the output owed, and watches for room only after a short write.
  ///
  /// - Returns: the bytes that went out, and whether the connection failed.
  mutating func flush(_ reactor: Reactor) -> (sent: Int, hasFailed: Bool) {
    let descriptor = descriptor
    // The backlog is flushed where it is, so that nothing of it is copied.
    let result: (sent: Int, hasFailed: Bool)
    if let tls {
      result = pending?.backlog?.flush(to: descriptor, through: tls) ?? (0, false)
      if pending?.backlog?.isEmpty == true, !tls.hasUnsent { backlog = nil }
    } else {
      result = pending?.backlog?.flush(to: descriptor) ?? (0, false)
      if pending?.backlog?.isEmpty == true { backlog = nil }
    }
    updateInterest(reactor)
    return result
  }

  /// Watches for room if a short write left output.
  mutating func watchForRoom(_ reactor: Reactor) {
    if hasBacklog { updateInterest(reactor) }
  }

  /// Watches for changes alone, the peer's end included, and not for bytes that are there already;
  /// until `watchLevel`, or a pause, or output owed.
  func watchChanges(_ reactor: Reactor) {
    // The descriptor is registered, so the kernel has no reason to refuse.
    try? reactor.change(
      registration, descriptor: descriptor, to: [.readable, .edgeTriggered, .peerEnd])
  }

  /// Watches for bytes that are there again.
  func watchLevel(_ reactor: Reactor) {
    try? reactor.change(registration, descriptor: descriptor, to: interest)
  }

  private var interest: Interest {
    var interest: Interest = watchesForInput ? .readable : []
    if watchesForRoom { interest.insert(.writable) }
    return interest
  }

  private mutating func updateInterest(_ reactor: Reactor) {
    guard watchesForInput == isPaused || watchesForRoom != hasBacklog, !isClosed else { return }
    watchesForInput = !isPaused
    watchesForRoom = hasBacklog
    // The descriptor is registered, so the kernel has no reason to refuse.
    try? reactor.change(registration, descriptor: descriptor, to: interest)
  }
}
