import EventLoop
import Vocabulary
import WebSocketProtocol

/// A few dozen synthetic clients on one thread.
final class DemoCrowd {
  /// The longest life of the clients, if nobody ends the demo.
  static let maximumDuration = Duration.seconds(4 * 3600)

  let reactor: Reactor
  let address: SocketAddress
  let oversizedByteCount: Int
  let input = ReactorBuffer(byteCount: 256 << 10)
  let streams = DeflateStreams()
  private let mailbox: Mailbox<Bool>
  private let end: Instant
  private var generator = SystemRandomNumberGenerator()
  private var clients: [DemoClient] = []
  private var resting: [(client: DemoClient, until: Instant)] = []
  private var pulse: Reactor.Registration?

  init(
    reactor: Reactor, address: SocketAddress, oversizedByteCount: Int, mailbox: Mailbox<Bool>
  ) {
    self.reactor = reactor
    self.address = address
    self.oversizedByteCount = oversizedByteCount
    self.mailbox = mailbox
    end = reactor.now.advanced(by: Self.maximumDuration)
  }

  /// Starts the clients on a thread of their own, until the handle is stopped.
  static func start(
    at address: SocketAddress, oversizedByteCount: Int
  ) throws(SystemError) -> DemoCrowdHandle {
    let mailbox = try Mailbox<Bool>()
    let reactor = try Reactor()
    try reactor.watch(mailbox)
    let thread = try LoopThread(name: "demo clients") {
      let crowd = DemoCrowd(
        reactor: reactor, address: address, oversizedByteCount: oversizedByteCount,
        mailbox: mailbox)
      crowd.run()
    }
    return DemoCrowdHandle(mailbox: mailbox, thread: thread)
  }

  func random() -> UInt32 { generator.next() }

  func random(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

  /// A client's opening handshake for a path.
  func opening(
    to path: String, _ headers: Headers, extensions: [Extension]
  ) -> ClientOpening {
    ClientOpening(
      host: address.description, target: path, extensions: extensions, headers: headers)
  }

  /// Wakes a client that has no connection.
  func wake(_ client: DemoClient, in duration: Duration) {
    resting.append((client, reactor.now.advanced(by: duration)))
  }

  private func run() {
    for habit in DemoHabit.allCases {
      for _ in 0..<habit.clientCount {
        let client = DemoClient(habit, in: self)
        clients.append(client)
        wake(client, in: .milliseconds(random(in: 0...1500)))
      }
    }
    let pulse = reactor.registerTimer(self)
    self.pulse = pulse
    reactor.setDeadline(reactor.now.advanced(by: .milliseconds(100)), for: pulse)
    reactor.run(self)
    for client in clients { client.vanish() }
  }
}

extension DemoCrowd: ReactorHandler {
  func handle(_ readiness: Readiness) {}

  func handleDeadline() {
    let due = resting.filter { $0.until <= reactor.now }
    resting.removeAll { $0.until <= reactor.now }
    for (client, _) in due { client.wakeUp() }
    if reactor.now > end { return reactor.stop() }
    if let pulse { reactor.setDeadline(reactor.now.advanced(by: .milliseconds(100)), for: pulse) }
  }
}

extension DemoCrowd: ReactorDelegate {
  func turnBegins() -> Bool {
    let mustStop = !mailbox.takeAll().isEmpty
    if mustStop { reactor.stop() }
    return mustStop
  }

  func turnEnds() -> Bool { false }
}

@available(*, unavailable)
extension DemoCrowd: Sendable {}

/// A handle that ends a crowd from another thread.
struct DemoCrowdHandle: Sendable {
  fileprivate let mailbox: Mailbox<Bool>
  fileprivate let thread: LoopThread

  /// Ends every client and waits for their thread.
  func stop() {
    mailbox.post(true)
    thread.join()
  }
}
