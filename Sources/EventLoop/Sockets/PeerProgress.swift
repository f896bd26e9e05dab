package import Vocabulary

/// Tracks whether a peer lives whose answer lies behind output that it has yet to take.
///
/// A pong comes behind everything that was sent before its ping, which may be megabytes in the
/// kernel, and so does the answer to a close. Until the peer has read those, bytes that its TCP
/// takes are the sign of its life. They come in steps: a receiver whose buffer is full opens its
/// window again when a sixteenth of the buffer is free (`__tcp_select_window` of Linux), 384 KiB of
/// the 6 MiB that are the most by default, which takes a reader of 10 KB/s 38 seconds. In between
/// its kernel answers for it; since the kernel of a stopped process does so too, it is believed for
/// ten time-outs only.
package struct PeerProgress: Sendable {
  /// How many time-outs in a row pass without a byte taken before the peer is given up.
  package static let maximumTimeoutCount = 10

  private var takenByteCount: Int
  private var lookedAt: Instant
  private var timeoutCount = 0

  /// Begins with the count that the peer's TCP had taken when the peer was asked to answer.
  package init(takenByteCount: Int, now: Instant) {
    self.takenByteCount = takenByteCount
    lookedAt = now
  }

  /// Whether there was a sign of life since the last call; called when the answer is late.
  ///
  /// - Parameters:
  ///   - takenByteCount: the bytes that the peer's TCP has taken by now.
  ///   - isOwed: whether there is more for it to take.
  ///   - acknowledgement: the state of its TCP; read only if it has taken nothing.
  package mutating func isAlive(
    takenByteCount: Int, isOwed: Bool, now: Instant, acknowledgement: () -> Acknowledgement?
  ) -> Bool {
    let sinceLook = lookedAt.duration(to: now)
    lookedAt = now
    guard takenByteCount <= self.takenByteCount else {
      self.takenByteCount = takenByteCount
      timeoutCount = 0
      return true
    }
    timeoutCount += 1
    guard isOwed, timeoutCount < Self.maximumTimeoutCount, let answer = acknowledgement() else {
      return false
    }
    if answer.age < sinceLook { return true }
    // Probes of a closed window come ever more rarely, up to two minutes apart; one may be lost.
    return answer.unansweredSegmentCount == 0 && answer.unansweredProbeCount <= 1
  }
}
