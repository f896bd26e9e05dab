package import ControlProtocol
package import ControlServer
import Dispatch
import EventLoop
import Synchronization
import Vocabulary

/// The history on a thread of its own: entries come in by a bounded queue, and are stored in
/// batches.
package final class HistoryArchive: HistoryKeeper {
  /// The most entries and questions that wait; further entries are lost, and counted.
  package static let maximumWaitingCount = 50_000
  /// The most questions that wait.
  package static let maximumQuestionCount = 16
  /// How long entries gather before they are stored together.
  private static let batchInterval = Duration.milliseconds(100)

  private enum Job: Sendable {
    case entry(@Sendable () -> HistoryEntry)
    case page(HistoryQuery, @Sendable (Result<HistoryPage, ControlError>) -> Void)
  }

  private struct State {
    var jobs: [Job] = []
    var questionCount = 0
    var lost = 0
    var isStopping = false
    var statistics = HistoryStatistics()
    var notices: [HistoryNotice] = []
  }

  private let state: Mutex<State>
  private let signal = DispatchSemaphore(value: 0)
  private let thread = Mutex<LoopThread?>(nil)

  /// Begins to keep a history; the file is opened by the thread.
  ///
  /// - Throws: `SystemError` if there can be no thread, and SQLite's error if it cannot even have a
  ///   database in memory.
  package init(_ settings: HistorySettings) throws {
    var initial = State()
    initial.statistics.path = settings.path
    state = Mutex(initial)
    let storage = try HistoryStorage(settings, now: SystemClock.monotonic())
    // The thread is nice: where processors are short, sessions come first.
    let loop = try LoopThread(name: "history", niceness: 10) { [self] in run(storage) }
    thread.withLock { $0 = loop }
  }

  /// Stores the entries handed over, lets the file go and ends the thread; later calls do nothing.
  package func stop() {
    state.withLock { $0.isStopping = true }
    signal.signal()
    thread.withLock { $0.take() }?.join()
  }

  package func keep(_ entry: @escaping @Sendable () -> HistoryEntry) {
    let isFirst = state.withLock { state in
      guard !state.isStopping, state.jobs.count < Self.maximumWaitingCount else {
        state.lost += 1
        return false
      }
      state.jobs.append(.entry(entry))
      return state.jobs.count == 1
    }
    if isFirst { signal.signal() }
  }

  package func page(
    _ query: HistoryQuery, then: @escaping @Sendable (Result<HistoryPage, ControlError>) -> Void
  ) {
    let refusal: ControlError? = state.withLock { state in
      if state.isStopping { return ControlError(code: "stopping", message: "the engine stops") }
      guard state.questionCount < Self.maximumQuestionCount else {
        return ControlError(code: "busy", message: "too many others read the history")
      }
      state.questionCount += 1
      state.jobs.append(.page(query, then))
      return nil
    }
    if let refusal { return then(.failure(refusal)) }
    signal.signal()
  }

  package var statistics: HistoryStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.waiting = state.jobs.count - state.questionCount
      statistics.lost += state.lost
      return statistics
    }
  }

  package func takeNotices() -> [HistoryNotice] {
    state.withLock { state in
      defer { state.notices = [] }
      return state.notices
    }
  }

  // MARK: The thread

  private func run(_ storage: HistoryStorage) {
    while true {
      storage.tick(now: SystemClock.monotonic(), seconds: SystemClock.secondsSince1970())
      publish(storage)
      wait(until: storage.deadline)
      // More entries may be on their way; a question or the end does not wait for them.
      if state.withLock({ !$0.jobs.isEmpty && $0.questionCount == 0 && !$0.isStopping }) {
        wait(until: SystemClock.monotonic().advanced(by: Self.batchInterval))
      }
      let (jobs, isStopping) = state.withLock { state in
        let taken = (state.jobs, state.isStopping)
        state.jobs = []
        state.questionCount = 0
        return taken
      }
      work(jobs, storage)
      guard isStopping else { continue }
      storage.close(seconds: SystemClock.secondsSince1970())
      return publish(storage)
    }
  }

  private func wait(until deadline: Instant) {
    let left = max(0, SystemClock.monotonic().duration(to: deadline).wholeNanoseconds)
    _ = signal.wait(timeout: .now() + .nanoseconds(Int(left)))
  }

  private func work(_ jobs: [Job], _ storage: HistoryStorage) {
    var entries: [HistoryEntry] = []
    func store() {
      storage.store(
        entries, now: SystemClock.monotonic(), seconds: SystemClock.secondsSince1970())
      entries = []
    }
    for job in jobs {
      switch job {
      case .entry(let entry): entries.append(entry())
      case .page(let query, let then):
        store()
        publish(storage)
        then(
          storage.page(
            query, now: SystemClock.monotonic(), seconds: SystemClock.secondsSince1970()))
      }
    }
    store()
  }

  private func publish(_ storage: HistoryStorage) {
    let notices = storage.takeNotices()
    state.withLock { state in
      state.statistics = storage.statistics
      state.notices += notices
      // The newest notices are kept where nobody takes them.
      state.notices.removeFirst(max(0, state.notices.count - 16))
    }
  }
}
