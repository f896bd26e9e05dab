internal import EventLoop
internal import Vocabulary

/// The listening socket of the control API.
///
/// It still accepts when the process has no descriptor left: one of the engine's reserve is given
/// up for each connection, and taken back when one ends. When the reserve is used up too the socket
/// is not watched for a moment, so that nothing spins.
final class ControlListener {
  private static let retryInterval = Duration.milliseconds(200)
  private static let maximumAcceptCount = 16

  private let descriptor: OwnedDescriptor
  private let reactor: Reactor
  private let lend: () -> Bool
  private let take: (Int32, PeerAddress) -> Void
  private var registration: Reactor.Registration?
  private var retryTimer: Reactor.Registration?

  /// - Parameters:
  ///   - lend: frees a descriptor for a connection; false if there is none.
  ///   - take: gets an accepted connection, whose descriptor it owns.
  init(
    owning descriptor: Int32, reactor: Reactor, lend: @escaping () -> Bool,
    take: @escaping (Int32, PeerAddress) -> Void
  ) {
    self.descriptor = OwnedDescriptor(owning: descriptor)
    self.reactor = reactor
    self.lend = lend
    self.take = take
  }

  /// Accepts from here on.
  func watch() {
    guard registration == nil else { return }
    do throws(SystemError) {
      registration = try reactor.register(
        self, descriptor: descriptor.number, for: .readable)
    } catch {
      retryLater()
    }
  }

  /// Stops accepting.
  func unwatch() {
    guard let registration else { return }
    reactor.unwatch(registration, descriptor: descriptor.number)
    self.registration = nil
  }

  private func retryLater() {
    let timer = retryTimer ?? reactor.registerTimer(self)
    retryTimer = timer
    reactor.setDeadline(reactor.now.advanced(by: Self.retryInterval), for: timer)
  }
}

extension ControlListener: ReactorHandler {
  func handle(_ readiness: Readiness) {
    for _ in 0..<Self.maximumAcceptCount {
      switch Socket.accept(from: descriptor.number) {
      case .connection(let connection, let peer): take(connection, peer)
      case .wouldBlock: return
      case .exhausted:
        if lend() { continue }
        unwatch()
        return retryLater()
      }
    }
  }

  func handleDeadline() { watch() }
}

@available(*, unavailable)
extension ControlListener: Sendable {}
