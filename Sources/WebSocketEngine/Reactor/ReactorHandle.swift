import EventLoop
import Synchronization

/// The part of a reactor that other threads may touch: its mailbox, and statistics that only it
/// writes.
package final class ReactorHandle: Sendable {
  /// A command, run on the reactor's thread before the next frame is read.
  package typealias Command = @Sendable (SessionReactor) -> Void

  /// A command on its way, with its size.
  struct Posted: Sendable {
    /// The memory that a command takes in the mailbox, in bytes, closure and context included.
    static let boxByteCount = 256

    let command: Command
    /// The size of its payload, in bytes, which is counted elsewhere.
    let payloadByteCount: Int
  }

  /// How many bytes of broadcasts may wait for this reactor before their senders are not read from.
  static let crowdedByteCount = 2 << 20
  /// How many deliveries of taken broadcasts may be under way before that: about as many as it
  /// makes in a tenth of a second.
  static let crowdedDeliveryCount = 16 << 10
  /// How many bytes of broadcasts may wait before a further one is dropped.
  static let maximumBroadcastByteCount = 16 << 20

  /// The reactor's place among the engine's reactors.
  package let index: Int
  /// A record for each session.
  package let slab: StatisticsSlab
  /// Totals.
  package let counters = ReactorCounters()
  /// Sessions opened and closed.
  package let journal = SessionJournal()
  /// Sizes of messages received, by route.
  package let sizesIn: [SizeHistogram]
  /// Sizes of messages sent, by route.
  package let sizesOut: [SizeHistogram]
  let mailbox: Mailbox<Posted>
  let executor: ReactorExecutor
  /// The size class of the largest holding of memory among the reactor's sessions.
  let largestHolding = RelaxedCount()
  /// Deliveries under way, of broadcasts that this reactor has taken.
  let pendingDeliveries = RelaxedCount()
  /// Deliveries that came to nothing, since the mailbox was full of broadcasts.
  let missedDeliveries = RelaxedCount()
  /// See `oldestOpening`.
  let oldestOpeningInstant = Atomic<Int64>(.max)
  /// Whether a command that ends openings is on its way.
  let isAskedToEndOpenings = Atomic(false)
  private let waitingByteCount = Atomic<Int>(0)
  /// The reactors, as bits, whose sessions wait until this one has taken its broadcasts.
  private let waitingReactors = Atomic<UInt64>(0)
  private let account: ByteAccount

  init(
    index: Int, routeCount: Int, maximumSessionCount: Int, account: ByteAccount
  ) throws(SystemError) {
    self.index = index
    self.account = account
    slab = StatisticsSlab(maximumCount: maximumSessionCount)
    sizesIn = (0..<routeCount).map { _ in SizeHistogram() }
    sizesOut = (0..<routeCount).map { _ in SizeHistogram() }
    mailbox = try Mailbox()
    executor = try ReactorExecutor()
  }

  /// Runs a command on the reactor's thread; from that thread itself it also waits its turn.
  ///
  /// - Parameter isUrgent: whether a full mailbox takes it too.
  /// - Returns: false if the engine has stopped or the mailbox is full.
  @discardableResult
  package func post(isUrgent: Bool = false, _ command: @escaping Command) -> Bool {
    post(Posted(command: command, payloadByteCount: 0), isUrgent: isUrgent)
  }

  private func post(_ posted: Posted, isUrgent: Bool) -> Bool {
    count(posted, isWaiting: true)
    let isPosted = mailbox.post(posted, isUrgent: isUrgent)
    if !isPosted { count(posted, isWaiting: false) }
    return isPosted
  }

  private func count(_ posted: Posted, isWaiting: Bool) {
    let sign = isWaiting ? 1 : -1
    account.add(sign * Posted.boxByteCount)
    waitingByteCount.wrappingAdd(
      sign * (Posted.boxByteCount + posted.payloadByteCount), ordering: .relaxed)
  }

  /// Hands over a broadcast, unless too many bytes of broadcasts wait already.
  ///
  /// - Parameter deliveryCount: the number of its members, who are counted as having missed it if
  ///   it is dropped.
  /// - Returns: false if it was dropped.
  @discardableResult
  func post(
    broadcastOf byteCount: Int, deliveryCount: Int, _ command: @escaping Command
  ) -> Bool {
    guard
      waitingByteCount.load(ordering: .relaxed) < Self.maximumBroadcastByteCount,
      post(Posted(command: command, payloadByteCount: byteCount), isUrgent: false)
    else {
      missedDeliveries.add(deliveryCount)
      return false
    }
    return true
  }

  // MARK: Crowds

  /// Whether so much waits that the senders of broadcasts here are to wait, too.
  var isCrowded: Bool {
    waitingByteCount.load(ordering: .relaxed) > Self.crowdedByteCount
      || pendingDeliveries.load() > Self.crowdedDeliveryCount
  }

  /// Asks for `SessionReactor.resumeSenders` on a reactor, once less waits here.
  ///
  /// The caller looks at `isCrowded` once more after this.
  func tellWhenTaken(_ reactor: ReactorHandle) {
    waitingReactors.bitwiseOr(1 << UInt64(reactor.index), ordering: .sequentiallyConsistent)
  }

  /// Uncounts a command that is about to run; on the reactor's thread.
  func taken(_ posted: Posted) { count(posted, isWaiting: false) }

  /// The reactors whose sessions may go on sending, as bits, if little enough waits by now.
  ///
  /// Each is given once. On the reactor's thread.
  func takeWaitingReactors() -> UInt64 {
    guard
      waitingReactors.load(ordering: .relaxed) != 0,
      waitingByteCount.load(ordering: .relaxed) <= Self.crowdedByteCount / 2,
      pendingDeliveries.load() <= Self.crowdedDeliveryCount / 2
    else { return 0 }
    return waitingReactors.exchange(0, ordering: .sequentiallyConsistent)
  }

  /// Runs a command on the reactor's thread and gives what it returns; nil if the engine has stopped.
  ///
  /// A full mailbox takes it too, since a caller that awaits the answer asks for one at a time.
  package func run<Result: Sendable>(
    _ command: @escaping @Sendable (SessionReactor) -> Result
  ) async -> Result? {
    await withCheckedContinuation { continuation in
      let isPosted = post(isUrgent: true) { continuation.resume(returning: command($0)) }
      if !isPosted { continuation.resume(returning: nil) }
    }
  }
}
