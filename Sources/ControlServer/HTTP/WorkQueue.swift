internal import EventLoop
internal import Vocabulary

/// The requests and snapshots left on the control thread: as much is done in a turn as there is time
/// for, the rest in later ones, in its order.
///
/// Any number of requests at once makes each of them, and the thread's other work, wait for little
/// more than a turn: new requests are looked at before the API's tasks go on.
struct WorkQueue {
  /// How long a turn works; a job begun by then is finished, and one task's part is run.
  static let turnDuration = Duration.milliseconds(20)

  /// One piece of work.
  enum Job {
    /// A connection's next request.
    case request(ClientConnection)
    /// A watch's or a tap's next push.
    case push(ClientConnection)
  }

  private var jobs: [Job] = []
  /// The connections whose next request is among the jobs, by their numbers.
  private var resumed: Set<Int> = []

  /// Whether there is nothing to do.
  var isEmpty: Bool { jobs.isEmpty }

  /// Adds a job at the end, unless it is a request that is there already.
  mutating func append(_ job: Job) {
    if case .request(let connection) = job, !resumed.insert(connection.number).inserted { return }
    jobs.append(job)
  }

  /// Takes a connection out of the resumed ones, as its next request is read now.
  mutating func begin(_ connection: ClientConnection) { resumed.remove(connection.number) }

  /// Takes all jobs.
  mutating func takeJobs() -> [Job] {
    defer { jobs = [] }
    return jobs
  }

  /// Gives back jobs that there was no time for: they come before those added meanwhile.
  mutating func giveBack(_ rest: ArraySlice<Job>) { jobs.insert(contentsOf: rest, at: 0) }
}

extension ControlLoop {
  /// Goes on with the next request of a connection at the end of the turn.
  func resumeSoon(_ connection: ClientConnection) { work.append(.request(connection)) }

  /// Pushes a snapshot at the end of the turn, if one is due.
  func pushSoon(_ connection: ClientConnection) { work.append(.push(connection)) }

  /// Reads the requests and pushes the snapshots that there is time for, at least one.
  func doWork(until deadline: Instant) {
    let jobs = work.takeJobs()
    for index in jobs.indices {
      switch jobs[index] {
      case .request(let connection):
        work.begin(connection)
        connection.process()
      case .push(let connection): connection.push()
      }
      if SystemClock.monotonic() >= deadline {
        work.giveBack(jobs[(index + 1)...])
        break
      }
    }
  }

  /// Runs the parts of tasks that there is time for, at least one: first of those whose answers have
  /// come, then of longer work, a step of each.
  func runTasks(until deadline: Instant) {
    func hasTime() -> Bool { SystemClock.monotonic() < deadline }
    context.executor.runJobs(rounds: 2, jobCountPerLook: 1, while: hasTime)
    for _ in 0..<api.turns.count {
      api.turns.resumeNext()
      context.executor.runJobs(rounds: 1, jobCountPerLook: 1, while: hasTime)
      if !hasTime() { return }
    }
  }
}
