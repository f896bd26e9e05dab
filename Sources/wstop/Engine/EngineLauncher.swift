import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// Starts an engine in the background and waits until it serves.
enum EngineLauncher {
  /// How long an engine may take to be ready.
  static let timeout = Duration.seconds(3)

  /// Starts an engine, in a session of its own, with its output at the end of the log.
  ///
  /// - Returns: the engine's process.
  /// - Throws: `CommandFailure` with the log's last line if it does not come up in time.
  @discardableResult
  static func start(
    at path: ControlPath, engine arguments: [String]
  ) throws(CommandFailure) -> Int32 {
    do {
      if let directory = path.ownDirectory { try PrivateDirectory.make(at: directory) }
      let child = try ChildProcess(
        detached: try ChildProcess.ownPath(),
        arguments: ["wstop", "serve", "--ready-descriptor", "3"] + arguments, output: path.log)
      guard isReady(child) else {
        throw CommandFailure(
          "the engine did not start: \(lastLine(of: path.log))", exitCode: CommandFailure.refused)
      }
      return child.processID
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("the engine did not start: \(error)", exitCode: CommandFailure.refused)
    }
  }

  private static func isReady(_ child: borrowing ChildProcess) -> Bool {
    var waiting = pollfd(fd: child.pipe.number, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(timeout.wholeNanoseconds / 1_000_000)
    guard poll(&waiting, 1, milliseconds) == 1 else { return false }
    var bytes: [UInt8] = [0]
    var span = bytes.mutableSpan
    return Syscalls.read(child.pipe.number, into: &span) == .bytes(1)
  }

  private static func lastLine(of path: String) -> String {
    guard let bytes = try? InputFile.read(path) else {
      return "see \(path)"
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let last = lines.last else { return "it said nothing in \(path)" }
    return String(decoding: last, as: UTF8.self)
  }
}
