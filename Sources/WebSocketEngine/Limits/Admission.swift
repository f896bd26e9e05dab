package import EventLoop
import Synchronization
package import Vocabulary
package import WebSocketProtocol

/// The admission of sessions: the limits that no reactor can judge alone.
///
/// Asked when a handshake is complete and told when the session ends, by any reactor; never per
/// message. Lowering a limit closes nobody: new sessions wait until the count has fallen below it.
package final class Admission: Sendable {
  private struct State {
    var limits: EngineLimits
    /// The handshakes that `handshakes-per-second` has left, if it is set.
    var handshakes: TokenBucket?
    var sessionCount = 0
    /// The connections to upstreams, of which each takes a descriptor that no session gets.
    var upstreamCount = 0
    /// Sessions and openings by address; an address without any has no entry.
    var origins: [String?: AdmissionOrigin] = [:]
    /// The most there were since an observer last asked.
    var peaks = AdmissionPeaks()

    /// Takes one of this second's handshakes.
    mutating func takeHandshake(now: Instant) throws(HandshakeRefusal) {
      guard let limit = limits.handshakesPerSecond.map(RateLimit.init(ofOneSecond:)) else {
        handshakes = nil
        return
      }
      // The bucket is made here and not when the limit is set, since here is a clock at hand.
      var bucket = handshakes ?? TokenBucket(limit, now: now)
      bucket.change(to: limit, now: now)
      guard bucket.holdsOne else {
        handshakes = bucket
        throw .tooManyHandshakes
      }
      bucket.take(1)
      handshakes = bucket
    }
  }

  /// The most sessions that the process's descriptors allow.
  package let availableSessionCount: Int

  private let state: Mutex<State>
  /// The account of every byte that the engine holds for others.
  package let buffered: ByteAccount

  /// Admission under limits, with no session open.
  ///
  /// - Parameter availableSessionCount: the most sessions that descriptors allow, whatever the
  ///   limit `sessions` is.
  package init(
    _ limits: EngineLimits, availableSessionCount: Int, buffered: ByteAccount = ByteAccount()
  ) {
    self.buffered = buffered
    self.availableSessionCount = max(availableSessionCount, 0)
    state = Mutex(State(limits: limits))
  }

  /// Lets a session in, and counts it until its ticket ends.
  ///
  /// `handshakes-per-second` comes last: a handshake refused for another reason takes nothing from
  /// the others.
  ///
  /// - Parameters:
  ///   - address: the peer's address without a port, or nil for a peer that has none, such as a
  ///     Unix socket's, for which `sessions-per-address` does not hold.
  ///   - now: the time of the turn; a little behind another reactor's does not matter.
  /// - Throws: `HandshakeRefusal.tooManyBufferedBytes`, `.tooManySessions`,
  ///   `.tooManySessionsFromAddress` or `.tooManyHandshakes`, in this order; nothing is counted
  ///   then.
  package func admit(
    address: String?, now: Instant
  ) throws(HandshakeRefusal) -> AdmissionTicket {
    let bufferedByteCount = buffered.byteCount
    let origin = try state.withLock { state throws(HandshakeRefusal) in
      let limits = state.limits
      guard bufferedByteCount <= limits.bufferedByteCount else { throw .tooManyBufferedBytes }
      guard
        state.sessionCount < limits.sessionCount,
        state.sessionCount + state.upstreamCount < availableSessionCount
      else { throw .tooManySessions }
      let origin = state.origins[address] ?? AdmissionOrigin(self, address)
      let count = origin.sessionCount.load(ordering: .relaxed)
      if address != nil, let maximum = limits.sessionsPerAddress, count >= maximum {
        throw .tooManySessionsFromAddress
      }
      try state.takeHandshake(now: now)
      origin.sessionCount.store(count + 1, ordering: .relaxed)
      state.origins[address] = origin
      state.sessionCount += 1
      state.peaks.raise(sessionCount: state.sessionCount, count + 1, from: address)
      return origin
    }
    return AdmissionTicket(origin)
  }

  /// Counts a connection to an upstream until its place ends.
  ///
  /// - Throws: `HandshakeRefusal.tooManySessions` if no descriptor is left for it.
  package func admitUpstream() throws(HandshakeRefusal) -> UpstreamDescriptor {
    try state.withLock { state throws(HandshakeRefusal) in
      guard state.sessionCount + state.upstreamCount < availableSessionCount else {
        throw .tooManySessions
      }
      state.upstreamCount += 1
    }
    return UpstreamDescriptor(self)
  }

  /// Ends the place of a connection to an upstream.
  fileprivate func endUpstream() {
    state.withLock { $0.upstreamCount -= 1 }
  }

  /// The openings that an address may have at once, however few sessions it may have: browsers
  /// connect ahead of their need.
  package static let leastOpeningsPerAddress = 8

  /// Lets a connection begin its opening handshake, and counts it until its place ends.
  ///
  /// - Parameter address: the peer's address without a port.
  /// - Returns: nil while `sessions-per-address` is off.
  /// - Throws: `HandshakeRefusal.tooManySessionsFromAddress` if the address has as many sessions as
  ///   it may, or as many openings as it may have sessions.
  package func beginOpening(from address: String) throws(HandshakeRefusal) -> OpeningPlace? {
    let origin = try state.withLock { state throws(HandshakeRefusal) -> AdmissionOrigin? in
      guard let maximum = state.limits.sessionsPerAddress else { return nil }
      let origin = state.origins[address] ?? AdmissionOrigin(self, address)
      let count = origin.openingCount.load(ordering: .relaxed)
      guard origin.sessionCount.load(ordering: .relaxed) < maximum,
        count < max(maximum, Self.leastOpeningsPerAddress)
      else { throw .tooManySessionsFromAddress }
      origin.openingCount.store(count + 1, ordering: .relaxed)
      state.origins[address] = origin
      return origin
    }
    guard let origin else { return nil }
    return OpeningPlace(origin)
  }

  /// Ends a session's place.
  fileprivate func leave(_ origin: AdmissionOrigin) {
    state.withLock { state in
      state.sessionCount -= 1
      let count = origin.sessionCount.load(ordering: .relaxed) - 1
      origin.sessionCount.store(count, ordering: .relaxed)
      if origin.isUnused { state.origins[origin.address] = nil }
    }
  }

  /// Ends an opening's place.
  fileprivate func endOpening(_ origin: AdmissionOrigin) {
    state.withLock { state in
      let count = origin.openingCount.load(ordering: .relaxed) - 1
      origin.openingCount.store(count, ordering: .relaxed)
      if origin.isUnused { state.origins[origin.address] = nil }
    }
  }

  /// Puts other limits in force, for sessions that open from now on.
  package func setLimits(_ limits: EngineLimits) {
    state.withLock { $0.limits = limits }
  }

  /// The most sessions that can be open now: the lower of the limit and of the number that
  /// descriptors allow.
  package var maximumSessionCount: Int {
    state.withLock { min($0.limits.sessionCount, availableSessionCount - $0.upstreamCount) }
  }

  /// Whether descriptors allow fewer sessions than the limit `sessions`.
  package var isBoundByDescriptors: Bool {
    state.withLock { availableSessionCount - $0.upstreamCount < $0.limits.sessionCount }
  }

  /// How many sessions are open.
  package var sessionCount: Int {
    state.withLock { $0.sessionCount }
  }

  /// How many sessions are open from an address.
  package func sessionCount(from address: String) -> Int {
    state.withLock { $0.origins[address]?.sessionCount.load(ordering: .relaxed) ?? 0 }
  }

  /// How many addresses have a session open.
  package var addressCount: Int {
    state.withLock { state in
      state.origins.values.count {
        $0.address != nil && $0.sessionCount.load(ordering: .relaxed) > 0
      }
    }
  }

  // MARK: Peaks

  /// The most sessions there were since the peaks were last taken.
  package var peaks: AdmissionPeaks { state.withLock { $0.peaks } }

  /// Takes the peaks, and begins anew with the sessions that are open.
  ///
  /// - Complexity: O(addresses), under the lock that handshakes wait for: once a minute.
  package func takePeaks() -> AdmissionPeaks {
    state.withLock { state in
      let taken = state.peaks
      state.peaks = AdmissionPeaks()
      state.peaks.raise(sessionCount: state.sessionCount, 0, from: nil)
      for (address, origin) in state.origins {
        let count = origin.sessionCount.load(ordering: .relaxed)
        state.peaks.raise(sessionCount: state.sessionCount, count, from: address)
      }
      return taken
    }
  }
}

