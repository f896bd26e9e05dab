import Foundation
import Synchronization

/// A program that a test started; its output goes to files, so that nothing has to be pumped.
final class Subprocess: Sendable {
  /// The process.
  let processID: pid_t
  private let name: String
  private let outputPath: String
  private let errorPath: String
  private let input: Int32
  private let state = Mutex(State())

  private struct State {
    var exitCode: Int32?
    var isInputOpen = true
  }

  /// What the standard input is.
  enum Input {
    /// Empty.
    case null
    /// A file.
    case file(String)
    /// What `write` writes.
    case written
  }

  /// Starts a program.
  ///
  /// - Parameter files: The beginning of the paths of the files for its output.
  init(
    _ path: String, _ arguments: [String], environment: [String: String], files: String,
    input: Input = .null
  ) throws {
    name = ([path] + arguments).joined(separator: " ")
    outputPath = files + ".out"
    errorPath = files + ".err"
    var ends: [Int32] = [-1, -1]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch input {
    case .null: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .written:
      // A socket, not a pipe: writing to one that has gone raises no signal.
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure("socketpair", errno) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var processID: pid_t = 0
    let number = posix_spawn(&processID, path, &actions, &attributes, &words, &settings)
    if ends[1] >= 0 { close(ends[1]) }
    self.input = ends[0]
    self.processID = processID
    guard number == 0 else {
      if ends[0] >= 0 { close(ends[0]) }
      throw Failure("posix_spawn of \(path)", number)
    }
  }

  /// A call of the system that failed.
  struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ call: String, _ number: Int32) {
      description = "\(call): \(String(cString: strerror(number)))"
    }
  }

  /// Everything it has written to its standard output so far.
  var output: Data { FileManager.default.contents(atPath: outputPath) ?? Data() }

  /// Everything it has written to its standard error so far.
  var errors: String {
    String(decoding: FileManager.default.contents(atPath: errorPath) ?? Data(), as: UTF8.self)
  }

  /// Writes to its standard input.
  func write(_ bytes: Data) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        send(input, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure("send to \(name)", errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// The exit code, or 128 and the signal that ended it; nil while it runs.
  var exitCode: Int32? {
    state.withLock { state in
      if let code = state.exitCode { return code }
      var status: Int32 = 0
      guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
      let signal = status & 0x7F
      state.exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      return state.exitCode
    }
  }

  /// Waits for its end.
  @discardableResult
  func waitForExit(within limit: Duration = patience) async throws -> Int32 {
    try await eventually("\(name) did not end: \(errors)", within: limit) { exitCode }
  }

  /// Sends it a signal, if it still runs.
  func signal(_ number: Int32) {
    guard exitCode == nil else { return }
    kill(processID, number)
  }

  /// Ends it at once, and waits until it has gone.
  func end() {
    signal(SIGKILL)
    let deadline = ContinuousClock.now + patience
    while exitCode == nil, ContinuousClock.now < deadline { usleep(2000) }
    let isOpen = state.withLock { state in
      defer { state.isInputOpen = false }
      return state.isInputOpen
    }
    if isOpen, input >= 0 { close(input) }
  }
}
