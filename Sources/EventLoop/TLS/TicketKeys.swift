internal import COpenSSL
internal import Synchronization
internal import Vocabulary

/// The keys of one context's session tickets (RFC 5077 §4), which change by themselves: a stolen
/// key opens the sessions that were resumed with it, but none before it and none for long after.
///
/// A key seals tickets for 12 hours and opens them for 12 more. Shared by all threads; taken once a
/// handshake.
final class TicketKeys: Sendable {
  /// How long a key seals, and how long it opens after that.
  static let lifetime = Duration.seconds(12 * 3600)

  /// The length of a secret for `COpenSSL_useTicketKey`: 32 bytes for AES-256 and 32 for
  /// HMAC-SHA-256.
  static let secretByteCount = 64

  /// One key.
  struct Key: Sendable {
    /// The name in front of each ticket, by which its key is found.
    let name: [UInt8]
    let secret: [UInt8]
    let madeAt: Instant

    /// A key of random bytes; nil if the system has none.
    init?(at now: Instant) {
      var name = [UInt8](repeating: 0, count: Int(COpenSSL_ticketNameByteCount))
      var secret = [UInt8](repeating: 0, count: TicketKeys.secretByteCount)
      guard unsafe RAND_bytes(&name, Int32(name.count)) == 1,
        unsafe RAND_priv_bytes(&secret, Int32(secret.count)) == 1
      else { return nil }
      self.name = name
      self.secret = secret
      madeAt = now
    }

    func isYounger(than age: Duration, at now: Instant) -> Bool {
      madeAt.duration(to: now) < age
    }
  }

  private struct State {
    var current: Key?
    var previous: Key?

    /// Replaces a key that is too old.
    mutating func turn(at now: Instant) {
      if let current, current.isYounger(than: TicketKeys.lifetime, at: now) {
        return dropPrevious(at: now)
      }
      previous = current
      current = Key(at: now)
      dropPrevious(at: now)
    }

    private mutating func dropPrevious(at now: Instant) {
      guard let previous, !previous.isYounger(than: TicketKeys.lifetime * 2, at: now) else {
        return
      }
      self.previous = nil
    }
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Instant

  /// Keys that age by a clock.
  init(clock: @escaping @Sendable () -> Instant) {
    now = clock
  }

  /// The key that seals a ticket now; nil if there is none, so that no ticket is given.
  func sealing() -> Key? {
    let now = now()
    return state.withLock { state in
      state.turn(at: now)
      return state.current
    }
  }

  /// The key that a ticket was sealed with, and whether a new ticket should replace it; nil if it
  /// is neither key or too old.
  func opening(_ name: [UInt8]) -> (key: Key, isOld: Bool)? {
    let now = now()
    return state.withLock { state in
      state.turn(at: now)
      if let current = state.current, current.name == name { return (current, false) }
      if let previous = state.previous, previous.name == name { return (previous, true) }
      return nil
    }
  }
}

/// Gives OpenSSL the key of a ticket (SSL_CTX_set_tlsext_ticket_key_evp_cb(3)).
func useTicketKey(
  _ connection: OpaquePointer?, _ name: UnsafeMutablePointer<UInt8>?,
  _ vector: UnsafeMutablePointer<UInt8>?, _ cipher: OpaquePointer?, _ mac: OpaquePointer?,
  _ isSealing: Int32
) -> Int32 {
  guard let context = unsafe SSL_get_SSL_CTX(connection),
    let argument = unsafe SSL_CTX_get_ex_data(context, 0), let name = unsafe name
  else { return -1 }
  let keys = unsafe Unmanaged<TicketKeys>.fromOpaque(argument).takeUnretainedValue()
  let nameByteCount = Int(COpenSSL_ticketNameByteCount)
  if isSealing == 1 {
    guard let key = keys.sealing() else { return 0 }
    for index in 0..<nameByteCount { unsafe name[index] = key.name[index] }
    return unsafe COpenSSL_useTicketKey(key.secret, vector, cipher, mac, 1)
  }
  let wanted = unsafe Array(UnsafeBufferPointer(start: name, count: nameByteCount))
  guard let (key, isOld) = keys.opening(wanted) else { return 0 }
  guard unsafe COpenSSL_useTicketKey(key.secret, vector, cipher, mac, 0) == 1 else { return -1 }
  return isOld ? 2 : 1
}
