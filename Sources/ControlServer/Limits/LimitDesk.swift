internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// Where changes of limits queue: one is made after the other, so that each tells the truth about
/// what held before it, and what comes back by itself.
///
/// Confined to the control reactor.
final class LimitDesk {
  /// Something that changes limits.
  struct Job {
    /// The number of the connection that waits for the answer; nil: nobody does.
    var connection: Int?
    var body: @Sendable () async -> Done

    init(connection: Int? = nil, _ body: @escaping @Sendable () async -> Done) {
      self.connection = connection
      self.body = body
    }
  }

  /// What a job did.
  struct Done: Sendable {
    /// The answer for the connection.
    var reply: ControlReply?
    /// What the event log says of it.
    var events: [EventDraft]

    init(reply: ControlReply? = nil, events: [EventDraft] = []) {
      self.reply = reply
      self.events = events
    }
  }

  /// How many changes wait at most: a client that goes leaves its own behind.
  static let maximumWaitingCount = 64

  /// What comes back by itself.
  var reverts = LimitReverts()
  private var waiting: [Job] = []
  private var isBusy = false

  /// How many changes wait.
  var waitingCount: Int { waiting.count }

  /// Whether no client's change is taken in.
  var isFull: Bool { waiting.count >= Self.maximumWaitingCount }

  /// Takes a job in; gives the one to begin now, if none is under way.
  func add(_ job: Job) -> Job? {
    waiting.append(job)
    return next()
  }

  /// A job is done; gives the next one.
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
extension LimitDesk: Sendable {}

extension ControlLoop {
  /// Makes a change of limits for a client when those before it are made.
  func changeLimits(
    for connection: ControlConnection, _ body: @escaping @Sendable () async -> Operator.Outcome
  ) {
    guard !limitDesk.isFull else {
      return connection.answer(
        HTTPAnswer(
          ControlRefusal(
            status: 503, code: "busy",
            "\(LimitDesk.maximumWaitingCount) changes of limits wait already: try again")))
    }
    add(
      LimitDesk.Job(connection: connection.number) {
        let outcome = await body()
        return LimitDesk.Done(reply: outcome.reply, events: outcome.event.map { [$0] } ?? [])
      })
  }

  /// Takes back what nobody kept in time.
  func revertLimits() {
    limitDesk.reverts.forgetSessions { observer.session($0) == nil }
    let due = limitDesk.reverts.beginDue(at: reactor.now)
    guard !due.isEmpty else { return }
    add(
      LimitDesk.Job { [context] in
        var done = LimitDesk.Done()
        for trial in due {
          let event = await LimitOperator(context, actor: trial.actor).revert(trial)
          if let event { done.events.append(event) }
        }
        return done
      })
  }

  private func add(_ job: LimitDesk.Job) {
    if let job = limitDesk.add(job) { begin(job) }
  }

  private func begin(_ job: LimitDesk.Job) {
    context.run { [context] in
      let done = await job.body()
      context.mailbox.post { loop in
        loop.limitsChanged()
        for event in done.events { loop.record(event) }
        if let number = job.connection, let reply = done.reply {
          loop.answer(reply, to: number)
        }
        if let next = loop.limitDesk.finished() { loop.begin(next) }
      }
    }
  }
}
