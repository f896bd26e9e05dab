extension Syscalls {
  /// Writes all of the bytes to a file, a terminal or a pipe, and waits, as long as it takes, where
  /// the descriptor takes no more.
  ///
  /// The corresponding C functions are `write` and `poll`.
  package static func writeWaiting(
    _ bytes: Span<UInt8>, to descriptor: Int32, about subject: String = ""
  ) throws(SystemError) {
    var offset = 0
    while offset < bytes.count {
      switch writeSome(bytes.extracting(offset...), to: descriptor) {
      case .bytes(let count): offset += count
      case .wouldBlock: _ = Poll.wait(for: descriptor, .writable, milliseconds: nil)
      case .failed(let number): throw SystemError(call: "write", number: number, subject: subject)
      }
    }
  }
}
