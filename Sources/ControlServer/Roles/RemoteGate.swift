internal import EventLoop
internal import Vocabulary

/// Bounds the cost of clients from elsewhere before their identity is known: how many there are,
/// how many handshakes they begin in a second, and how often they may show a wrong token.
///
/// It reads no clock.
struct RemoteGate {
  /// The origin whose attempts are counted together: an address, or an IPv6 network of 64 bits,
  /// whose addresses one client may choose among.
  struct Origin: Hashable {
    private let address: IPAddress?

    init(_ peer: PeerAddress) {
      address = IPAddress(peer.address).map { address in
        address.isIPv4 ? address : IPAddress(v6: address.bits & ~UInt128(UInt64.max))
      }
    }
  }

  /// The most clients at once that have not shown a token.
  static let maximumOpeningCount = 32
  /// The most of them from one origin.
  static let maximumOpeningCountOfOrigin = 8
  /// The most TLS handshakes that begin in a second: they are work for the control thread.
  static let maximumHandshakeCountPerSecond = 64
  /// The most of them from one origin, so that none takes all.
  static let maximumHandshakeCountOfOriginPerSecond = 24
  /// How many wrong tokens from one origin are looked at in a minute.
  static let maximumFailureCount = 10
  /// How long wrong tokens count.
  static let failureDuration = Duration.seconds(60)
  /// How many origins' wrong tokens are counted.
  static let maximumOriginCount = 1024

  private struct Failures {
    var count: Int
    var since: Instant
  }

  private var opening: [Origin: Int] = [:]
  private var failures: [Origin: Failures] = [:]
  /// The handshakes that began in the second under way.
  private var handshakes: [Origin: Int] = [:]
  private var handshakeCount = 0
  private var second = Instant(nanoseconds: 0)

  /// How many clients have not shown a token yet.
  private(set) var openingCount = 0

  /// A gate before its first client.
  init() {}

  /// Whether a client that has connected may go on; if so, `leave` follows.
  mutating func enter(_ origin: Origin, at now: Instant) -> Bool {
    if now >= second.advanced(by: .seconds(1)) {
      second = now
      handshakeCount = 0
      handshakes = [:]
    }
    guard openingCount < Self.maximumOpeningCount,
      opening[origin, default: 0] < Self.maximumOpeningCountOfOrigin,
      handshakeCount < Self.maximumHandshakeCountPerSecond,
      handshakes[origin, default: 0] < Self.maximumHandshakeCountOfOriginPerSecond
    else { return false }
    handshakeCount += 1
    handshakes[origin, default: 0] += 1
    openingCount += 1
    opening[origin, default: 0] += 1
    return true
  }

  /// Takes out a client that has shown a token or is gone.
  mutating func leave(_ origin: Origin) {
    openingCount -= 1
    let count = opening[origin, default: 1] - 1
    opening[origin] = count > 0 ? count : nil
  }

  /// Whether no wrong token of an origin is looked at any more.
  func isBlocked(_ origin: Origin, at now: Instant) -> Bool {
    guard let found = failures[origin], !isOver(found, at: now) else { return false }
    return found.count >= Self.maximumFailureCount
  }

  /// Counts a wrong token.
  ///
  /// - Returns: how many came from the origin within the minute.
  mutating func fail(_ origin: Origin, at now: Instant) -> Int {
    if let found = failures[origin], !isOver(found, at: now) {
      failures[origin] = Failures(count: found.count + 1, since: found.since)
      return found.count + 1
    }
    if failures.count >= Self.maximumOriginCount {
      failures = failures.filter { !isOver($0.value, at: now) }
    }
    if failures.count >= Self.maximumOriginCount,
      let oldest = failures.min(by: { $0.value.since < $1.value.since })
    {
      failures[oldest.key] = nil
    }
    failures[origin] = Failures(count: 1, since: now)
    return 1
  }

  private func isOver(_ failures: Failures, at now: Instant) -> Bool {
    now >= failures.since.advanced(by: Self.failureDuration)
  }
}
