import Dashboard
import EventLoop
import Glibc
import Vocabulary

/// The file of the commands typed in consoles: bounded, and optional, since its errors are ignored.
struct CommandHistoryFile {
  /// The size beyond which the file is rewritten, in bytes.
  static let maximumByteCount = 256 << 10

  /// The path; nil if there is no directory for it.
  let path: String?

  /// The user's file: in `$XDG_STATE_HOME/wstop`, else in `~/.local/state/wstop`.
  init(stateHome: String?, home: String?) {
    // `stateHome` is ignored if relative, as the XDG Base Directory Specification demands.
    if let stateHome, FileName.isAbsolute(stateHome) {
      path = stateHome + "/wstop/history"
    } else if let home, FileName.isAbsolute(home) {
      path = home + "/.local/state/wstop/history"
    } else {
      path = nil
    }
  }

  /// The commands typed before.
  func load() -> CommandHistory {
    guard let path else { return CommandHistory() }
    let bytes: [UInt8]
    do throws(RegularFile.Failure) {
      bytes = try Self.read(path)
    } catch {
      // Errors are ignored: a console works without a history.
      return CommandHistory()
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return CommandHistory(lines)
  }

  /// Appends a command; a file that has grown too large is rewritten with the newest commands.
  func append(_ line: String) {
    guard let path else { return }
    Self.makeDirectories(of: path)
    do throws(RegularFile.Failure) {
      let file = try RegularFile.open(path, for: .appending)
      // `fchmod` is for a file that existed before and may be readable for others.
      fchmod(file.number, 0o600)
      _ = FileOutput.write(Array((line + "\n").utf8), to: file.number)
      if lseek(file.number, 0, SEEK_END) > Self.maximumByteCount { try rewrite(path) }
    } catch {
      // Errors are ignored: a console works without a history.
    }
  }

  private func rewrite(_ path: String) throws(RegularFile.Failure) {
    var lines = load().lines[...]
    // `byteCount` bounds long commands too: the newest are kept, up to half of the maximum.
    var byteCount = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    while byteCount > Self.maximumByteCount / 2, let first = lines.popFirst() {
      byteCount -= first.utf8.count + 1
    }
    // `replace` is atomic, so that another console sees the old file or the new one, never half of
    // it.
    try RegularFile.replace(path, with: Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  /// The end of a file, as far as `load` needs it.
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
