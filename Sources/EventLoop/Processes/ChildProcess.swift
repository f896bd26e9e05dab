internal import CLinux
internal import Glibc
internal import Vocabulary

/// Another process, started from a program's file.
package struct ChildProcess: ~Copyable {
  /// The process.
  package let processID: Int32
  /// The reading end of a pipe that the child may write to; it ends when the child closes its end
  /// or dies.
  package let pipe: OwnedDescriptor

  /// The path of the program that runs now.
  ///
  /// The corresponding C function is `readlink` on `/proc/self/exe`.
  package static func ownPath() throws(SystemError) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = try Syscalls.call("readlink", about: "/proc/self/exe") {
      unsafe bytes.withUnsafeMutableBytes { buffer in
        guard let text = buffer.baseAddress else { return -1 }
        return unsafe Int32(
          truncatingIfNeeded: readlink(
            "/proc/self/exe", text.assumingMemoryBound(to: CChar.self), buffer.count))
      }
    }
    return FileName.text(Array(bytes[..<Int(count)]))
  }

  /// Starts a program in a session of its own, with no input, and its output to a descriptor.
  ///
  /// The child gets the writing end of the pipe as descriptor 3.
  ///
  /// The corresponding C function is `posix_spawn`, with POSIX_SPAWN_SETSID.
  ///
  /// - Parameter output: an open descriptor, which stays the caller's.
  /// - Throws: `SystemError` if the program cannot be started.
  package init(
    detached path: String, arguments: [String], output: Int32
  ) throws(SystemError) {
    var ends: [Int32] = [0, 0]
    try Syscalls.call("pipe2") { unsafe CLinux_pipe(&ends) }
    let reading = OwnedDescriptor(owning: ends[0])
    let writing = OwnedDescriptor(owning: ends[1])
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    unsafe posix_spawn_file_actions_adddup2(&actions, writing.number, 3)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    unsafe sigemptyset(&noSignals)
    unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(truncatingIfNeeded: CLinux_spawnFlags()))
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map {
      unsafe strdup(FileName.cString($0))
    }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var processID: pid_t = 0
    let number = unsafe posix_spawn(
      &processID, FileName.cString(path), &actions, &attributes, words, environ)
    guard number == 0 else { throw SystemError(call: "posix_spawn", number: number, subject: path) }
    self.processID = processID
    pipe = reading
  }

  /// Sends a signal to a process that this one started.
  ///
  /// The corresponding C function is `kill`.
  package static func signal(_ processID: Int32, _ signal: Int32) {
    _ = kill(processID, signal)
  }

  /// Whether a process that this one started has ended; it is then forgotten.
  ///
  /// The corresponding C function is `waitpid`, with WNOHANG.
  package static func hasEnded(_ processID: Int32) -> Bool {
    waitpid(processID, nil, WNOHANG) != 0
  }

  /// Waits until a process that this one started has ended.
  ///
  /// The corresponding C function is `waitpid`.
  ///
  /// - Returns: its exit code, or 128 and the signal that ended it.
  @discardableResult
  package static func wait(for processID: Int32) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
