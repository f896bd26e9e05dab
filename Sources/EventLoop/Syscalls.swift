internal import CLinux
internal import Glibc

/// The one place where the operating system is called: every wrapper retries on EINTR, and
/// would-block, end of stream and a short write are results, not errors.
package enum Syscalls {
  /// The result of a read.
  package enum ReadResult: Equatable, Sendable {
    /// That many bytes, at least one.
    case bytes(Int)
    /// Nothing to read yet.
    case wouldBlock
    /// The peer has finished sending.
    case endOfStream
    /// The connection failed, with this errno.
    case failed(Int32)
  }

  /// The result of a write.
  package enum WriteResult: Equatable, Sendable {
    /// That many bytes, perhaps fewer than were given.
    case bytes(Int)
    /// No room yet.
    case wouldBlock
    /// The connection failed, with this errno.
    case failed(Int32)
  }

  /// One piece of a gathered write: a range of one of two sources.
  package struct Piece: Sendable {
    /// Whether the bytes come from the payload and not from the head.
    package var isPayload: Bool
    /// The offset at which they begin in their source.
    package var offset: Int
    /// How many there are.
    package var count: Int

    /// A range of a source.
    package init(isPayload: Bool, offset: Int, count: Int) {
      self.isPayload = isPayload
      self.offset = offset
      self.count = count
    }
  }

  /// The most pieces one gathered write takes.
  package static let maximumPieceCount = 64

  /// Closes a descriptor; on Linux it is gone whatever the call says.
  ///
  /// The corresponding C function is `close`.
  package static func close(_ descriptor: Int32) {
    _ = Glibc.close(descriptor)
  }

  /// Reads into a buffer from an offset on, no more than `maximumByteCount` bytes.
  ///
  /// The corresponding C function is `recv`.
  package static func receive(
    _ descriptor: Int32, into bytes: inout MutableSpan<UInt8>, from offset: Int,
    atMost maximumByteCount: Int = .max
  ) -> ReadResult {
    precondition(offset >= 0 && offset < bytes.count && maximumByteCount > 0)
    return unsafe bytes.withUnsafeMutableBytes { buffer in
      readResult {
        unsafe recv(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset },
          min(buffer.count - offset, maximumByteCount), 0)
      }
    }
  }

  /// Looks at received bytes without taking them, into a buffer from an offset on.
  ///
  /// The end of the stream is told only once all bytes before it were taken.
  ///
  /// The corresponding C function is `recv` with MSG_PEEK.
  package static func peek(
    _ descriptor: Int32, into bytes: inout MutableSpan<UInt8>, from offset: Int,
    atMost maximumByteCount: Int
  ) -> ReadResult {
    precondition(offset >= 0 && offset < bytes.count && maximumByteCount > 0)
    return unsafe bytes.withUnsafeMutableBytes { buffer in
      readResult {
        unsafe recv(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset },
          min(buffer.count - offset, maximumByteCount), Int32(MSG_PEEK))
      }
    }
  }

  /// Reads from a descriptor that is not a socket.
  ///
  /// The corresponding C function is `read`.
  package static func read(
    _ descriptor: Int32, into bytes: inout MutableSpan<UInt8>
  ) -> ReadResult {
    unsafe bytes.withUnsafeMutableBytes { buffer in
      readResult { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }
  }

  /// Sends bytes.
  ///
  /// The corresponding C function is `send`, with MSG_NOSIGNAL.
  package static func send(_ descriptor: Int32, _ bytes: Span<UInt8>) -> WriteResult {
    unsafe bytes.withUnsafeBytes { buffer in
      writeResult {
        unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, noSignal)
      }
    }
  }

  /// Sends pieces of a head and a payload in their order, as one write.
  ///
  /// The corresponding C function is `sendmsg`, with MSG_NOSIGNAL.
  ///
  /// - Precondition: every piece lies inside its source; there are at most `maximumPieceCount`.
  package static func send(
    _ descriptor: Int32, head: Span<UInt8>, payload: Span<UInt8>, pieces: [Piece]
  ) -> WriteResult {
    unsafe head.withUnsafeBytes { head in
      unsafe payload.withUnsafeBytes { payload in
        unsafe gather(descriptor, count: pieces.count) { index in
          let piece = pieces[index]
          let source = unsafe piece.isPayload ? payload : head
          return unsafe UnsafeRawBufferPointer(
            rebasing: source[piece.offset..<(piece.offset + piece.count)])
        }
      }
    }
  }

  /// Sends a head and shared slices behind it in their order, as one write.
  ///
  /// The corresponding C function is `sendmsg`, with MSG_NOSIGNAL.
  ///
  /// - Precondition: there are fewer than `maximumPieceCount` slices.
  package static func send(
    _ descriptor: Int32, head: Span<UInt8>, slices: [SharedSlice]
  ) -> WriteResult {
    withExtendedLifetime(slices) {
      unsafe head.withUnsafeBytes { head in
        unsafe gather(descriptor, count: slices.count + 1) { index in
          guard index > 0 else { return unsafe head }
          let slice = slices[index - 1]
          return unsafe slice.bytes.buffer(of: slice.range)
        }
      }
    }
  }

  private static func gather(
    _ descriptor: Int32, count: Int, _ buffer: (Int) -> UnsafeRawBufferPointer
  ) -> WriteResult {
    precondition(count <= maximumPieceCount)
    return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: count) { vectors in
      for index in 0..<count {
        let bytes = unsafe buffer(index)
        unsafe vectors.initializeElement(
          at: index,
          to: iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
      }
      var message = unsafe msghdr()
      unsafe message.msg_iov = vectors.baseAddress
      unsafe message.msg_iovlen = count
      return unsafe withUnsafePointer(to: &message) { message in
        writeResult { unsafe sendmsg(descriptor, message, noSignal) }
      }
    }
  }

  /// Stops sending, so that the peer reads to the end.
  ///
  /// The corresponding C function is `shutdown`.
  package static func shutdownWriting(_ descriptor: Int32) {
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Runs a call until it is not interrupted.
  ///
  /// - Throws: `SystemError` if the call gives -1.
  @discardableResult
  package static func call(
    _ name: String, about subject: String = "", _ body: () -> Int32
  ) throws(SystemError) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      let number = errno
      if number != EINTR { throw SystemError(call: name, number: number, subject: subject) }
    }
  }

  /// Raises the soft limit of open descriptors to the hard one and says what it is now.
  ///
  /// The corresponding C functions are `getrlimit` and `setrlimit`.
  package static func raiseDescriptorLimit() throws(SystemError) -> Int {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    try call("getrlimit") { unsafe CLinux_descriptorLimit(&soft, &hard) }
    if soft < hard {
      let wanted = hard
      try call("setrlimit") { CLinux_setDescriptorLimit(wanted, wanted) }
    }
    return Int(clamping: max(soft, hard))
  }

  /// A descriptor that reads nothing, owned by the caller.
  ///
  /// The corresponding C function is `open` on `/dev/null`.
  package static func openNothing() throws(SystemError) -> Int32 {
    try call("open", about: "/dev/null") {
      unsafe CLinux_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
    }
  }

  /// Makes a descriptor another name of a log's file, as for standard error.
  ///
  /// The descriptor is never closed on the way: other threads' writes meanwhile go to its old file.
  /// The corresponding C functions are `open`, to append, and `dup2`.
  ///
  /// - Throws: `RegularFile.Failure` if the file cannot be opened; the descriptor stays as it was.
  package static func redirect(
    _ descriptor: Int32, toEndOf path: String
  ) throws(RegularFile.Failure) {
    let file = try RegularFile.open(path, for: .logging, followsLinks: true)
    let number = file.number
    _ = try SystemError.wrapped(RegularFile.Failure.system) { () throws(SystemError) in
      try call("dup2", about: path) { dup2(number, descriptor) }
    }
  }

  /// How many processors the process may run on.
  ///
  /// The corresponding C function is `sched_getaffinity`.
  package static var processorCount: Int { max(1, Int(CLinux_processorCount())) }

  /// Lets the allocator keep the memory of large messages from one to the next.
  ///
  /// Without it each message over 128 KiB costs a mapping and a page fault for every 4 KiB: at
  /// 1 MB twice the whole rest. Beyond 16 MiB memory still goes back to the system.
  ///
  /// The corresponding C function is `mallopt`.
  package static func keepMemoryOfLargeMessages() {
    CLinux_keepMemory(4 << 20, 16 << 20)
  }

  /// Hands free memory back to the system, also between memory in use.
  ///
  /// Threads that allocate meanwhile may wait, some tenths of a millisecond for each MiB. The
  /// corresponding C function is `malloc_trim`.
  package static func returnFreeMemory() { CLinux_returnFreeMemory() }

  /// Hands back the memory that `keepMemoryOfLargeMessages` has kept for the calling thread, which
  /// `returnFreeMemory` leaves; by one thread at a time.
  ///
  /// The corresponding C functions are `mallopt` and `free`.
  package static func returnFreeEnd() { CLinux_returnFreeEnd() }

  /// Writes one byte to a pipe at which a reader waits, and closes it.
  ///
  /// The corresponding C functions are `write` and `close`.
  package static func tell(_ pipe: Int32, _ byte: UInt8) {
    var byte = byte
    _ = unsafe Glibc.write(pipe, &byte, 1)
    close(pipe)
  }

  /// Writes all of the bytes to a file; that a descriptor takes no more is an error.
  ///
  /// The corresponding C function is `write`.
  package static func write(
    _ bytes: Span<UInt8>, to descriptor: Int32, about subject: String = ""
  ) throws(SystemError) {
    var offset = 0
    while offset < bytes.count {
      switch writeSome(bytes.extracting(offset...), to: descriptor) {
      case .bytes(let count): offset += count
      case .wouldBlock: throw SystemError(call: "write", number: EAGAIN, subject: subject)
      case .failed(let number): throw SystemError(call: "write", number: number, subject: subject)
      }
    }
  }

  /// Writes as many of the bytes as the descriptor takes at once.
  ///
  /// The corresponding C function is `write`.
  static func writeSome(_ bytes: Span<UInt8>, to descriptor: Int32) -> WriteResult {
    unsafe bytes.withUnsafeBytes { buffer in
      writeResult { unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
    }
  }

  /// Makes writing to a dead peer an error of the call instead of a signal.
  ///
  /// The corresponding C function is `signal(SIGPIPE, SIG_IGN)`.
  package static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  private static let noSignal = Int32(MSG_NOSIGNAL)

  private static func readResult(_ body: () -> Int) -> ReadResult {
    while true {
      let count = body()
      if count > 0 { return .bytes(count) }
      if count == 0 { return .endOfStream }
      let number = errno
      if number == EINTR { continue }
      return number == EAGAIN || number == EWOULDBLOCK ? .wouldBlock : .failed(number)
    }
  }

  private static func writeResult(_ body: () -> Int) -> WriteResult {
    while true {
      let count = body()
      if count >= 0 { return .bytes(count) }
      let number = errno
      if number == EINTR { continue }
      return number == EAGAIN || number == EWOULDBLOCK ? .wouldBlock : .failed(number)
    }
  }
}
