import ControlProtocol
import Glibc
import Vocabulary

/// Entries for the tests of the history.
enum Samples {
  static let now = 1_764_000_000.0

  /// The entry of a session that was closed so many seconds ago.
  static func session(
    _ number: Int, ago: Double = 0, code: CloseCode = .normalClosure,
    by initiator: CloseInitiator = .peer, _ change: (inout HistoryEntry) -> Void = { _ in }
  ) -> HistoryEntry {
    var row = SessionRow(
      id: SessionID(sequence: UInt64(number + 1), reactor: 0), route: "/ws/chat/{room}",
      path: "/ws/chat/\(number)", address: "10.0.3.\(number % 250)", port: 40_000 + number % 20_000,
      state: .closed, openedAt: now - ago - 60, idleSeconds: 0.5)
    row.messagesIn = number
    row.bytesIn = number * 10
    row.largestIn = 4096
    row.wireBytesOut = 17
    row.backlogPeakBytes = 99
    row.roundTripMilliseconds = 12.5
    row.tls = true
    // The wall clock was set while it was open.
    row.ageSeconds = 3660.5
    row.userAgent = "tester \"1\""
    row.subprotocol = "json"
    row.query = "x=1"
    row.tags = ["user:olga", "vip"]
    row.ending = SessionEnding(code: code, reason: "bye", by: initiator, at: now - ago)
    var entry = HistoryEntry(
      row, at: now - ago, run: "run-1", query: "x=1", subprotocol: "json", listener: "127.0.0.1:1")
    change(&entry)
    return entry
  }

  /// The entry of an event.
  static func event(
    _ kind: EngineEvent.Kind = .act, _ message: String = "closed s-4k2", ago: Double = 0
  ) -> HistoryEntry {
    HistoryEntry(
      EngineEvent(
        sequence: 1, at: now - ago, kind: kind, message: message, actor: "uid 0 pid 1",
        command: "wstop close s-4k2"), run: "run-1")
  }
}

/// A directory of one test.
final class Folder {
  let path: String

  init() {
    var generator = SystemRandomNumberGenerator()
    path = "/tmp/wstop-history-\(String(generator.next() as UInt64, radix: 36))"
    mkdir(path, 0o700)
  }

  /// The path of a file in it.
  func file(_ name: String = "x.history") -> String { "\(path)/\(name)" }

  deinit {
    // SQLite's own files, and those that a test made.
    for name in [
      "x.history", "x.history-wal", "x.history-shm", "x.history-journal", "other",
      "other-wal", "other-shm", "kept", "kept-wal", "kept-shm",
    ] {
      unlink(file(name))
    }
    rmdir(file("later"))
    rmdir(path)
  }

  func write(_ text: String, to name: String = "x.history") {
    guard let stream = fopen(file(name), "w") else { return }
    fputs(text, stream)
    fclose(stream)
    chmod(file(name), 0o600)
  }

  /// How many bytes a file in it has.
  func byteCount(_ name: String = "x.history") -> Int {
    var status = stat()
    return stat(file(name), &status) == 0 ? Int(status.st_size) : 0
  }

  func exists(_ name: String = "x.history") -> Bool { access(file(name), F_OK) == 0 }
}
