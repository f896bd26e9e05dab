import EventLoop

/// What other threads may touch of one reactor: its mailbox, and statistics that only it writes.
package final class ReactorShare: Sendable {
  /// A command, run on the reactor's thread before the next frame is read.
  package typealias Command = @Sendable (SessionReactor) -> Void

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
  let mailbox: Mailbox<Command>
  let executor: ReactorExecutor

  init(index: Int, routeCount: Int, maximumSessionCount: Int) throws(SystemError) {
    self.index = index
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
    mailbox.post(command, isUrgent: isUrgent)
  }

  /// Runs a command on the reactor's thread and gives what it returns; nil if the engine has stopped
  /// or the mailbox is full.
  ///
  /// - Parameter isUrgent: whether a full mailbox takes it too.
  package func run<Result: Sendable>(
    isUrgent: Bool = false, _ command: @escaping @Sendable (SessionReactor) -> Result
  ) async -> Result? {
    await withCheckedContinuation { continuation in
      let isPosted = post(isUrgent: isUrgent) { continuation.resume(returning: command($0)) }
      if !isPosted { continuation.resume(returning: nil) }
    }
  }
}
