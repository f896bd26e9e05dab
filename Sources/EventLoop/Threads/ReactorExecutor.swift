internal import CLinux
internal import Glibc
internal import Synchronization

/// A task executor that runs jobs on one reactor's thread, in its turns.
///
/// A job enqueued on that thread goes to a plain array; from elsewhere it passes a mailbox. Once the
/// thread has given it up, jobs run elsewhere, one after the other still: it never runs two at a
/// time, so that tasks may share state that is confined to it.
package final class ReactorExecutor: TaskExecutor, Sendable {
  /// Jobs from other threads; the reactor watches it.
  package let mailbox: Mailbox<UnownedJob>
  private let thread = Atomic<UInt>(0)
  // `localJobs` is touched on the reactor's thread only, which `isCurrent` compares before each
  // use; it is read several times in every turn, so without the runtime's check.
  nonisolated(unsafe) private let localJobs = UncheckedConfined<[UnownedJob]>([])
  /// The jobs that came after `close`, and whether they are being run.
  private let late = Mutex((jobs: [UnownedJob](), isRunning: false))

  /// An executor without a thread; jobs wait until one adopts it.
  ///
  /// - Throws: `SystemError` if the system has no descriptor left.
  package init() throws(SystemError) {
    mailbox = try Mailbox(maximumCount: .max)
  }

  /// Makes the calling thread the one that runs the jobs.
  package func adoptCurrentThread() {
    thread.store(UInt(pthread_self()), ordering: .releasing)
  }

  /// Whether the calling thread is the one that runs the jobs.
  package var isCurrent: Bool {
    thread.load(ordering: .relaxed) == UInt(pthread_self())
  }

  /// Whether a job waits; asked on the executor's thread.
  package var hasJobs: Bool { unsafe localJobs.change { !$0.isEmpty } || !mailbox.isEmpty }

  /// Takes a job, from any thread; after `close` it runs on a thread of the system's own executor.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      unsafe localJobs.change { $0.append(job) }
    } else if !mailbox.post(job) {
      runLate([job])
    }
  }

  /// Runs the jobs that wait, on the executor's thread; jobs that these enqueue run too, up to a
  /// bound.
  ///
  /// - Parameters:
  ///   - rounds: how often newly enqueued jobs are run before the sockets get their turn.
  ///   - jobCountPerLook: how many jobs run between two questions of `goesOn`.
  ///   - goesOn: asked whether there is time for more; the rest waits, in its order, for the next
  ///     call.
  package func runJobs(
    rounds: Int = 16, jobCountPerLook: Int = 8, while goesOn: () -> Bool = { true }
  ) {
    for _ in 0..<rounds {
      if !mailbox.isEmpty {
        let jobs = mailbox.takeAll()
        unsafe localJobs.change { $0.append(contentsOf: jobs) }
      }
      var jobs: [UnownedJob] = []
      unsafe localJobs.change { swap(&jobs, &$0) }
      guard !jobs.isEmpty else { return }
      for (index, job) in jobs.enumerated() {
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        guard index % jobCountPerLook == jobCountPerLook - 1, !goesOn() else { continue }
        // The rest goes in front of the jobs that the ones already run have enqueued.
        return unsafe localJobs.change { $0.insert(contentsOf: jobs[(index + 1)...], at: 0) }
      }
    }
  }

  /// Gives up the thread: runs the jobs that wait, and leaves later ones to threads of the system's
  /// own executor.
  package func close() {
    runJobs(rounds: 1024)
    var rest = mailbox.close()
    unsafe localJobs.change { jobs in
      rest += jobs
      jobs = []
    }
    thread.store(0, ordering: .releasing)
    runLate(rest)
  }

  // MARK: After the thread

  private func runLate(_ jobs: [UnownedJob]) {
    let isFirst = late.withLock { late in
      late.jobs += jobs
      guard !late.isRunning, !late.jobs.isEmpty else { return false }
      late.isRunning = true
      return true
    }
    guard isFirst else { return }
    Task.detached { [self] in
      while let jobs = takeLate() {
        for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        // Whatever the jobs wait for may want this thread.
        await Task.yield()
      }
    }
  }

  private func takeLate() -> [UnownedJob]? {
    late.withLock { late in
      guard !late.jobs.isEmpty else {
        late.isRunning = false
        return nil
      }
      defer { late.jobs = [] }
      return late.jobs
    }
  }
}
