import Dashboard
import EventLoop
import Glibc
import Vocabulary

/// The commands that were typed in consoles, in a file of the person's: a bounded one, and no
/// reason not to go on if it cannot be read or written.
struct CommandHistoryFile {
  /// From how many bytes on the file is written anew with what is kept.
  static let maximumByteCount = 256 << 10

  /// Where it lies; nil if there is no place.
  let path: String?

  /// The file of this person: in `$XDG_STATE_HOME/wstop`, else in `~/.local/state/wstop`.
  init(stateHome: String?, home: String?) {
    // The specification of these directories has relative paths ignored.
    if let stateHome, FileName.isAbsolute(stateHome) {
      path = stateHome + "/wstop/history"
    } else if let home, FileName.isAbsolute(home) {
      path = home + "/.local/state/wstop/history"
    } else {
      path = nil
    }
  }

  /// What was typed before.
  func load() -> CommandHistory {
    guard let path else { return CommandHistory() }
    let bytes: [UInt8]
    do throws(RegularFile.Failure) {
      bytes = try Self.read(path)
    } catch {
      // A console without a history goes on.
      return CommandHistory()
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return CommandHistory(lines)
  }

  /// Adds a command at the end; what has grown too large is cut to what is kept of it.
  func append(_ line: String) {
    guard let path else { return }
    Self.makeDirectories(of: path)
    do throws(RegularFile.Failure) {
      let file = try RegularFile.open(path, for: .appending)
      // One that was there before may be readable for others.
      fchmod(file.number, 0o600)
      _ = FileOutput.write(Array((line + "\n").utf8), to: file.number)
      if lseek(file.number, 0, SEEK_END) > Self.maximumByteCount { try rewrite(path) }
    } catch {
      // A console without a history goes on.
    }
  }

  private func rewrite(_ path: String) throws(RegularFile.Failure) {
    var lines = load().lines[...]
    // Long commands: as many of the newest as make half of what is allowed.
    var byteCount = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    while byteCount > Self.maximumByteCount / 2, let first = lines.popFirst() {
      byteCount -= first.utf8.count + 1
    }
    // Another console sees the old file or the new one, never half of it.
    try RegularFile.replace(path, with: Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  /// The end of a file: as much as can matter.
  private static func read(_ path: String) throws(RegularFile.Failure) -> [UInt8] {
    let file = try RegularFile.open(path, for: .reading)
    let limit = 2 * maximumByteCount
    lseek(file.number, max(0, Int(lseek(file.number, 0, SEEK_END)) - limit), SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < limit {
      var span = buffer.mutableSpan
      guard case .bytes(let count) = Syscalls.read(file.number, into: &span) else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func makeDirectories(of path: String) {
    for index in path.indices.dropFirst() where path[index] == "/" {
      mkdir(FileName.cString(String(path[..<index])), 0o700)
    }
  }
}
