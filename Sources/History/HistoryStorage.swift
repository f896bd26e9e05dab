import ControlProtocol
import ControlServer
import EventLoop
import GRDB
import Vocabulary

/// The storage of entries: in the file, or in memory while the file cannot be used.
///
/// No failure of the file reaches the caller: it is told by `statistics` and `takeNotices`, the
/// file is tried again after a while, and the entries kept meanwhile are written then. Confined to
/// one thread; it reads no clock but for the length of a search.
final class HistoryStorage {
  /// How often old entries are looked for.
  static let pruneInterval = Duration.seconds(60)
  /// How often it is looked whether the file still lies where it did.
  static let lookInterval = Duration.seconds(30)
  /// How long the write-ahead log is left alone after it was to be emptied.
  private static let emptyInterval = Duration.seconds(10)
  /// How many batches one pruning deletes at most; the rest has to wait for the next one.
  private static let maximumPruneCount = 50

  private let settings: HistorySettings
  private let memory: HistoryDatabase
  private var file: HistoryDatabase?
  private var memoryCount = 0
  private var retryAt: Instant?
  private var pruneAt: Instant
  private var lookAt: Instant
  private var emptyAt: Instant
  /// The number of the last entry that is known to lie in the file at the path.
  private var safeNumber = 0
  /// How many entries were written to the file since then.
  private var unsafeCount = 0
  private var notices: [HistoryNotice] = []
  /// The statistics, but for `waiting`, which the caller alone knows.
  private(set) var statistics = HistoryStatistics()

  /// Storage whose file is opened at the first `tick`.
  init(_ settings: HistorySettings, now: Instant) throws {
    self.settings = settings
    memory = try HistoryDatabase()
    statistics.path = settings.path
    retryAt = settings.path == nil ? nil : now
    pruneAt = now
    lookAt = now
    emptyAt = now
  }

  /// The time at which `tick` is to be called.
  var deadline: Instant {
    min(retryAt ?? pruneAt, pruneAt, file == nil ? pruneAt : lookAt)
  }

  /// The notices since the last call.
  func takeNotices() -> [HistoryNotice] {
    defer { notices = [] }
    return notices
  }

  /// Opens the file if that is due, and deletes entries that are too old.
  ///
  /// - Parameter seconds: the time in seconds since 1970.
  func tick(now: Instant, seconds: Double) {
    if file != nil, now >= lookAt { look(now: now, seconds: seconds) }
    if let retryAt, now >= retryAt { open(now: now, seconds: seconds) }
    guard now >= pruneAt else { return }
    pruneAt = now.advanced(by: Self.pruneInterval)
    prune(now: now, seconds: seconds)
  }

  /// Stores entries, in the file or in memory.
  func store(_ entries: [HistoryEntry], now: Instant, seconds: Double) {
    var rest = entries[...]
    while !rest.isEmpty {
      let batch = rest.prefix(HistoryDatabase.batchCount)
      rest = rest.dropFirst(batch.count)
      statistics.stored += batch.count
      if let file {
        do {
          try file.insert(batch)
          unsafeCount += batch.count
          continue
        } catch {
          fail(error, now: now)
        }
      }
      remember(batch)
    }
    guard let file else { return }
    do {
      statistics.byteCount = try file.byteCount()
      if statistics.byteCount > settings.maximumByteCount { prune(now: now, seconds: seconds) }
    } catch {
      fail(error, now: now)
    }
  }

  /// A page of the entries in the file or in memory, wherever entries are stored now.
  func page(
    _ query: HistoryQuery, now: Instant, seconds: Double
  ) -> Result<HistoryPage, ControlError> {
    if let file {
      do {
        return .success(try file.page(query, now: seconds, store: .disk))
      } catch {
        fail(error, now: now)
      }
    }
    do {
      return .success(try memory.page(query, now: seconds, store: .memory))
    } catch {
      return .failure(ControlError(code: "history-unreadable", message: Self.sentence(error)))
    }
  }

  /// Ends the run and lets the file go.
  func close(seconds: Double) {
    do {
      try file?.endRun(settings.run, at: seconds)
      try file?.close()
    } catch {
      // The failure is in the statistics of the end; the next run finds this one unfinished.
      statistics.failures += 1
      statistics.problem = Self.sentence(error, about: settings.path)
    }
    file = nil
  }

  // MARK: The file

  private func open(now: Instant, seconds: Double) {
    guard let path = settings.path else { return }
    do {
      if let directory = settings.directory { try PrivateFile.makeDirectories(to: directory) }
      let file = try HistoryDatabase(
        path: path, maximumPageCount: settings.maximumPageCount,
        maximumByteCount: settings.maximumByteCount)
      if let former = try file.beginRun(settings.run, at: seconds) {
        notices.append(.unfinished(run: former.run, ago: max(0, seconds - former.lastEntryAt)))
      }
      let count = try moveMemory(into: file)
      statistics.byteCount = try file.byteCount()
      safeNumber = try file.lastNumber()
      unsafeCount = 0
      self.file = file
      retryAt = nil
      lookAt = now.advanced(by: Self.lookInterval)
      statistics.store = .disk
      if statistics.problem != nil { notices.append(.regained(count: count)) }
      statistics.problem = nil
    } catch {
      fail(error, now: now)
    }
  }

