import EventLoop
import Vocabulary

/// A session's byte stream: the descriptor, what is watched for, and what the peer has yet to take.
struct Connection: ~Copyable {
  /// Why a connection is not read from.
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
    /// The TLS handshake waits for its turn.
    static let handshakeTurn = PauseReasons(rawValue: 16)
  }

  let descriptor: Int32
  private(set) var pauses: PauseReasons = []
  /// Exists while the peer is owed anything; it is empty if that is encrypted already.
  var backlog: Backlog?
  /// What secures the connection; nil for one in the clear.
  private(set) var tls: TLSConnection?
  /// Input that was not consumed: an incomplete header or control frame, or everything behind a
  /// pause.
  var unconsumed: [UInt8] = []
  private var owned: OwnedDescriptor?
  private var registration: Reactor.Registration?
  private var interest: Interest = .readable

  /// Takes over a descriptor that is watched for reading.
  init(owning descriptor: Int32, registration: Reactor.Registration?) {
    self.descriptor = descriptor
    owned = OwnedDescriptor(owning: descriptor)
    self.registration = registration
  }

  /// What the peer is still owed, in bytes.
  var backlogByteCount: Int { (backlog?.byteCount ?? 0) + (tls?.unsentByteCount ?? 0) }

  /// The same, without the bytes of broadcasts, which the engine counts once for all.
  var ownBacklogByteCount: Int { (backlog?.ownByteCount ?? 0) + (tls?.unsentByteCount ?? 0) }

  var isPaused: Bool { !pauses.isEmpty }

  var isClosed: Bool { owned == nil }

  /// Passes what is sent and received through TLS from here on.
  mutating func secure(with tls: TLSConnection) {
    self.tls = tls
  }

  /// Watches the descriptor, which must not be watched yet.
  mutating func register(
    _ handler: any ReactorHandler, with reactor: Reactor
  ) throws(SystemError) {
    registration = try reactor.register(handler, descriptor: descriptor, for: interest)
  }

  /// Hands events and deadlines to another object from here on.
  func setHandler(_ handler: any ReactorHandler, with reactor: Reactor) {
    guard let registration else { return }
    reactor.replaceHandler(of: registration, with: handler)
  }

  /// Calls the handler once the instant has passed.
  func setDeadline(_ instant: Instant, with reactor: Reactor) {
    guard let registration else { return }
    reactor.setDeadline(instant, for: registration)
  }

  /// Closes the descriptor; what is owed is forgotten.
  mutating func close(_ reactor: Reactor) {
    if let registration { reactor.unregister(registration) }
    registration = nil
    owned = nil
    backlog = nil
    tls = nil
    unconsumed = []
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

  /// Sends what is owed, and watches for room only after a short write.
  ///
  /// - Returns: the bytes that went out, and whether the connection failed.
  mutating func flush(_ reactor: Reactor) -> (sent: Int, hasFailed: Bool) {
    let descriptor = descriptor
    let result: (sent: Int, hasFailed: Bool)
    if let tls {
      result = backlog?.flush(to: descriptor, through: tls) ?? (0, false)
      if backlog?.isEmpty == true, !tls.hasUnsent { backlog = nil }
    } else {
      result = backlog?.flush(to: descriptor) ?? (0, false)
      if backlog?.isEmpty == true { backlog = nil }
    }
    updateInterest(reactor)
    return result
  }

  /// Watches for room if something is owed that a short write left.
  mutating func watchForRoom(_ reactor: Reactor) {
    if backlog != nil { updateInterest(reactor) }
  }

  private mutating func updateInterest(_ reactor: Reactor) {
    var wanted: Interest = pauses.isEmpty ? .readable : []
    if backlog != nil { wanted.insert(.writable) }
    guard wanted != interest, let registration else { return }
    interest = wanted
    // The descriptor is registered, so the kernel has no reason to refuse.
    try? reactor.change(registration, descriptor: descriptor, to: wanted)
  }
}
