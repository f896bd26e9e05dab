package import EventLoop
import Synchronization
import Vocabulary

/// A load from its first connection to its last: starts the threads, gives them orders, and
/// watches.
package struct LoadRun {
  /// The state of a load while it runs.
  package struct Picture: Equatable {
    /// The step under way.
    package enum Step: Equatable {
      /// Connections are opened.
      case opening
      /// Messages go that are not measured.
      case warmingUp
      /// Messages go and are measured.
      case measuring(secondsLeft: Double)
      /// The last replies and closing handshakes are waited for.
      case ending
    }

    /// The step under way.
    package var step = Step.opening
    /// Connections opened so far, at first and again.
    package var opened = 0
    /// Connections that could not be opened.
    package var failed = 0
    /// Messages received so far, or sent where no replies are expected.
    package var messages = 0
    /// Messages per second since the picture before.
    package var messagesPerSecond = 0.0

    /// A picture of a load that has just begun.
    package init() {}
  }

  /// How often the threads' progress is looked at.
  private static let interval: Int32 = 20
  private static let pictureInterval = Duration.milliseconds(500)

  private let plan: LoadPlan

  /// A load by a plan, once `perform` is called.
  package init(plan: LoadPlan) {
    self.plan = plan
  }

  /// Performs the load; the first signal ends it early, the second one at once.
  ///
  /// The calling thread waits for the others, 20 ms at a time, and shows their progress.
  ///
  /// - Parameters:
  ///   - signals: the signals that end it early.
  ///   - show: is given a picture twice a second.
  /// - Returns: the report on all threads together.
  /// - Throws: `SystemError` if a thread cannot be started.
  package func perform(
    signals: borrowing SignalDescriptor, show: (Picture) -> Void
  ) throws(SystemError) -> LoadReport {
    let mailboxes = try (0..<plan.threadCount).map { _ throws(SystemError) in
      try Mailbox<LoadOrder>()
    }
    let progress = (0..<plan.threadCount).map { _ in LoadProgress() }
    var threads: [LoopThread] = []
    defer {
      // Threads are left to abort only if one of them could not be started.
      for mailbox in mailboxes { mailbox.post(.abort) }
      for thread in threads { thread.join() }
    }
    for number in 0..<plan.threadCount {
      threads.append(
        try LoadWorker.start(
          thread: number, of: plan, mailbox: mailboxes[number], progress: progress[number]))
    }
    func tell(_ order: LoadOrder) {
      for mailbox in mailboxes { mailbox.post(order) }
    }
    var watch = Watch(plan: plan)
    var signalCount = 0
    var isGivenUp = false
    while progress.contains(where: { $0.tally == nil }) {
      _ = Poll.wait(for: signals.number, .readable, milliseconds: Self.interval)
      while signals.next() != nil {
        signalCount += 1
        tell(signalCount == 1 ? .end : .abort)
      }
      let now = SystemClock.monotonic()
      if watch.begun == nil, signalCount == 0, !isGivenUp, watch.areAllSettled(progress) {
        if progress.allSatisfy({ $0.opened.load(ordering: .relaxed) == 0 }) {
          isGivenUp = true
          tell(.end)
        } else {
          tell(watch.begin(at: now))
        }
      }
      watch.show(progress, isEnding: signalCount > 0 || isGivenUp, at: now, show)
    }
    var tally = LoadTally()
    for one in progress { if let other = one.tally { tally.add(other) } }
    return LoadReport(plan, tally, wasInterrupted: signalCount > 0)
  }

  /// The state of the watching thread.
  private struct Watch {
    let plan: LoadPlan
    var begun: Instant?
    private var lastShown = Instant(nanoseconds: 0)
    private var lastMessages = 0

    init(plan: LoadPlan) {
      self.plan = plan
    }

    func areAllSettled(_ progress: [LoadProgress]) -> Bool {
      progress.reduce(0) { $0 + $1.settled.load(ordering: .relaxed) } >= plan.connectionCount
    }

    mutating func begin(at now: Instant) -> LoadOrder {
      begun = now
      let from = now.advanced(by: plan.warmUp)
      return .begin(at: now, measured: from..<from.advanced(by: plan.duration))
    }

    mutating func show(
      _ progress: [LoadProgress], isEnding: Bool, at now: Instant, _ show: (Picture) -> Void
    ) {
      let elapsed = lastShown.duration(to: now)
      guard elapsed >= LoadRun.pictureInterval else { return }
      var picture = Picture()
      for one in progress {
        picture.opened += one.opened.load(ordering: .relaxed)
        picture.failed += one.failed.load(ordering: .relaxed)
        picture.messages += one.messages.load(ordering: .relaxed)
      }
      picture.messagesPerSecond = Double(picture.messages - lastMessages) / elapsed.inSeconds
      picture.step = step(isEnding: isEnding, at: now)
      lastShown = now
      lastMessages = picture.messages
      show(picture)
    }

    private func step(isEnding: Bool, at now: Instant) -> Picture.Step {
      if isEnding { return .ending }
      guard let begun else { return .opening }
      let elapsed = begun.duration(to: now)
      if elapsed < plan.warmUp { return .warmingUp }
      let left = plan.warmUp + plan.duration - elapsed
      return left > .zero ? .measuring(secondsLeft: left.inSeconds) : .ending
    }
  }
}
