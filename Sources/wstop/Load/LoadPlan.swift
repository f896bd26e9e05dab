import EventLoop
import Vocabulary
import WebSocketProtocol

/// Everything that is to be done, checked and looked up.
struct LoadPlan: Sendable {
  /// What answers are expected.
  enum Replies: String, CaseIterable, Sendable {
    /// Each message comes back, byte by byte, in its order.
    case echo
    /// Each message is answered by one of any content.
    case any
    /// No message is answered; what comes is counted.
    case none
  }

  /// What decides when a message is sent.
  enum Pace: Equatable, Sendable {
    /// A reply lets the next one go: so many are in flight on each connection.
    case window(Int)
    /// The clock: so many messages per second over all connections.
    case rate(Double)
  }

  /// The most threads a load may have.
  static let maximumThreadCount = 64
  /// How long replies are waited for after the load, and then closing handshakes.
  static let drainTimeout = Duration.seconds(5)
  static let closeTimeout = Duration.seconds(5)

  var url: WebSocketURL
  var address: ResolvedAddress
  /// The local addresses to connect from, in turn; none: the system chooses.
  var sources: [ResolvedAddress] = []
  /// What encrypts the connections; nil: nothing does.
  var tls: TLSContext?
  /// Whether the server is asked to compress, each message for itself.
  var isCompressing = false
  var headers = Headers()
  var subprotocols: [String] = []
  var payload = LoadPayload(kind: .binary, sizes: MessageSizes(20))
  var replies = Replies.echo
  var pace = Pace.window(1)
  var connectionCount = 1
  /// How many of the connections send; the others stay idle.
  var activeCount = 1
  var threadCount = 1
  /// The most connections that are being opened at once, over all threads.
  var openingLimit = 256
  /// The time over which the connections are opened.
  var ramp = Duration.zero
  var warmUp = Duration.zero
  var duration = Duration.seconds(10)
  /// How long one handshake may take.
  var timeout = Duration.seconds(10)
  /// After how many messages a connection is closed and opened again; nil: never.
  var reconnectAfter: Int?

  /// The extensions that are offered to the server.
  ///
  /// Without context each message can be compressed once for all connections, and the server's need
  /// nothing of those before.
  var extensions: [Extension] {
    guard isCompressing else { return [] }
    var terms = DeflateTerms()
    terms.serverNoContextTakeover = true
    terms.clientNoContextTakeover = true
    return [terms.extension]
  }

  /// When a connection is to be begun, counted from the beginning of the ramp.
  func opening(of connection: Int) -> Duration {
    ramp * connection / max(connectionCount, 1)
  }

  /// The numbers of the connections that a thread has.
  func connections(of thread: Int) -> StrideTo<Int> {
    stride(from: thread, to: connectionCount, by: threadCount)
  }

  /// How many of the connections that are being opened a thread may have.
  var openingLimitPerThread: Int { max(1, openingLimit / threadCount) }
}