/// An address that open sessions came from, shared by their tickets, which are so as short as can
/// be.
private final class AdmissionOrigin: Sendable {
  let admission: Admission
  /// The address without a port, or nil for sessions that have none.
  let address: String?
  /// The sessions; read and written under the admission's lock, as the next.
  let sessionCount = Atomic(0)
  /// The counted connections that are in the opening handshake.
  let openingCount = Atomic(0)

  var isUnused: Bool {
    sessionCount.load(ordering: .relaxed) == 0 && openingCount.load(ordering: .relaxed) == 0
  }

  init(_ admission: Admission, _ address: String?) {
    self.admission = admission
    self.address = address
  }
}

/// The place that a connection in the opening handshake takes among those of its address; it is
/// given up with the value.
package struct OpeningPlace: ~Copyable, Sendable {
  private let origin: AdmissionOrigin

  fileprivate init(_ origin: AdmissionOrigin) {
    self.origin = origin
  }

  deinit {
    origin.admission.endOpening(origin)
  }
}

/// The descriptor that a connection to an upstream takes; it is given up with the value.
package struct UpstreamDescriptor: ~Copyable, Sendable {
  private let admission: Admission

  fileprivate init(_ admission: Admission) {
    self.admission = admission
  }

  deinit {
    admission.endUpstream()
  }
}

/// The place that one open session takes; giving it up is the only way to leave, and happens once.
package struct AdmissionTicket: ~Copyable, Sendable {
  private let origin: AdmissionOrigin

  fileprivate init(_ origin: AdmissionOrigin) {
    self.origin = origin
  }

  deinit {
    origin.admission.leave(origin)
  }

  /// Gives the place up.
  package consuming func end() {}
}
