import ControlProtocol
import ControlServer
import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import History

@Suite("The history where the disk fails", .limited)
struct HistoryCellarTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }

  private func entries(_ cellar: HistoryCellar, _ now: Instant) throws -> HistoryPage {
    try cellar.page(HistoryQuery(limit: 500), now: now, seconds: Samples.now).get()
  }

  @Test("Without a file the last entries are kept in memory, and none of them counts as lost")
  func memoryAlone() throws {
    var settings = HistorySettings(path: nil)
    settings.maximumMemoryCount = 50
    let cellar = try HistoryCellar(settings, now: start)
    cellar.tick(now: start, seconds: Samples.now)
    for number in 0..<120 {
      cellar.store([Samples.session(number, ago: 120 - Double(number))], now: start, seconds: 0)
    }
    let page = try entries(cellar, start)
    #expect(page.store == .memory)
    #expect(page.entries.count == 50 && page.entries.first?.session?.messagesIn == 119)
    #expect(cellar.statistics.stored == 120 && cellar.statistics.lost == 0)
    #expect(cellar.statistics.problem == nil && cellar.takeNotices().isEmpty)
  }

  @Test("A directory that is missing, then there: what came meanwhile is in the file")
  func directoryComes() throws {
    let folder = Folder()
    let directory = folder.file("later")
    let cellar = try HistoryCellar(HistorySettings(path: directory + "/x"), now: start)
    cellar.tick(now: start, seconds: Samples.now)
    #expect(cellar.statistics.store == .memory && cellar.statistics.failures == 1)
    guard case .lost(let reason)? = cellar.takeNotices().first else {
      Issue.record("nothing was said")
      return
    }
    #expect(reason.contains("No such file or directory"))
    cellar.store([Samples.session(1), Samples.session(2)], now: start, seconds: Samples.now)
    #expect(try entries(cellar, start).entries.count == 2)
    // The same failure again is counted, and not told again.
    #expect(cellar.deadline <= at(5))
    cellar.tick(now: at(5), seconds: Samples.now)
    #expect(cellar.statistics.failures == 2 && cellar.takeNotices().isEmpty)
    mkdir(directory, 0o700)
    cellar.tick(now: at(9), seconds: Samples.now)
    #expect(cellar.statistics.store == .memory, "it is not tried before its time")
    cellar.tick(now: at(10), seconds: Samples.now)
    #expect(cellar.takeNotices() == [.regained(count: 2)])
    #expect(cellar.statistics.store == .disk && cellar.statistics.problem == nil)
    let page = try entries(cellar, start)
    #expect(page.store == .disk && page.entries.count == 2)
    cellar.store([Samples.session(3)], now: at(11), seconds: Samples.now)
    #expect(try entries(cellar, start).entries.count == 3)
    #expect(cellar.statistics.stored == 3 && cellar.statistics.lost == 0)
    cellar.close(seconds: Samples.now)
    for name in ["x", "x-wal", "x-shm"] { unlink(directory + "/" + name) }
  }

  @Test("A full disk: entries go on in memory, and into the file when there is room again")
  func fullDisk() throws {
    let folder = Folder()
    var settings = HistorySettings(path: folder.file())
    settings.maximumPageCount = 40
    let cellar = try HistoryCellar(settings, now: start)
    cellar.tick(now: start, seconds: Samples.now)
    #expect(cellar.statistics.store == .disk)
    var number = 0
    while cellar.statistics.store == .disk, number < 10_000 {
      cellar.store(
        (0..<100).map { Samples.session(number + $0) }, now: start, seconds: Samples.now)
      number += 100
    }
    #expect(cellar.statistics.problem?.contains("full") == true)
    #expect(cellar.takeNotices().count == 1)
    #expect(try entries(cellar, start).entries.count == 100, "the batch that found no room")
    cellar.store([Samples.session(number)], now: at(1), seconds: Samples.now)
    number += 1
    // Still full.
    cellar.tick(now: at(6), seconds: Samples.now)
    #expect(cellar.statistics.store == .memory)
    #expect(cellar.statistics.lost == 0 && cellar.statistics.stored == number)
    cellar.close(seconds: Samples.now)
    // Room again, for the next run of the engine at least.
    settings.maximumPageCount = nil
    let next = try HistoryCellar(settings, now: start)
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
    let cellar = try HistoryCellar(settings, now: start)
    folder.write("this is no database, and long enough to be seen as none".repeated(50))
    cellar.tick(now: start, seconds: Samples.now)
    #expect(cellar.statistics.problem?.contains("not a database") == true)
    for batch in 0..<5 {
      cellar.store(
        (0..<1000).map { Samples.session(batch * 1000 + $0) }, now: start, seconds: Samples.now)
    }
    #expect(cellar.statistics.lost == 2000)
    #expect(folder.exists(), "what is at the path is not touched")
    unlink(folder.file())
    cellar.tick(now: at(5), seconds: Samples.now)
    #expect(cellar.takeNotices().last == .regained(count: 3000))
    cellar.close(seconds: Samples.now)
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
    let cellar = try HistoryCellar(settings, now: start)
    cellar.tick(now: start, seconds: Samples.now)
    cellar.store(
      (0..<3000).map { Samples.session($0, ago: Double($0 % 300)) }, now: start,
      seconds: Samples.now)
    cellar.tick(now: at(60), seconds: Samples.now)
    var query = HistoryQuery(limit: 500)
    query.until = Samples.now - 100
    #expect(
      try cellar.page(query, now: start, seconds: Samples.now).get().entries.isEmpty)
    query.until = nil
    #expect(
      try cellar.page(query, now: start, seconds: Samples.now).get().entries.count == 500)
    cellar.close(seconds: Samples.now)
  }

  @Test("The file stays within its bytes: the oldest entries go first")
  func size() throws {
    let folder = Folder()
    var settings = HistorySettings(path: folder.file())
    settings.maximumByteCount = 1 << 20
    let cellar = try HistoryCellar(settings, now: start)
    cellar.tick(now: start, seconds: Samples.now)
    for batch in 0..<20 {
      cellar.store(
        (0..<1000).map { Samples.session(batch * 1000 + $0, ago: Double(20_000 - batch * 1000)) },
        now: start, seconds: Samples.now)
      #expect(cellar.statistics.byteCount <= 1 << 20)
      let byteCount = folder.byteCount("x.history-wal") + folder.byteCount()
      #expect(byteCount <= 1 << 20, "the write-ahead log is part of it")
    }
    let page = try entries(cellar, start)
    #expect(page.entries.first?.session?.messagesIn ?? 0 >= 19_000)
    cellar.close(seconds: Samples.now)
    let file = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    #expect((1000..<20_000).contains(try file.count()))
    #expect(cellar.statistics.lost == 0)
    var status = stat()
    stat(folder.file(), &status)
    #expect(status.st_size < 3 << 20, "deleted entries give their room back")
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
