internal import CLinux
internal import Glibc
internal import Vocabulary

/// The file of a Unix socket that this process listens on.
///
/// A path is looked at before it is bound: a file there is removed only if it is a socket that
/// nobody listens on. The file is removed in the end only if it is still the one that was bound.
/// Between looking and listening the directory is locked, so that of two engines which find the
/// same socket left over neither takes the other's new one for it.
package struct SocketFile: Hashable, Sendable {
  /// The reason for which a path cannot be listened on.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file lies there that is no socket.
    case notSocket(String, FileStatus.Kind)
    /// Another process has the socket.
    case inUse(String)
    /// It cannot be looked at, removed, bound or listened on.
    case system(SystemError)

    /// The whole sentence; the path is escaped.
    package var description: String {
      switch self {
      case .notSocket(let path, let kind):
        "\(FileName.shown(path)): \(kind) lies there and stays; wants a path that is free, or "
          + "that of a socket which nobody listens on"
      case .inUse(let path): "\(FileName.shown(path)): another process has the socket"
      case .system(let error): UntrustedText.escaped(error.description)
      }
    }
  }

  /// The path of the file.
  package let path: String
  private let identity: FileIdentity

  /// How long the directory's lock is waited for: a holder that keeps it longer is no engine.
  private static let lockPatience = Duration.seconds(2)
  private static let lockInterval = Duration.milliseconds(10)

  /// Checks that nothing but a socket, or nothing at all, lies at a path.
  package static func check(_ path: String) throws(Failure) {
    let found = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try FileStatus(at: path)
    }
    if let found, found.kind != .socket { throw .notSocket(path, found.kind) }
  }

  /// Listens at a path, in the place of a socket that nobody listens on any more.
  ///
  /// - Parameter mode: the permissions of the file, whatever the umask says, no more than them from
  ///   its first moment on; nil: the permissions that the umask leaves.
  /// - Returns: the descriptor, which the caller owns, and the file.
  package static func listen(
    at path: String, mode: UInt32? = nil, backlog: Int32 = 4096
  ) throws(Failure) -> (descriptor: Int32, file: SocketFile) {
    let lock = lockDirectory(of: path)
    defer { withExtendedLifetime(lock) {} }
    try makeRoom(at: path)
    return try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      let descriptor = OwnedDescriptor(
        owning: try Socket.listen(
          on: .unix(path: path), sharesPort: false, fileMode: mode, backlog: backlog
        ).descriptor)
      guard let bound = try FileStatus(at: path) else {
        throw SystemError(call: "lstat", number: ENOENT, subject: path)
      }
      let file = SocketFile(path: path, identity: bound.identity)
      do throws(SystemError) {
        if let mode, bound.permissions != mode { try file.setPermissions(mode) }
      } catch {
        try file.remove()
        throw error
      }
      return (descriptor.take(), file)
    }
  }

  /// Removes the file if it is still the one that was bound; call it before the socket is closed.
  ///
  /// As long as the socket is open its inode is given to no other file.
  /// The corresponding C functions are `lstat` and `unlink`.
  ///
  /// - Throws: `SystemError` if it cannot be removed.
  package func remove() throws(SystemError) {
    guard try FileStatus(at: path)?.identity == identity else { return }
    try Syscalls.call("unlink", about: path) { unsafe unlink(FileName.cString(path)) }
  }

  /// Removes a socket that nobody listens on; any other file there stays, and is an error.
  private static func makeRoom(at path: String) throws(Failure) {
    try check(path)
    do throws(SystemError) {
      Syscalls.close(try Socket.connect(to: .unix(path: path)))
      throw SystemError(call: "connect", number: EADDRINUSE, subject: path)
    } catch {
      switch error.number {
      case ENOENT: return
      case ECONNREFUSED: break
      // A full queue, or a socket of another type: another process has it either way.
      case EADDRINUSE, EAGAIN, EPROTOTYPE: throw .inUse(path)
      default: throw .system(error)
      }
    }
    // The file at the path now need not be the socket that was connected to.
    try check(path)
    _ = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try Syscalls.call("unlink", about: path) { unsafe unlink(FileName.cString(path)) }
    }
  }

  /// Adds the permissions that the umask has kept back, to this file and no other.
  private func setPermissions(_ mode: UInt32) throws(SystemError) {
    let descriptor = OwnedDescriptor(
      owning: try Syscalls.call("open", about: path) {
        unsafe CLinux_open(
          FileName.cString(path), CLinux_openPath() | O_NOFOLLOW | O_CLOEXEC, 0)
      })
    let number = descriptor.number
    guard try FileStatus(of: number).identity == identity else {
      throw SystemError(call: "chmod", number: ESTALE, subject: path)
    }
    // A descriptor of O_PATH takes no fchmod.
    try Syscalls.call("chmod", about: path) { unsafe chmod("/proc/self/fd/\(number)", mode) }
  }

  /// The lock of the directory in which a path lies; nil if it cannot be had, or not in time.
  private static func lockDirectory(of path: String) -> OwnedDescriptor? {
    let directory = FileName.directory(of: path) ?? "."
    let number = unsafe CLinux_open(
      FileName.cString(String(directory)), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC, 0)
    // A fault of the directory is reported by bind(2).
    guard number >= 0 else { return nil }
    let descriptor = OwnedDescriptor(owning: number)
    let end = SystemClock.monotonic().advanced(by: lockPatience)
    while flock(number, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, SystemClock.monotonic() < end else {
        return nil
      }
      usleep(UInt32(lockInterval.wholeNanoseconds / 1000))
    }
    return descriptor
  }
}
