package import EventLoop
import Vocabulary
package import WebSocketProtocol

/// The plan of a load, checked, its addresses looked up.
///
/// Counts must be at least 1, `activeCount` at most `connectionCount`, and `threadCount` at most
/// `maximumThreadCount`; a command line is checked for that before it becomes a plan.
package struct LoadPlan: Sendable {
  /// The answers that are expected.
  package enum Replies: String, CaseIterable, Sendable {
    /// Each message comes back, byte by byte, in its order.
    case echo
    /// Each message is answered by one of any content.
    case any
    /// No message is answered; messages that come are counted.
    case none
  }

  /// The rule by which messages are sent.
  package enum Pace: Equatable, Sendable {
    /// A reply lets the next one go: so many are in flight on each connection.
    case window(Int)
    /// The clock: so many messages per second over all connections.
    case rate(Double)
  }

  /// The most threads a load may have.
  package static let maximumThreadCount = 64
  /// How long replies are waited for after the load, and then closing handshakes.
  static let drainTimeout = Duration.seconds(5)
  static let closeTimeout = Duration.seconds(5)

  /// The URL of the handshakes.
  package var url: WebSocketURL
  /// The address that is connected to.
  package var address: ResolvedAddress
  /// The local addresses to connect from, in turn; none: the system chooses.
  package var sources: [ResolvedAddress] = []
  /// The TLS context of the connections; nil: they are not encrypted.
  package var tls: TLSContext?
  /// Whether the server is asked to compress, each message for itself.
  package var isCompressing = false
  /// The header fields of the handshake that are not the handshake's own.
  package var headers = Headers()
  /// The subprotocols that are offered, in the order of preference.
  package var subprotocols: [String] = []
  /// The content of the messages.
  package var payload = LoadPayload(kind: .binary, sizes: MessageSizes(20))
  /// The answers that are expected.
  package var replies = Replies.echo
  /// The rule by which messages are sent.
  package var pace = Pace.window(1)
  /// How many connections are opened.
  package var connectionCount = 1
  /// How many of the connections send; the others stay idle.
  package var activeCount = 1
  /// How many threads share the connections.
  package var threadCount = 1
  /// The most connections that are being opened at once, over all threads.
  package var openingLimit = 256
  /// The time over which the connections are opened.
  package var ramp = Duration.zero
  /// How long messages go before they are measured.
  package var warmUp = Duration.zero
  /// How long messages are measured.
  package var duration = Duration.seconds(10)
  /// How long one handshake may take.
  package var timeout = Duration.seconds(10)
  /// After how many messages a connection is closed and opened again; nil: never.
  package var reconnectAfter: Int?

  /// A plan for one server with the defaults of `wstop load`.
  ///
  /// - Parameters:
  ///   - url: the URL of the handshakes; if it is `wss`, `tls` must be set too.
  ///   - address: the address that is connected to, whatever the URL's host.
  package init(url: WebSocketURL, address: ResolvedAddress) {
    self.url = url
    self.address = address
  }

  /// How many descriptors the load has open at most: a connection has one, a thread three (epoll,
  /// timer, mailbox).
  package var descriptorCount: Int { connectionCount + threadCount * 3 }

  /// The extensions that are offered to the server.
  ///
  /// Without context each message can be compressed once for all connections, and the server's
  /// messages can be inflated without the ones before.
  var extensions: [Extension] {
    guard isCompressing else { return [] }
    var terms = DeflateTerms()
    terms.serverNoContextTakeover = true
    terms.clientNoContextTakeover = true
    return [terms.extension]
  }

  /// The time at which a connection is to be begun, counted from the beginning of the ramp.
  func opening(of connection: Int) -> Duration {
    ramp * connection / max(connectionCount, 1)
  }

  /// The numbers of the connections of a thread.
  func connections(of thread: Int) -> StrideTo<Int> {
    stride(from: thread, to: connectionCount, by: threadCount)
  }

  /// How many of a thread's connections may be opening at once.
  var openingLimitPerThread: Int { max(1, openingLimit / threadCount) }
}
