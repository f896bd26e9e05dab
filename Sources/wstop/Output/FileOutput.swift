import EventLoop
import Glibc

/// Writing to a descriptor that may be a terminal, a file or a pipe.
enum FileOutput {
  /// Writes all of the bytes, or says why that cannot be.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> SystemError? {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count >= 0 {
        offset += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = Poll.wait(for: descriptor, .writable, milliseconds: nil)
      default: return SystemError(call: "write", number: errno, subject: "standard output")
      }
    }
    return nil
  }
}
