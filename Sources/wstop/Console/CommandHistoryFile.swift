import Dashboard
import EventLoop
import Glibc

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
    if let stateHome, stateHome.hasPrefix("/") {
      path = stateHome + "/wstop/history"
    } else if let home, home.hasPrefix("/") {
      path = home + "/.local/state/wstop/history"
    } else {
      path = nil
    }
  }

  /// What was typed before.
  func load() -> CommandHistory {
    guard let path, let bytes = Self.read(path) else { return CommandHistory() }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return CommandHistory(lines)
  }

  /// Adds a command at the end; what has grown too large is cut to what is kept of it.
  func append(_ line: String) {
    guard let path else { return }
    Self.makeDirectories(of: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    // One that was there before may be readable for others.
    fchmod(descriptor, 0o600)
    _ = FileOutput.write(Array((line + "\n").utf8), to: descriptor)
    let size = lseek(descriptor, 0, SEEK_END)
    close(descriptor)
    if size > Self.maximumByteCount { rewrite(path) }
  }

  private func rewrite(_ path: String) {
    let kept = load().lines
    // Another console sees the old file or the new one, never half of it.
    let temporary = "\(path).\(getpid())"
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    var lines = kept[...]
    // Long commands: as many of the newest as make half of what is allowed.
    var byteCount = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    while byteCount > Self.maximumByteCount / 2, let first = lines.popFirst() {
      byteCount -= first.utf8.count + 1
    }
    let failure = FileOutput.write(
      Array(lines.map { $0 + "\n" }.joined().utf8), to: descriptor)
    close(descriptor)
    if failure != nil || rename(temporary, path) != 0 { unlink(temporary) }
  }

  /// The end of a file: as much as can matter.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let limit = 2 * maximumByteCount
    let size = Int(lseek(descriptor, 0, SEEK_END))
    guard size >= 0 else { return nil }
    lseek(descriptor, max(0, size - limit), SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < limit {
      var span = buffer.mutableSpan
      guard case .bytes(let count) = Syscalls.read(descriptor, into: &span) else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func makeDirectories(of path: String) {
    for index in path.indices.dropFirst() where path[index] == "/" {
      mkdir(String(path[..<index]), 0o700)
    }
  }
}
