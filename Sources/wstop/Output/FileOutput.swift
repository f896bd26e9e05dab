import EventLoop

/// Writing to the standard output or another descriptor that may be a terminal, a file or a pipe.
enum FileOutput {
  /// Writes all of the bytes; returns the error if that fails.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> SystemError? {
    do throws(SystemError) {
      try Syscalls.writeWaiting(bytes.span, to: descriptor, about: "standard output")
      return nil
    } catch {
      return error
    }
  }
}
