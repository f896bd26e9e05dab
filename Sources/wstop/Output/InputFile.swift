import EventLoop
import Glibc
import Vocabulary

/// A file that is sent.
enum InputFile {
  /// The most bytes: more than a request to the control API may have.
  static let maximumByteCount = 16 << 20

  /// Reads a file, or the standard input for `-`.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    try read(path) { descriptor, shown in
      try readAll(descriptor, shown)
    } opening: {
      path == "-" ? dup(STDIN_FILENO) : open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    }
  }

  /// Reads a regular file alone: a pipe, terminal or device could make a console wait.
  ///
  /// - Parameter offset: where to begin.
  static func readRegular(
    _ path: String, from offset: Int = 0
  ) throws(CommandFailure) -> [UInt8] {
    do {
      let file = try RegularFile.open(path, for: .reading, followsLinks: true)
      lseek(file.number, offset, SEEK_SET)
      return try readAll(file.number, FileName.shown(path))
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(error)", exitCode: CommandFailure.usage)
    }
  }

  private static func read(
    _ path: String, _ body: (Int32, _ shown: String) throws -> [UInt8], opening: () -> Int32
  ) throws(CommandFailure) -> [UInt8] {
    let shown = FileName.shown(path)
    do {
      let owned = OwnedDescriptor(
        owning: try Syscalls.call("open", about: shown) { opening() })
      return try body(owned.number, shown)
    } catch let error as SystemError {
      throw CommandFailure(error.description, exitCode: CommandFailure.usage)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(shown): \(error)", exitCode: CommandFailure.usage)
    }
  }

  private static func readAll(_ descriptor: Int32, _ shown: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var span = buffer.mutableSpan
      switch Syscalls.read(descriptor, into: &span) {
      case .bytes(let count): bytes += buffer[..<count]
      case .endOfStream: return bytes
      case .wouldBlock: _ = Poll.wait(for: descriptor, .readable, milliseconds: nil)
      case .failed(let number): throw SystemError(call: "read", number: number, subject: shown)
      }
      guard bytes.count <= maximumByteCount else {
        throw CommandFailure(
          "\(shown): the file is larger than \(QuantityText.readableBytes(maximumByteCount))",
          exitCode: CommandFailure.usage)
      }
    }
  }
}
