import EventLoop
import Vocabulary

/// The listening sockets of one reactor.
///
/// When the system runs out of descriptors they are no longer watched, so that nothing spins, until
/// a session has freed one or a moment has passed. The pause is reported once, and its end once
/// accepting has gone well for a while: a longer while the oftener it was reported before.
final class Acceptors {
  /// The state of accepting.
  private enum State {
    /// It goes well, as far as is known.
    case accepting
    /// It waits for a descriptor.
    case paused
    /// It has begun again, and is not known to go well.
    case trying
  }

  private let reactor: Reactor
  private var listeners: [SessionListener] = []
  private var state = State.accepting
  private var retryTimer: Reactor.Registration?
  /// The time at which the state is looked at again.
  private var deadline = Instant(nanoseconds: .max)
  /// The beginning of the trouble, and of the good time before it.
  private var troubledSince = Instant(nanoseconds: 0)
  private var settledAt: Instant?
  private var settleInterval = Acceptors.leastSettleInterval
  /// Called once when accepting stops for want of descriptors.
  var whenExhausted: (SystemError) -> Void = { _ in }
  /// Called once when it goes well again, with how long it did not.
  var whenSettled: (Duration) -> Void = { _ in }
  /// Called whenever a descriptor is wanting: ends connections that can be spared.
  var makeRoom: () -> Void = {}

  /// How long accepting waits for a descriptor, if no session frees one.
  static let retryInterval = Duration.milliseconds(200)
  /// How long it has to go well before that is reported, at first.
  static let leastSettleInterval = Duration.seconds(1)
  /// How long it has to go well if it was reported in vain again and again.
  static let greatestSettleInterval = Duration.seconds(32)

  init(reactor: Reactor) {
    self.reactor = reactor
  }

  /// Listens on a descriptor, which other reactors may share.
  func add(_ listener: SessionListener) throws(SystemError) {
    try listener.watch()
    listeners.append(listener)
  }

  /// Shows other certificates to connections from here on.
  func adopt(_ contexts: TLSContexts) {
    for listener in listeners { listener.tls = contexts[listener.index] }
  }

  /// Stops accepting for now, since no descriptor is left.
  func exhausted(_ error: SystemError) {
    guard state != .paused else { return }
    let isNews = state == .accepting
    state = .paused
    for listener in listeners { listener.unwatch() }
    lookAgain(in: Self.retryInterval)
    if isNews {
      let wasWellFor = settledAt?.duration(to: reactor.now)
      settleInterval =
        wasWellFor.map { $0 < Self.greatestSettleInterval } == true
        ? min(settleInterval * 2, Self.greatestSettleInterval) : Self.leastSettleInterval
      troubledSince = reactor.now
      whenExhausted(error)
    }
    makeRoom()
  }

  /// Accepts again, since a session is gone and its descriptor with it.
  func descriptorFreed() {
    guard state == .paused else { return }
    state = .trying
    lookAgain(in: settleInterval)
    for listener in listeners {
      do throws(SystemError) {
        try listener.watch()
      } catch {
        // A listener that is not watched would never be again: all wait for the next try.
        return exhausted(error)
      }
    }
  }

  /// Stops listening for good.
  func close() {
    for listener in listeners { listener.unwatch() }
    listeners = []
    state = .accepting
    if let retryTimer { reactor.unregister(retryTimer) }
    retryTimer = nil
  }

  private func lookAgain(in duration: Duration) {
    let timer = retryTimer ?? reactor.registerTimer(self)
    retryTimer = timer
    deadline = reactor.now.advanced(by: duration)
    reactor.setDeadline(deadline, for: timer)
  }

  /// Whether a descriptor could be opened now, which no accept may have shown.
  private var hasDescriptor: Bool {
    guard let descriptor = try? Syscalls.openNothing() else { return false }
    Syscalls.close(descriptor)
    return true
  }
}

extension Acceptors: ReactorHandler {
  package func handle(_ readiness: Readiness) {}

  package func handleDeadline() {
    guard reactor.now >= deadline else { return }
    switch state {
    case .accepting: break
    case .paused: descriptorFreed()
    case .trying where hasDescriptor:
      state = .accepting
      settledAt = reactor.now
      whenSettled(troubledSince.duration(to: reactor.now))
    case .trying: lookAgain(in: settleInterval)
    }
  }
}

/// One listening socket as one reactor sees it.
final class SessionListener: ReactorHandler {
  /// The most connections accepted in a turn, so that open sessions are served between them.
  static let maximumAcceptCount = 64

  /// Its place among the server's listeners.
  let index: Int
  private let descriptor: Int32
  /// The address, as it is shown.
  let address: String
  /// Whether it is bound to an address of the machine itself, where pages of other sites must not
  /// pass for its own.
  let isLoopback: Bool
  /// The TLS context of accepted connections; nil for a listener in the clear.
  var tls: TLSContext?
  private let isShared: Bool
  private unowned let sessions: SessionReactor
  private var registration: Reactor.Registration?
  /// How many connections a turn accepts now, if they wait.
  private var acceptCount = 1
  /// The turn after that which last accepted.
  private var nextTurn = 0

  /// - Parameter isShared: whether the descriptor stands in every reactor's epoll: a Unix socket.
  init(
    _ index: Int, descriptor: Int32, address: String, tls: TLSContext?, isShared: Bool,
    sessions: SessionReactor
  ) {
    self.index = index
    self.descriptor = descriptor
    self.address = address
    self.tls = tls
    self.isShared = isShared
    self.sessions = sessions
    // A Unix socket has no such address, and no page reaches it.
    let bound = try? Socket.boundAddress(of: descriptor)
    isLoopback = bound.flatMap { IPAddress($0.address) }?.isLoopback ?? false
  }

  func watch() throws(SystemError) {
    guard registration == nil else { return }
    registration = try sessions.reactor.register(
      self, descriptor: descriptor, for: isShared ? [.readable, .exclusive] : .readable)
  }

  func unwatch() {
    guard let registration else { return }
    sessions.reactor.unwatch(registration, descriptor: descriptor)
    self.registration = nil
  }

  func handle(_ readiness: Readiness) {
    // One connection is accepted, as a lone one is the rule, and a second call would be in vain;
    // more only if the turn before has met more than it took.
    let turn = sessions.reactor.turnCount
    acceptCount = turn == nextTurn ? min(acceptCount * 2, Self.maximumAcceptCount) : 1
    nextTurn = turn &+ 1
    for _ in 0..<acceptCount {
      switch Socket.accept(from: descriptor) {
      case .connection(let connection, let peer):
        OpeningConnection.begin(
          connection, from: peer, listener: self, on: sessions)
      case .wouldBlock: return
      case .exhausted(let error): return sessions.acceptors.exhausted(error)
      }
    }
  }

  func handleDeadline() {}
}
