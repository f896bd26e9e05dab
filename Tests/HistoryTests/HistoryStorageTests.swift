import ControlProtocol
import ControlServer
import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import History

@Suite("The history where the disk fails", .limited)
struct HistoryStorageTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }

  /// The newest entries, of as many pages as that takes: a search ends early where the processors
  /// are busy with other things.
  private func entries(_ storage: HistoryStorage, _ now: Instant) throws -> HistoryPage {
    let limit = 500
    var found = try storage.page(HistoryQuery(limit: limit), now: now, seconds: Samples.now).get()
    while found.entries.count < limit, let next = found.next {
      let query = HistoryQuery(cursor: next, limit: limit - found.entries.count)
      let further = try storage.page(query, now: now, seconds: Samples.now).get()
      found.entries += further.entries
      found.next = further.next
    }
    return found
  }

  @Test("Without a file the last entries are kept in memory, and none of them counts as lost")
  func memoryAlone() throws {
    var settings = HistorySettings(path: nil)
    settings.maximumMemoryCount = 50
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    for number in 0..<120 {
      storage.store([Samples.session(number, ago: 120 - Double(number))], now: start, seconds: 0)
    }
    let page = try entries(storage, start)
    #expect(page.store == .memory)
    #expect(page.entries.count == 50 && page.entries.first?.session?.messagesIn == 119)
    #expect(storage.statistics.stored == 120 && storage.statistics.lost == 0)
    #expect(storage.statistics.problem == nil && storage.takeNotices().isEmpty)
  }

  @Test("A directory that is missing, then there: what came meanwhile is in the file")
  func directoryComes() throws {
    let folder = Folder()
    let directory = folder.file("later")
    let storage = try HistoryStorage(HistorySettings(path: directory + "/x"), now: start)
    storage.tick(now: start, seconds: Samples.now)
    #expect(storage.statistics.store == .memory && storage.statistics.failures == 1)
    guard case .lost(let reason)? = storage.takeNotices().first else {
      Issue.record("nothing was said")
      return
    }
    #expect(reason.contains("No such file or directory"))
    storage.store([Samples.session(1), Samples.session(2)], now: start, seconds: Samples.now)
    #expect(try entries(storage, start).entries.count == 2)
    // The same failure again is counted, and not told again.
    #expect(storage.deadline <= at(5))
    storage.tick(now: at(5), seconds: Samples.now)
    #expect(storage.statistics.failures == 2 && storage.takeNotices().isEmpty)
    mkdir(directory, 0o700)
    storage.tick(now: at(9), seconds: Samples.now)
    #expect(storage.statistics.store == .memory, "it is not tried before its time")
    storage.tick(now: at(10), seconds: Samples.now)
    #expect(storage.takeNotices() == [.regained(count: 2)])
    #expect(storage.statistics.store == .disk && storage.statistics.problem == nil)
    let page = try entries(storage, start)
    #expect(page.store == .disk && page.entries.count == 2)
    storage.store([Samples.session(3)], now: at(11), seconds: Samples.now)
    #expect(try entries(storage, start).entries.count == 3)
    #expect(storage.statistics.stored == 3 && storage.statistics.lost == 0)
    storage.close(seconds: Samples.now)
    for name in ["x", "x-wal", "x-shm"] { unlink(directory + "/" + name) }
  }

  @Test("A full disk: entries go on in memory, and into the file when there is room again")
  func fullDisk() throws {
    let folder = Folder()
    var settings = HistorySettings(path: folder.file())
    settings.maximumPageCount = 40
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    #expect(storage.statistics.store == .disk)
    var number = 0
    while storage.statistics.store == .disk, number < 10_000 {
      storage.store(
        (0..<100).map { Samples.session(number + $0) }, now: start, seconds: Samples.now)
      number += 100
    }
    #expect(storage.statistics.problem?.contains("full") == true)
    #expect(storage.takeNotices().count == 1)
    #expect(try entries(storage, start).entries.count == 100, "the batch that found no room")
    storage.store([Samples.session(number)], now: at(1), seconds: Samples.now)
    number += 1
    // Still full.
    storage.tick(now: at(6), seconds: Samples.now)
    #expect(storage.statistics.store == .memory)
    #expect(storage.statistics.lost == 0 && storage.statistics.stored == number)
    storage.close(seconds: Samples.now)
    // Room again, for the next run of the engine at least.
    settings.maximumPageCount = nil
    let next = try HistoryStorage(settings, now: start)
    next.tick(now: start, seconds: Samples.now)
    next.store([Samples.session(number)], now: at(1), seconds: Samples.now)
    #expect(next.statistics.store == .disk)
    next.close(seconds: Samples.now)
  }

  @Test("A failure in the middle of a run is overcome in it, and nothing is stored twice")
  func regains() throws {
    let folder = Folder()
    var settings = HistorySettings(path: folder.file())
    settings.maximumMemoryCount = 3000
    let storage = try HistoryStorage(settings, now: start)
    folder.write("this is no database, and long enough to be seen as none".repeated(50))
    storage.tick(now: start, seconds: Samples.now)
    #expect(storage.statistics.problem?.contains("not a database") == true)
    for batch in 0..<5 {
      storage.store(
        (0..<1000).map { Samples.session(batch * 1000 + $0) }, now: start, seconds: Samples.now)
    }
    #expect(storage.statistics.lost == 2000)
    #expect(folder.exists(), "what is at the path is not touched")
    unlink(folder.file())
    storage.tick(now: at(5), seconds: Samples.now)
    #expect(storage.takeNotices().last == .regained(count: 3000))
    storage.close(seconds: Samples.now)
    let file = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    #expect(try file.count() == 3000)
    let oldest = try file.oldest(1).first
    #expect(oldest?.session?.messagesIn == 2000)
  }

  @Test("Entries that are too old go, in the file and in memory", arguments: [true, false])
  func age(hasFile: Bool) throws {
    let folder = Folder()
    var settings = HistorySettings(path: hasFile ? folder.file() : nil)
    settings.maximumAge = .seconds(100)
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    storage.store(
      (0..<3000).map { Samples.session($0, ago: Double($0 % 300)) }, now: start,
      seconds: Samples.now)
    storage.tick(now: at(60), seconds: Samples.now)
    var query = HistoryQuery(limit: 500)
    query.until = Samples.now - 100
    #expect(
      try storage.page(query, now: start, seconds: Samples.now).get().entries.isEmpty)
    #expect(try entries(storage, start).entries.count == 500)
    storage.close(seconds: Samples.now)
  }

  @Test("The file stays within its bytes: the oldest entries go first")
  func size() throws {
    let folder = Folder()
    var settings = HistorySettings(path: folder.file())
    settings.maximumByteCount = 1 << 20
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    for batch in 0..<20 {
      storage.store(
        (0..<1000).map { Samples.session(batch * 1000 + $0, ago: Double(20_000 - batch * 1000)) },
        now: start, seconds: Samples.now)
      #expect(storage.statistics.byteCount <= 1 << 20)
      let byteCount = folder.byteCount("x.history-wal") + folder.byteCount()
      #expect(byteCount <= 1 << 20, "the write-ahead log is part of it")
    }
    let page = try entries(storage, start)
    #expect(page.entries.first?.session?.messagesIn ?? 0 >= 19_000)
    storage.close(seconds: Samples.now)
    let file = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    #expect((1000..<20_000).contains(try file.count()))
    #expect(storage.statistics.lost == 0)
    var status = stat()
    stat(folder.file(), &status)
    #expect(status.st_size < 3 << 20, "deleted entries give their room back")
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
