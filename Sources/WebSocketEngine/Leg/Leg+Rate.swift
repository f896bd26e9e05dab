import EventLoop
import Vocabulary
import WebSocketProtocol

extension Leg {
  /// The most bytes read at once from a session with a rate: bytes that wait for its tokens wait in
  /// the kernel, where the peer feels it, and not in the engine's memory.
  static let maximumRatedReadByteCount = 16 << 10

  /// Takes a message from the peer's rate; with the policy to close, one too many closes with 1008.
  ///
  /// - Returns: whether the handler gets it.
  // The function is kept out of the loop over messages, of which most have no rate.
  @inline(never)
  func takeFromRate(messageOf byteCount: Int) -> Bool {
    guard let rate else { return true }
    rate.refill(now: reactor.now)
    let breach = rate.take(messageOf: byteCount)
    guard rate.policy == .pause else {
      if let breach { closeForRate(breach) }
      return breach == nil
    }
    // This message was let in before; the next one is not looked at before its time.
    if rate.exhausted != nil { isRateSpent = true }
    return true
  }

  /// Takes the bytes read of a message that is not complete, and stops reading if input is left
  /// that is beyond the rate.
  @inline(never)
  func settleRate(isInputLeft: Bool) {
    guard let rate else { return }
    isRateSpent = false
    guard phase == .open else { return }
    let partByteCount = receiver.change { $0.receivedByteCount }
    if partByteCount > 0 {
      rate.refill(now: reactor.now)
      let breach = rate.take(partOf: partByteCount)
      if let breach, rate.policy == .close { return closeForRate(breach) }
    }
    if isInputLeft { pauseIfBeyondRate() }
  }

  /// Stops reading if the peer sends more than its rate, until that allows it.
  ///
  /// - Returns: whether it did.
  @discardableResult
  func pauseIfBeyondRate() -> Bool {
    guard let rate, rate.policy == .pause, phase == .open else { return false }
    rate.refill(now: reactor.now)
    guard rate.exhausted != nil else { return false }
    setPause(.rate, true)
    noteThrottled(true)
    scheduleRateWakeUp()
    return true
  }

  /// Reads on if the rate allows it by now.
  func resumeIfWithinRate() {
    guard let rate, connection.pauses.contains(.rate) else { return }
    // Input that waits here may have the pong that the peer owes.
    keepalive.noteReceived(now: reactor.now)
    rate.refill(now: reactor.now, isPaused: true)
    if rate.policy == .close || rate.exhausted == nil {
      endRatePause()
    } else {
      scheduleRateWakeUp()
    }
  }

  /// Asks the reactor to call when a message is allowed.
  ///
  /// The timer is its own: it comes often, and each would leave the keepalive's behind.
  private func scheduleRateWakeUp() {
    guard let rate, let deadline = rate.timerDue(now: reactor.now) else { return }
    connection.setDeadline(deadline, with: reactor.reactor)
  }

  /// Applies changed limits.
  func adoptRate() {
    guard phase == .open else { return }
    if let rate {
      guard rate.adopt(limits, now: reactor.now) else { return endRate() }
      resumeIfWithinRate()
    } else {
      guard limits.hasRate else { return }
      rate = SessionRate(
        limits, receivedByteCount: receiver.change { $0.receivedByteCount }, now: reactor.now)
    }
  }

  /// Lets the peer send at any rate.
  func endRate() {
    guard isRated else { return }
    rate = nil
    isRateSpent = false
    endRatePause()
  }

  private func endRatePause() {
    guard connection.pauses.contains(.rate) else { return }
    noteThrottled(false)
    setPause(.rate, false)
    reactor.resumeInputSoon(self)
  }

  private func closeForRate(_ key: LimitKey) {
    closeAtOnce(.policyViolation, reason: "over \(key.rawValue)", by: .limit(key))
  }
}
