import Foundation

/// The directory of all workspaces of the test process, which goes with the process however that
/// ends, as does every program that was started in one of them.
///
/// A shell in a session of its own watches the process: it waits for the end of a connection whose other
/// end nobody else has, so that it sees SIGKILL and a crash as well as an exit. The parent's death
/// signal (prctl(2)) would not do: it comes with the end of a thread, and neither a terminal's server
/// nor an engine in the background is a child.
enum Scratch {
  /// Its path, which is short, as those of Unix sockets must be.
  static let directory: Result<String, Subprocess.Failure> = Result {
    () throws(Subprocess.Failure) in
    var template = Array("/tmp/wstop-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Subprocess.Failure("mkdtemp", errno) }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try watch(path)
    return path
  }

  /// The processes whose home is in a directory, whoever started them.
  static func processes(in directory: String) -> [pid_t] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.filter { id in
      guard let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ") else {
        return false
      }
      return environment.split(separator: 0).contains { setting in
        let text = String(decoding: setting, as: UTF8.self)
        return text == "HOME=\(directory)" || text.hasPrefix("HOME=\(directory)/")
      }
    }
  }

  private static let script = """
    cat
    for round in 1 2 3 4 5 6 7 8 9 10; do
      left=
      for file in /proc/[0-9]*/environ; do
        grep -zqs "^HOME=$0/" "$file" || continue
        left=$file
        id=${file#/proc/}
        kill -KILL "${id%/environ}"
      done
      [ -n "$left" ] || break
      sleep 0.2
    done
    rm -rf -- "$0"
    """

  /// POSIX_SPAWN_SETSID of spawn.h, which is there for GNU's C alone.
  private static let newSession: Int16 = 0x80

  private static func watch(_ path: String) throws(Subprocess.Failure) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw Subprocess.Failure("socketpair", errno)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | newSession)
    let arguments: [String] = ["/bin/sh", "-c", script, path]
    let environment: [String] = ["PATH=/usr/local/bin:/usr/bin:/bin"]
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var processID: pid_t = 0
    let number = posix_spawn(&processID, "/bin/sh", &actions, &attributes, &words, &settings)
    close(ends[0])
    // The other end stays open as long as the process lives.
    guard number == 0 else { throw Subprocess.Failure("posix_spawn of /bin/sh", number) }
  }
}