  /// Writes the entries kept in memory to the file; written entries are forgotten here batch by
  /// batch, so that a failure between two of them stores nothing twice.
  private func moveMemory(into file: HistoryDatabase) throws -> Int {
    var count = 0
    while memoryCount > 0 {
      let batch = try memory.oldest(HistoryDatabase.batchCount)
      try file.insert(batch)
      count += batch.count
      let deleted = try memory.deleteOldest(HistoryDatabase.batchCount)
      memoryCount = deleted == 0 ? 0 : max(0, memoryCount - deleted)
    }
    return count
  }

  /// Looks whether the file still lies where it did; if not, entries written to it since the last
  /// look are kept for the next file.
  private func look(now: Instant, seconds: Double) {
    guard let file else { return }
    lookAt = now.advanced(by: Self.lookInterval)
    do {
      guard let displacement = try file.displacement() else {
        safeNumber = try file.lastNumber()
        unsafeCount = 0
        return
      }
      do {
        let count = min(unsafeCount, settings.maximumMemoryCount)
        remember(try file.entries(after: safeNumber, atMost: count))
        statistics.lost += unsafeCount - count
      } catch {
        statistics.lost += unsafeCount
      }
      fail(displacement, now: now)
      // The file is opened at once, since at the path there is room for another one.
      open(now: now, seconds: seconds)
    } catch {
      fail(error, now: now)
    }
  }

  private func fail(_ error: any Error, now: Instant) {
    let sentence = Self.sentence(error, about: settings.path)
    statistics.failures += 1
    statistics.store = .memory
    do { try file?.close() } catch { statistics.failures += 1 }
    file = nil
    unsafeCount = 0
    retryAt = now.advanced(by: settings.retryInterval)
    // A lasting problem is told once; it may change, though, as from no space to no such directory.
    if statistics.problem != sentence { notices.append(.lost(sentence)) }
    statistics.problem = sentence
  }

  /// The failure in a sentence that names the file.
  static func sentence(_ error: any Error, about path: String? = nil) -> String {
    let sentence =
      if let error = error as? DatabaseError {
        error.message ?? error.resultCode.description
      } else {
        "\(error)"
      }
    guard let path, !sentence.hasPrefix(path) else { return sentence }
    return "\(path): \(sentence)"
  }

  // MARK: Memory and age

  private func remember(_ entries: some Collection<HistoryEntry>) {
    do {
      try memory.insert(entries)
      memoryCount += entries.count
      while memoryCount > settings.maximumMemoryCount {
        let count = try memory.deleteOldest(
          min(memoryCount - settings.maximumMemoryCount, HistoryDatabase.batchCount))
        memoryCount = count == 0 ? 0 : memoryCount - count
        // Without a file, `maximumMemoryCount` is the intended length of the history, and nothing
        // is lost.
        if settings.path != nil { statistics.lost += count }
      }
    } catch {
      statistics.lost += entries.count
    }
  }

  /// Keeps the file and its write-ahead log within their bytes.
  private func shrink(_ file: HistoryDatabase, now: Instant) throws {
    guard try file.byteCount() > settings.maximumByteCount else { return }
    // A log that somebody reads in stays as long as it is, which is no reason to delete entries.
    guard now >= emptyAt else { return }
    try file.emptyLog()
    // An eighth is left to the log, which grows again.
    let limit = settings.maximumByteCount - settings.maximumByteCount / 8
    for _ in 0..<Self.maximumPruneCount {
      guard try file.pageByteCount() > limit else { break }
      if try file.deleteOldest(HistoryDatabase.batchCount) == 0 { break }
    }
    try file.emptyLog()
    if try file.byteCount() > settings.maximumByteCount {
      emptyAt = now.advanced(by: Self.emptyInterval)
    }
  }

  private func prune(now: Instant, seconds: Double) {
    let oldest = seconds - settings.maximumAge.inSeconds
    do {
      for _ in 0..<Self.maximumPruneCount {
        if try memory.delete(before: oldest) == 0 { break }
      }
      memoryCount = try memory.count()
    } catch {
      // The failure is passed over: memory is short, and the next pruning may find it otherwise.
    }
    guard let file else { return }
    do {
      for _ in 0..<Self.maximumPruneCount {
        if try file.delete(before: oldest) == 0 { break }
      }
      try shrink(file, now: now)
      statistics.byteCount = try file.byteCount()
    } catch {
      fail(error, now: now)
    }
  }
}
