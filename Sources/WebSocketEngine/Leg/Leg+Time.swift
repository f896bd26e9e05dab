import EventLoop
import Vocabulary
import WebSocketProtocol

// Deadlines of a leg: pings, and the limits of time.

extension Leg {
  /// Asks the reactor to call at the next deadline; moving one later costs nothing.
  func scheduleWakeUp() {
    var deadline: Instant?
    if phase == .open {
      deadline = keepalive.deadline(
        under: limits.keepalive, lastMessage: idleSince, place: place)
      if let due = messageDeadline { deadline = min(deadline ?? due, due) }
    } else {
      deadline = extras?.closing.deadline
    }
    guard let deadline, deadline < wakeUp else { return }
    // One that lies far away is come back to: whatever wakes the session before would leave a timer
    // behind until then, each time.
    wakeUp = min(deadline, reactor.now.advanced(by: Self.longestSleep))
    connection.setDeadline(wakeUp, with: reactor.reactor)
  }

  /// How long a timer of a session waits at most; longer than the usual interval between pings.
  private static let longestSleep = Duration.seconds(30)

  /// Acts on deadlines that have passed.
  func passDeadline() {
    wakeUp = Instant(nanoseconds: .max)
    if phase == .open {
      passOpenDeadline()
    } else {
      passClosingDeadline()
    }
    scheduleWakeUp()
  }

  private func passClosingDeadline() {
    let now = reactor.now
    if let due = extras?.closing.deadline, now >= due, showsLife() {
      extras?.closing.outputTaken(now: now)
    }
    if extras?.closing.tick(now: now) == .abandon { terminate() }
  }

  private func passOpenDeadline() {
    if let due = messageDeadline, reactor.now >= due {
      // A message that waits here is not the peer's doing.
      guard isInputPaused || marks.contains(.waiting) else {
        return closeAtOnce(
          .policyViolation, reason: "message too slow", by: .timeout(.messageTimeout))
      }
      extras?.messageBegan = reactor.now
    }
    // A pong that this side does not read is no pong that the peer owes.
    if !connection.pauses.isDisjoint(with: [.inbox, .crowd]) {
      keepalive.noteReceived(now: reactor.now)
    }
    switch keepalive.tick(
      under: limits.keepalive, lastMessage: idleSince, place: place, now: reactor.now)
    {
    case .none: break
    case .sendPing(let payload): sendPing(payload)
    case .pongTimedOut:
      if showsLife() {
        keepalive.noteReceived(now: reactor.now)
      } else {
        connectionLost(.timeout(.pongTimeout))
      }
    case .idleTimedOut:
      closeAtOnce(.goingAway, reason: "idle", by: .timeout(.idleTimeout))
    }
  }

  /// The session's place in the interval between two pings, the same for as long as it lives.
  private var place: UInt32 {
    // Fibonacci hashing: neighbours lie far apart, and any number of them lies evenly.
    UInt32(truncatingIfNeeded: (id.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  /// The time from which on the peer is idle: input that waits behind a rate is no silence of its.
  private var idleSince: Instant {
    connection.pauses.contains(.rate) ? reactor.now : lastMessage
  }

  // MARK: A message under way

  private var messageDeadline: Instant? {
    guard let timeout = limits.messageTimeout, let began = extras?.messageBegan else { return nil }
    return began.advanced(by: .nanoseconds(timeout))
  }

  /// Notes the beginning of the message under way behind the input just handled.
  ///
  /// - Parameters:
  ///   - isUnderWay: whether a message is under way.
  ///   - isAnother: whether one was finished before it.
  func noteMessage(isUnderWay: Bool, isAnother: Bool) {
    guard isUnderWay else {
      extras?.messageBegan = nil
      return
    }
    guard isAnother || extras?.messageBegan == nil else { return }
    makeExtras().messageBegan = reactor.now
    scheduleWakeUp()
  }

  // MARK: A peer that reads slowly

  /// Notes how much the peer's TCP has taken, before the peer is asked to answer.
  func noteProgress() {
    guard let taken = takenByteCount else {
      extras?.progress = nil
      return
    }
    makeExtras().progress = PeerProgress(takenByteCount: taken, now: reactor.now)
  }

  /// Whether the peer, whose answer is late, has shown since the request that it lives.
  private func showsLife() -> Bool {
    guard let extras, var progress = extras.progress else { return false }
    let taken = takenByteCount
    let descriptor = connection.descriptor
    let isAlive = progress.isAlive(
      takenByteCount: taken ?? wireOutByteCount, isOwed: taken != nil, now: reactor.now,
      acknowledgement: { Socket.acknowledgement(descriptor) })
    extras.progress = progress
    return isAlive
  }

  /// How many of the bytes that were sent the peer's TCP has taken; nil if it has taken all of them.
  private var takenByteCount: Int? {
    let untaken = Socket.untakenByteCount(connection.descriptor)
    guard untaken > 0 || connection.hasBacklog else { return nil }
    return wireOutByteCount - untaken
  }
}
