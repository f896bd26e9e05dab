import Foundation
import Synchronization

/// A directory of one test, and the programs that it started.
///
/// The directory is every program's home and `XDG_RUNTIME_DIR`, so that engines of equal names do
/// not meet; and by it those are found that a program of the test started in the background.
final class Workspace: Sendable {
  /// The workspace of the test that runs.
  @TaskLocal static var current = Workspace(unused: ())

  /// The directory; its path is short, as those of Unix sockets must be.
  let directory: String
  private let state = Mutex(State())

  private struct State {
    var processes: [Subprocess] = []
    var clients: ClientProcess?
    var count = 0
  }

  private static let count = Atomic(0)

  init() throws {
    let number = Self.count.add(1, ordering: .relaxed).newValue
    directory = try Scratch.directory.get() + "/\(number)"
    guard mkdir(directory, 0o700) == 0 else { throw Subprocess.Failure("mkdir", errno) }
  }

  /// What is there outside of a test.
  private init(unused: Void) {
    directory = "/nonexistent"
  }

  /// The path of a file in the directory.
  func path(_ name: String) -> String { directory + "/" + name }

  /// Where an engine of a name has its control socket.
  func controlSocket(_ name: String) -> String { path("wstop/\(name).sock") }

  /// Makes a file.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  /// A number that is given once.
  func nextNumber() -> Int {
    state.withLock { state in
      state.count += 1
      return state.count
    }
  }

  /// The program that holds the test's clients; it is started when the first is wanted.
  func clients(_ start: () throws -> ClientProcess) throws -> ClientProcess {
    if let clients = state.withLock({ $0.clients }) { return clients }
    let clients = try start()
    state.withLock { $0.clients = clients }
    return clients
  }

  /// Starts a program with the environment of the tests and what is to be different in it.
  func start(
    _ path: String = Program.path, _ arguments: [String], environment: [String: String] = [:],
    input: Subprocess.Input = .null
  ) throws -> Subprocess {
    let process = try Subprocess(
      path, arguments,
      environment: Program.environment(in: directory).merging(environment) { $1 },
      files: self.path("process-\(nextNumber())"), input: input)
    state.withLock { $0.processes.append(process) }
    return process
  }

  /// The processes whose home is this directory, whoever started them.
  func processes(running program: String? = nil) -> [pid_t] {
    Scratch.processes(in: directory).filter { id in
      guard let program else { return true }
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/exe"))
        == program
    }
  }

  /// Ends every program, by its number, and removes the directory.
  func end() async {
    for process in state.withLock({ $0.processes }).reversed() { process.end() }
    try? await until("programs of \(directory) do not end") {
      let left = processes()
      for id in left { kill(id, SIGKILL) }
      return left.isEmpty
    }
    try? FileManager.default.removeItem(atPath: directory)
  }
}
