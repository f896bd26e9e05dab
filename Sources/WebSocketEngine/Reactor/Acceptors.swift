import EventLoop
import Vocabulary

/// The listening sockets of one reactor.
///
/// When the system runs out of descriptors they are no longer watched, so that nothing spins, until
/// a session has freed one or a moment has passed.
final class Acceptors {
  private let reactor: Reactor
  private var listeners: [SessionListener] = []
  private var isPaused = false
  /// Whether nothing was accepted since descriptors were found to be wanting.
  private var isExhausted = false
  private var retryTimer: Reactor.Registration?
  /// Called once whenever accepting stops for want of descriptors.
  var whenExhausted: (SystemError) -> Void = { _ in }
  /// Called at each time that a descriptor is wanting: to end what can be spared.
  var makeRoom: () -> Void = {}

  /// How long accepting waits for a descriptor, if no session frees one.
  static let retryInterval = Duration.milliseconds(200)

  init(reactor: Reactor) {
    self.reactor = reactor
  }

  /// Listens on a descriptor, which other reactors may share.
  func add(_ listener: SessionListener) throws(SystemError) {
    try listener.watch()
    listeners.append(listener)
  }

  /// Shows other certificates to those who connect from here on.
  func adopt(_ contexts: TLSContexts) {
    for listener in listeners { listener.tls = contexts[listener.index] }
  }

  /// No descriptor is left: stop accepting for now.
  func exhausted(_ error: SystemError) {
    guard !isPaused else { return }
    isPaused = true
    for listener in listeners { listener.unwatch() }
    let timer = retryTimer ?? reactor.registerTimer(self)
    retryTimer = timer
    reactor.setDeadline(reactor.now.advanced(by: Self.retryInterval), for: timer)
    if !isExhausted {
      isExhausted = true
      whenExhausted(error)
    }
    makeRoom()
  }

  /// A connection was accepted: descriptors are there again.
  func accepted() { isExhausted = false }

  /// A session is gone, and its descriptor with it.
  func descriptorFreed() {
    guard isPaused else { return }
    isPaused = false
    for listener in listeners {
      do throws(SystemError) {
        try listener.watch()
      } catch {
        // One that is not watched would never be again: all wait for the next try.
        return exhausted(error)
      }
    }
  }

  /// Stops listening for good.
  func close() {
    for listener in listeners { listener.unwatch() }
    listeners = []
    isPaused = false
    if let retryTimer { reactor.unregister(retryTimer) }
    retryTimer = nil
  }
}

extension Acceptors: ReactorHandler {
  package func handle(_ readiness: Readiness) {}

  package func handleDeadline() { descriptorFreed() }
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
  /// What secures connections that are accepted; nil for a listener in the clear.
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
    // A lone connection is the rule: asking for another one each time would be a call in vain.
    // More come at once only if the turn before has met more than it took.
    let turn = sessions.reactor.turnCount
    acceptCount = turn == nextTurn ? min(acceptCount * 2, Self.maximumAcceptCount) : 1
    nextTurn = turn &+ 1
    for _ in 0..<acceptCount {
      switch Socket.accept(from: descriptor) {
      case .connection(let connection, let peer):
        sessions.acceptors.accepted()
        OpeningConnection.begin(
          connection, from: peer, listener: self, on: sessions)
      case .wouldBlock: return
      case .exhausted(let error): return sessions.acceptors.exhausted(error)
      }
    }
  }

  func handleDeadline() {}
}
