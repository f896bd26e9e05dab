internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// The queue of changes of limits: one is made after the other, so that each knows the values
/// before it; and the reverts to come.
///
/// Confined to the control reactor.
final class LimitChangeQueue {
  /// A change of limits, or a revert.
  struct Job {
    /// The number of the connection that waits for the answer; nil if none does.
    var connection: Int?
    var body: @Sendable () async -> Done

    init(connection: Int? = nil, _ body: @escaping @Sendable () async -> Done) {
      self.connection = connection
      self.body = body
    }
  }

  /// The result of a job.
  struct Done: Sendable {
    /// The answer for the connection.
    var reply: ControlReply?
    /// The events for the log.
    var events: [EventDraft]

    init(reply: ControlReply? = nil, events: [EventDraft] = []) {
      self.reply = reply
      self.events = events
    }
  }

  /// How many changes wait at most; those of clients that are gone count.
  static let maximumWaitingCount = 64

  /// The trials that revert by themselves.
  var reverts = LimitReverts()
  private var waiting: [Job] = []
  private var isBusy = false

  /// How many changes wait.
  var waitingCount: Int { waiting.count }

  /// Whether no further change of a client is taken.
  var isFull: Bool { waiting.count >= Self.maximumWaitingCount }

  /// Adds a job; gives the one to begin now, if none is under way.
  func add(_ job: Job) -> Job? {
    waiting.append(job)
    return next()
  }

  /// Ends the job under way; gives the next one.
  func finished() -> Job? {
    isBusy = false
    return next()
  }

  private func next() -> Job? {
    guard !isBusy, !waiting.isEmpty else { return nil }
    isBusy = true
    return waiting.removeFirst()
  }
}

@available(*, unavailable)
extension LimitChangeQueue: Sendable {}

extension ControlLoop {
  /// Makes a change of limits for a client once the changes before it are made.
  func changeLimits(
    for connection: ClientConnection, _ body: @escaping @Sendable () async -> ActPerformer.Outcome
  ) {
    guard !limitChanges.isFull else {
      return connection.answer(
        HTTPAnswer(
          ControlRefusal(
            status: 503, code: "busy",
            "\(LimitChangeQueue.maximumWaitingCount) changes of limits wait already: try again")))
    }
    add(
      LimitChangeQueue.Job(connection: connection.number) {
        let outcome = await body()
        return LimitChangeQueue.Done(reply: outcome.reply, events: outcome.event.map { [$0] } ?? [])
      })
  }

  /// Reverts limits that nobody kept in time.
  func revertLimits() {
    limitChanges.reverts.forgetSessions { observer.session($0) == nil }
    let due = limitChanges.reverts.beginDue(at: reactor.now)
    guard !due.isEmpty else { return }
    add(
      LimitChangeQueue.Job { [context] in
        var done = LimitChangeQueue.Done()
        for trial in due {
          let event = await LimitPerformer(context, actor: trial.actor).revert(trial)
          if let event { done.events.append(event) }
        }
        return done
      })
  }

  private func add(_ job: LimitChangeQueue.Job) {
    if let job = limitChanges.add(job) { begin(job) }
  }

  private func begin(_ job: LimitChangeQueue.Job) {
    context.run { [context] in
      let done = await job.body()
      context.post { loop in
        loop.limitsChanged()
        for event in done.events { loop.record(event) }
        if let number = job.connection, let reply = done.reply {
          loop.answer(reply, to: number)
        }
        if let next = loop.limitChanges.finished() { loop.begin(next) }
      }
    }
  }
}
