internal import EventLoop
internal import Vocabulary

/// What is left to do on the control thread: as much of it in a turn as there is time for, the rest
/// in later ones, in its order.
///
/// Whatever clients ask for at once, each of them, and what the thread does besides, waits for
/// little more than a turn: what is asked anew is looked at before what takes longer goes on.
struct WorkQueue {
  /// How long a turn goes on with it; what was begun then is still done, and a step of something
  /// longer.
  static let turnDuration = Duration.milliseconds(20)
  /// How long a step of something longer takes.
  static let stepDuration = Duration.milliseconds(5)

  /// One piece of work.
  enum Job {
    /// A connection's next request.
    case request(ControlConnection)
    /// A watch's or a tap's next push.
    case push(ControlConnection)
  }

  /// Takes something longer further until a moment, and says whether it is done.
  typealias Step = (_ deadline: Instant) -> Bool

  private var jobs: [Job] = []
  private var steps: [Step] = []
  /// The connections whose next request is among the jobs, by their numbers.
  private var resumed: Set<Int> = []

  /// Whether there is nothing to do.
  var isEmpty: Bool { jobs.isEmpty && steps.isEmpty }

  /// Adds a piece at the end, unless it is a request that is there already.
  mutating func append(_ job: Job) {
    if case .request(let connection) = job, !resumed.insert(connection.number).inserted { return }
    jobs.append(job)
  }

  /// Adds something longer at the end.
  mutating func append(_ step: @escaping Step) { steps.append(step) }

  /// A connection's next request is read now.
  mutating func begin(_ connection: ControlConnection) { resumed.remove(connection.number) }

  /// Takes all pieces.
  mutating func takeJobs() -> [Job] {
    defer { jobs = [] }
    return jobs
  }

  /// Takes all that takes longer.
  mutating func takeSteps() -> [Step] {
    defer { steps = [] }
    return steps
  }

  /// Gives back what there was no time for: it comes before what was added meanwhile.
  mutating func giveBack(_ rest: ArraySlice<Job>) { jobs.insert(contentsOf: rest, at: 0) }

  /// The same of what takes longer.
  mutating func giveBack(_ rest: ArraySlice<Step>) { steps.insert(contentsOf: rest, at: 0) }
}

extension ControlLoop {
  /// Goes on with the next request of a connection at the end of the turn.
  func resumeSoon(_ connection: ControlConnection) { work.append(.request(connection)) }

  /// Pushes a picture at the end of the turn, if one is due.
  func pushSoon(_ connection: ControlConnection) { work.append(.push(connection)) }

  /// Takes something further now, and in later turns until it is done.
  func proceed(_ step: @escaping WorkQueue.Step) {
    if !step(stepDeadline) { work.append(step) }
  }

  /// The same, beginning at the end of the turn.
  func proceedSoon(_ step: @escaping WorkQueue.Step) { work.append(step) }

  private var stepDeadline: Instant {
    SystemClock.monotonic().advanced(by: WorkQueue.stepDuration)
  }

  /// Does what there is time for; at least one piece of work, and one step of something longer.
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
