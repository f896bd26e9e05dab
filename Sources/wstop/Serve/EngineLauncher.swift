import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// Starts an engine in the background and waits until it serves.
enum EngineLauncher {
  /// The longest wait for an engine to become ready.
  static let timeout = Duration.seconds(3)

  /// The longest wait for an engine that did not become ready to end, before SIGKILL.
  static let endTimeout = Duration.seconds(1)

  /// The byte that a started engine writes to the readiness pipe.
  enum Word: UInt8 {
    /// The engine accepts sessions.
    case ready = 0x21
    /// Another engine has the name: it runs, or it is starting.
    case taken = 0x3F
  }

  /// The failure of an engine whose name is taken.
  static let taken = CommandFailure(
    "another engine has the name, and does not answer", exitCode: CommandFailure.refused)

  /// Starts an engine in a process session of its own, with its output appended to the log.
  ///
  /// - Parameter ownLog: the file that the engine was told to log to, if there is one.
  /// - Returns: the engine's process.
  /// - Throws: `taken`, or `CommandFailure` with the log's last line if it does not become ready in
  ///   time.
  @discardableResult
  static func start(
    at path: ControlPath, engine arguments: [String], ownLog: String? = nil
  ) throws(CommandFailure) -> Int32 {
    do {
      if let directory = path.ownDirectory { try PrivateDirectory.make(at: directory) }
      // `check` precedes the log, so that no log is created beside a file that is no socket.
      try SocketFile.check(path.socket)
      let output = try RegularFile.open(path.log, for: .appending)
      // `logs` are two if the engine has a log of its own: it writes to the first until it has
      // opened that.
      let logs = [StartLog(path.log)] + (ownLog.map { [StartLog($0)] } ?? [])
      let child = try ChildProcess(
        detached: try ChildProcess.ownPath(),
        arguments: ["wstop", "serve", "--ready-descriptor", "3"] + arguments,
        output: output.number)
      switch word(of: child) {
      case .ready: return child.processID
      case .taken: throw taken
      case nil:
        end(child.processID)
        let line =
          logs.reversed().lazy.compactMap(\.lastLine).first
          ?? "it said nothing in \(FileName.shown(logs[logs.count - 1].path))"
        throw CommandFailure("the engine did not start: \(line)", exitCode: CommandFailure.refused)
      }
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("the engine did not start: \(error)", exitCode: CommandFailure.refused)
    }
  }

  private static func word(of child: borrowing ChildProcess) -> Word? {
    var waiting = pollfd(fd: child.pipe.number, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(timeout.wholeNanoseconds / 1_000_000)
    guard poll(&waiting, 1, milliseconds) == 1 else { return nil }
    var bytes: [UInt8] = [0]
    var span = bytes.mutableSpan
    guard Syscalls.read(child.pipe.number, into: &span) == .bytes(1) else { return nil }
    return Word(rawValue: bytes[0])
  }

  /// Ends an engine that is not ready in time, so that none runs against the caller's word.
  static func end(_ processID: Int32) {
    ChildProcess.signal(processID, SIGTERM)
    var milliseconds = endTimeout.wholeNanoseconds / 1_000_000
    while milliseconds > 0 {
      if ChildProcess.hasEnded(processID) { return }
      usleep(10_000)
      milliseconds -= 10
    }
    ChildProcess.signal(processID, SIGKILL)
    ChildProcess.wait(for: processID)
  }
}

/// The length of a log before an engine started: bytes behind it are the engine's.
private struct StartLog {
  let path: String
  private let byteCount: Int

  init(_ path: String) {
    self.path = path
    var status = stat()
    byteCount = stat(FileName.cString(path), &status) == 0 ? Int(status.st_size) : 0
  }

  /// The engine's last line, or why the log cannot be read; nil if it has written none.
  var lastLine: String? {
    let bytes: [UInt8]
    do throws(CommandFailure) {
      bytes = try InputFile.readRegular(path, from: byteCount)
    } catch {
      return error.message
    }
    guard let last = bytes.split(separator: UInt8(ascii: "\n")).last else { return nil }
    let line = String(decoding: last, as: UTF8.self)
    return line.hasPrefix("wstop: ") ? String(line.dropFirst(7)) : line
  }
}
