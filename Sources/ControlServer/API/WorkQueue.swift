internal import EventLoop
internal import Vocabulary

/// The work left on the control thread: as much of it is done in a turn as there is time for, the
/// rest in later ones, in its order.
///
/// Any number of requests at once makes each of them, and the thread's other work, wait for little
/// more than a turn: new requests are looked at before longer work goes on.
struct WorkQueue {
  /// How long a turn works; a job begun by then is finished, and one step of longer work is done.
  static let turnDuration = Duration.milliseconds(20)
  /// How long a step of longer work takes.
  static let stepDuration = Duration.milliseconds(5)

  /// One piece of work.
  enum Job {
    /// A connection's next request.
    case request(ClientConnection)
    /// A watch's or a tap's next push.
    case push(ClientConnection)
  }

  /// A step of longer work: goes on until a moment, and says whether the work is done.
  typealias Step = (_ deadline: Instant) -> Bool

  private var jobs: [Job] = []
  private var steps: [Step] = []
  /// The connections whose next request is among the jobs, by their numbers.
  private var resumed: Set<Int> = []

  /// Whether there is nothing to do.
  var isEmpty: Bool { jobs.isEmpty && steps.isEmpty }

  /// Adds a job at the end, unless it is a request that is there already.
  mutating func append(_ job: Job) {
    if case .request(let connection) = job, !resumed.insert(connection.number).inserted { return }
    jobs.append(job)
  }

  /// Adds longer work at the end.
  mutating func append(_ step: @escaping Step) { steps.append(step) }

  /// Takes a connection out of the resumed ones, as its next request is read now.
  mutating func begin(_ connection: ClientConnection) { resumed.remove(connection.number) }

  /// Takes all jobs.
  mutating func takeJobs() -> [Job] {
    defer { jobs = [] }
    return jobs
  }

  /// Takes all steps.
  mutating func takeSteps() -> [Step] {
    defer { steps = [] }
    return steps
  }

  /// Gives back jobs that there was no time for: they come before those added meanwhile.
  mutating func giveBack(_ rest: ArraySlice<Job>) { jobs.insert(contentsOf: rest, at: 0) }

  /// Gives back steps likewise.
  mutating func giveBack(_ rest: ArraySlice<Step>) { steps.insert(contentsOf: rest, at: 0) }
}

extension ControlLoop {
  /// Goes on with the next request of a connection at the end of the turn.
  func resumeSoon(_ connection: ClientConnection) { work.append(.request(connection)) }

  /// Pushes a picture at the end of the turn, if one is due.
  func pushSoon(_ connection: ClientConnection) { work.append(.push(connection)) }

  /// Begins longer work now, and goes on in later turns until it is done.
  func proceed(_ step: @escaping WorkQueue.Step) {
    if !step(stepDeadline) { work.append(step) }
  }

  /// Begins longer work at the end of the turn.
  func proceedSoon(_ step: @escaping WorkQueue.Step) { work.append(step) }

  private var stepDeadline: Instant {
    SystemClock.monotonic().advanced(by: WorkQueue.stepDuration)
  }

  /// Does the work that there is time for; at least one job, and one step of longer work.
  func doWork() {
    let deadline = SystemClock.monotonic().advanced(by: WorkQueue.turnDuration)
    let jobs = work.takeJobs()
    for index in jobs.indices {
      switch jobs[index] {
      case .request(let connection):
        work.begin(connection)
        connection.process()
      case .push(let connection): connection.pushPicture()
      }
      if SystemClock.monotonic() >= deadline {
        work.giveBack(jobs[(index + 1)...])
        break
      }
    }
    let steps = work.takeSteps()
    for index in steps.indices {
      if !steps[index](stepDeadline) { work.append(steps[index]) }
      if SystemClock.monotonic() >= deadline {
        work.giveBack(steps[(index + 1)...])
        break
      }
    }
  }
}
