import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// Starts an engine in the background and waits until it serves.
enum EngineLauncher {
  /// How long an engine may take to be ready.
  static let timeout = Duration.seconds(3)

  /// How long an engine that was not ready may take to end before it is killed.
  static let endTimeout = Duration.seconds(1)

  /// What a started engine says on the readiness pipe.
  enum Word: UInt8 {
    /// Sessions can come.
    case ready = 0x21
    /// Another engine has the name: it runs, or it is about to.
    case taken = 0x3F
  }

  /// The failure of an engine whose name another one has.
  static let taken = CommandFailure(
    "another engine has the name, and does not answer", exitCode: CommandFailure.refused)

  /// Starts an engine, in a session of its own, with its output at the end of the log.
  ///
  /// - Parameter ownLog: the file that the engine is told to log to, if it is another one.
  /// - Returns: the engine's process.
  /// - Throws: `taken`, or `CommandFailure` with the log's last line if it does not come up in
  ///   time.
  @discardableResult
  static func start(
    at path: ControlPath, engine arguments: [String], ownLog: String? = nil
  ) throws(CommandFailure) -> Int32 {
    do {
      if let directory = path.ownDirectory { try PrivateDirectory.make(at: directory) }
      // Before the log, so that none is left beside what is no socket.
      try SocketFile.check(path.socket)
      let output = try RegularFile.open(path.log, for: .appending)
      // What it writes before it has opened its own log, and what then.
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

  /// Ends an engine that is not ready in time, so that none runs which was told not to.
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

/// A log as it was before an engine was started: what comes behind that is the engine's.
private struct StartLog {
  let path: String
  private let byteCount: Int

  init(_ path: String) {
    self.path = path
    var status = stat()
    byteCount = stat(FileName.cString(path), &status) == 0 ? Int(status.st_size) : 0
  }

  /// The last line that has come since, or why the log cannot be read; nil if none has.
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
