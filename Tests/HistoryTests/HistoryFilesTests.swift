import ControlProtocol
import ControlServer
import EventLoop
import GRDB
import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import History

@Suite("Which file a history is kept in", .limited)
struct HistoryFilesTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }

  private func storage(
    _ folder: Folder, run: String = "run-1", _ change: (inout HistorySettings) -> Void = { _ in }
  ) throws -> HistoryStorage {
    var settings = HistorySettings(path: folder.file())
    settings.run = run
    change(&settings)
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    return storage
  }

  private func count(_ path: String) throws -> Int {
    try HistoryFile(path: path).page(HistoryQuery(limit: 500)).entries.count
  }

  // MARK: Others' files

  @Test(
    "A link is not followed, and nothing is made where it leads",
    arguments: ["", "-wal", "-shm"])
  func link(suffix: String) throws {
    let folder = Folder()
    #expect(symlink(folder.file("other"), folder.file() + suffix) == 0)
    let storage = try storage(folder)
    #expect(storage.statistics.store == .memory && storage.statistics.failures == 1)
    #expect(
      storage.statistics.problem
        == "\(folder.file())\(suffix): this is a link, which is not followed; wants the file itself"
    )
    #expect(!folder.exists("other"))
    storage.store([Samples.session(1)], now: start, seconds: Samples.now)
    #expect(storage.statistics.lost == 0)
    storage.close(seconds: Samples.now)
  }

  @Test("A file that others may use is refused, and so are those beside it")
  func shared() throws {
    for suffix in ["", "-wal", "-shm"] {
      let folder = Folder()
      folder.write("", to: "x.history" + suffix)
      chmod(folder.file() + suffix, 0o644)
      let storage = try storage(folder)
      #expect(
        storage.statistics.problem
          == "\(folder.file())\(suffix): others may use the file, its mode is 0644; wants 0600 or "
          + "0400")
      // It is tried again, and taken once it is as it should be.
      chmod(folder.file() + suffix, 0o600)
      storage.tick(now: at(5), seconds: Samples.now)
      #expect(storage.statistics.store == .disk && storage.statistics.problem == nil)
      storage.close(seconds: Samples.now)
    }
  }

  @Test("A file of another user is refused", .enabled(if: geteuid() == 0, "only root makes one"))
  func foreign() throws {
    for suffix in ["", "-wal"] {
      let folder = Folder()
      folder.write("", to: "x.history" + suffix)
      #expect(chown(folder.file() + suffix, 4242, 4242) == 0)
      let storage = try storage(folder)
      #expect(
        storage.statistics.problem?.hasPrefix(
          "\(folder.file())\(suffix): the file belongs to user 4242") == true)
      storage.close(seconds: Samples.now)
    }
  }

  @Test("What is no file is told and not opened")
  func noFile() throws {
    let folder = Folder()
    #expect(mkfifo(folder.file(), 0o600) == 0)
    let storage = try storage(folder)
    #expect(storage.statistics.problem == "\(folder.file()): this is no file")
  }

  @Test("Why a directory cannot be made is told as it is")
  func directory() throws {
    var settings = HistorySettings(path: "/dev/null/wstop/x.history")
    settings.directory = "/dev/null/wstop"
    let storage = try HistoryStorage(settings, now: start)
    storage.tick(now: start, seconds: Samples.now)
    #expect(storage.statistics.problem?.contains("mkdir: Not a directory") == true)
  }

  @Test("A path that looks like a URI is a path")
  func uri() throws {
    let folder = Folder()
    let storage = try storage(folder) { $0.path = "file:\(folder.file())?mode=memory" }
    // There is no such directory as `file:`.
    #expect(storage.statistics.store == .memory)
    #expect(storage.statistics.problem?.contains("No such file or directory") == true)
    #expect(!folder.exists())
  }

  // MARK: Removed and replaced

  @Test("A file that is removed is noticed within a minute, and what came since is in the next one")
  func removed() throws {
    let folder = Folder()
    let storage = try storage(folder)
    storage.store([Samples.session(1)], now: start, seconds: Samples.now)
    storage.tick(now: at(30), seconds: Samples.now)
    #expect(storage.takeNotices().isEmpty)
    unlink(folder.file())
    storage.store([Samples.session(2), Samples.session(3)], now: at(31), seconds: Samples.now)
    #expect(storage.deadline <= at(60))
    storage.tick(now: at(60), seconds: Samples.now)
    #expect(
      storage.takeNotices() == [
        .lost("\(folder.file()): the file was removed while it was in use"), .regained(count: 2),
      ])
    #expect(storage.statistics.store == .disk && storage.statistics.problem == nil)
    #expect(storage.statistics.failures == 1 && storage.statistics.lost == 0)
    storage.close(seconds: Samples.now)
    #expect(try count(folder.file()) == 2)
  }

  @Test("Another history in its place goes on, and keeps what stood in its own log")
  func replaced() throws {
    let folder = Folder()
    let other = try HistoryDatabase(path: folder.file("kept"), maximumPageCount: nil)
    try other.insert([Samples.session(7)])
    let storage = try storage(folder)
    storage.store([Samples.session(1)], now: at(1), seconds: Samples.now)
    // It is in use: its entry stands in its log.
    for suffix in ["", "-wal", "-shm"] {
      #expect(rename(folder.file("kept") + suffix, folder.file() + suffix) == 0)
    }
    storage.tick(now: at(31), seconds: Samples.now)
    #expect(
      storage.takeNotices() == [
        .lost("\(folder.file()): another file was put in the place of the one in use"),
        .regained(count: 1),
      ])
    #expect(folder.exists("x.history-wal"), "it is the other's")
    storage.store([Samples.session(2)], now: at(32), seconds: Samples.now)
    #expect(try count(folder.file()) == 3)
    storage.close(seconds: Samples.now)
    try other.close()
  }

  @Test("A write-ahead log that is removed is noticed too")
  func logRemoved() throws {
    let folder = Folder()
    let storage = try storage(folder)
    storage.store([Samples.session(1)], now: at(1), seconds: Samples.now)
    unlink(folder.file("x.history-wal"))
    storage.tick(now: at(30), seconds: Samples.now)
    #expect(
      storage.takeNotices().first
        == .lost("\(folder.file("x.history-wal")): the file was removed while it was in use"))
    #expect(storage.statistics.store == .disk)
    storage.close(seconds: Samples.now)
    #expect(try count(folder.file()) >= 1)
  }

  // MARK: Reading

  @Test("A whole file is read without a word beside it, as on a medium that cannot be written")
  func immutable() throws {
    let folder = Folder()
    let storage = try storage(folder)
    storage.store([Samples.session(1)], now: start, seconds: Samples.now)
    storage.close(seconds: Samples.now)
    #expect(!folder.exists("x.history-wal"))
    let file = try HistoryFile(path: folder.file())
    #expect(try file.page(HistoryQuery(limit: 10)).entries.count == 1)
    #expect(!folder.exists("x.history-wal") && !folder.exists("x.history-shm"))
    // An engine begins to write: it is read as any other from here on.
    let writer = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try writer.insert([Samples.session(2)])
    #expect(try file.page(HistoryQuery(limit: 10)).entries.count == 2)
    try writer.close()
  }

  @Test("What a file is read by with a strange name", arguments: ["a?b", "a#b", "a%41b", "ä b"])
  func names(name: String) throws {
    let folder = Folder()
    let database = try HistoryDatabase(path: folder.file(name), maximumPageCount: nil)
    try database.insert([Samples.session(1)])
    try database.close()
    #expect(try count(folder.file(name)) == 1)
    unlink(folder.file(name))
  }

  @Test("Why a file cannot be read is told as it is")
  func unreadable() {
    let folder = Folder()
    let error = #expect(throws: HistoryFile.Failure.self) {
      try HistoryFile(path: folder.file())
    }
    #expect(error?.description == "\(folder.file()): No such file or directory")
    let directory = #expect(throws: HistoryFile.Failure.self) {
      try HistoryFile(path: folder.path)
    }
    #expect(directory?.description == "\(folder.path): this is no file")
  }

  // MARK: Runs

  @Test("A run that ended without a stop is told once, with the age of its last entry")
  func unfinished() throws {
    let folder = Folder()
    let killed = try storage(folder, run: "first")
    killed.store(
      [Samples.session(1, ago: 30) { $0.run = "first" }], now: start, seconds: Samples.now)
    // Nobody closes it: its process is gone, and its lock with it.
    let next = try storage(folder, run: "second")
    #expect(next.takeNotices() == [.unfinished(run: "first", ago: 30)])
    #expect(next.statistics.problem == nil && next.statistics.failures == 0)
    next.close(seconds: Samples.now)
    let third = try storage(folder, run: "third")
    #expect(third.takeNotices().isEmpty)
    third.close(seconds: Samples.now)
    killed.close(seconds: Samples.now)
  }

  @Test("A file of the first version is read, and takes what came since")
  func firstVersion() throws {
    let folder = Folder()
    let old = try DatabaseQueue(path: folder.file())
    try old.write { database in
      try HistorySchema.prepare(database)
      try database.execute(sql: "ALTER TABLE history DROP COLUMN age_seconds")
      try database.execute(sql: "DROP TABLE IF EXISTS history_runs")
    }
    try old.close()
    chmod(folder.file(), 0o600)
    #expect(try count(folder.file()) == 0)
    let storage = try storage(folder)
    #expect(storage.statistics.store == .disk && storage.takeNotices().isEmpty)
    storage.store([Samples.session(1)], now: start, seconds: Samples.now)
    storage.close(seconds: Samples.now)
    #expect(try count(folder.file()) == 1)
  }
}
