import ControlProtocol
import Glibc
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import History

@Suite("The history on its thread", .limited, .timeLimit(.minutes(5)))
struct HistoryArchiveTests {
  private func page(
    _ archive: HistoryArchive, _ query: HistoryQuery
  ) async throws -> HistoryPage {
    try await withCheckedContinuation { continuation in
      archive.page(query) { continuation.resume(returning: $0) }
    }.get()
  }

  /// So many entries, the newest first, of as many pages as that takes: a search ends early where
  /// the processors are busy with other things.
  private func newest(_ count: Int, of archive: HistoryArchive) async throws -> HistoryPage {
    var found = try await page(archive, HistoryQuery(limit: count))
    while found.entries.count < count, let next = found.next {
      let query = HistoryQuery(cursor: next, limit: count - found.entries.count)
      let further = try await page(archive, query)
      found.entries += further.entries
      found.next = further.next
    }
    return found
  }

  @Test("A question sees all that was handed over before it, and entries are made only once")
  func order() async throws {
    let folder = Folder()
    let archive = try HistoryArchive(HistorySettings(path: folder.file()))
    defer { archive.stop() }
    let counter = Counter()
    for number in 0..<2500 {
      archive.keep {
        counter.count()
        return Samples.session(number, ago: Double(2500 - number))
      }
    }
    let page = try await newest(500, of: archive)
    #expect(page.entries.first?.session?.messagesIn == 2499)
    #expect(page.entries.count == 500 && page.store == .disk)
    #expect(counter.value == 2500)
    #expect(archive.statistics.stored == 2500 && archive.statistics.waiting == 0)
  }

  @Test("Its thread gives way to those that serve sessions")
  func niceness() throws {
    @Sendable func own() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
    let archive = try HistoryArchive(HistorySettings(path: nil))
    let seen = Mutex<Int32?>(nil)
    archive.keep {
      let value = own()
      seen.withLock { $0 = value }
      return Samples.session(0)
    }
    archive.stop()
    #expect(seen.withLock { $0 } == max(own(), 10))
  }

  @Test("What was handed over is in the file when it has stopped; later entries are lost")
  func stop() throws {
    let folder = Folder()
    let archive = try HistoryArchive(HistorySettings(path: folder.file()))
    for number in 0..<1234 { archive.keep { Samples.session(number) } }
    archive.stop()
    archive.stop()
    archive.keep { Samples.session(0) }
    #expect(archive.statistics.lost == 1)
    let file = try HistoryDatabase(reading: folder.file())
    #expect(try file.count() == 1234)
  }

  @Test("A thread that cannot keep up loses entries beyond the bound, and counts them")
  func bound() async throws {
    let archive = try HistoryArchive(HistorySettings(path: nil))
    let gate = Gate()
    archive.keep {
      gate.wait()
      return Samples.session(0)
    }
    // Until the thread stands at the gate, with nothing behind it.
    while archive.statistics.waiting > 0 { await Task.yield() }
    for number in 0..<(HistoryArchive.maximumWaitingCount + 10) {
      archive.keep { Samples.session(number) }
    }
    #expect(archive.statistics.waiting == HistoryArchive.maximumWaitingCount)
    #expect(archive.statistics.lost == 10)
    let answers = Counter()
    let refusals = Counter()
    for _ in 0..<(HistoryArchive.maximumQuestionCount + 3) {
      archive.page(HistoryQuery()) { result in
        if case .failure(let error) = result, error.error.code == "busy" { refusals.count() }
        answers.count()
      }
    }
    #expect(refusals.value == 3)
    gate.open()
    archive.stop()
    #expect(answers.value == HistoryArchive.maximumQuestionCount + 3)
  }
}

/// Counts from any thread.
private final class Counter: Sendable {
  private let number = Mutex(0)

  var value: Int { number.withLock { $0 } }

  func count() { number.withLock { $0 += 1 } }
}
