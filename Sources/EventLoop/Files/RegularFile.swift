internal import CLinux
internal import Glibc
internal import Vocabulary

/// Files that are opened by their names: nothing but a file is, and nothing that makes one wait.
package enum RegularFile {
  /// The use that a file is opened for.
  package enum Purpose: Sendable {
    /// It is read.
    case reading
    /// Bytes are added at its end; if there is none it is made, with mode 0600. An existing file
    /// has to be this user's own.
    case appending
    /// A log is added to it, where the person said; if there is none it is made, with mode 0600. It
    /// may be a device, such as a terminal.
    case logging
    /// It is locked; if there is none it is made, with mode 0600.
    case locking
  }

  /// The reason for which a file cannot be used.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something else lies there.
    case notFile(String, FileStatus.Kind)
    /// It belongs to another user, who could read what is written to it.
    case foreign(String, owner: UInt32)
    /// It cannot be opened, written or exchanged.
    case system(SystemError)

    /// The whole sentence; the path is escaped.
    package var description: String {
      switch self {
      case .notFile(let path, let kind):
        "\(FileName.shown(path)): this is \(kind), no regular file"
      case .foreign(let path, let owner):
        "\(FileName.shown(path)): the file belongs to user \(owner)"
      case .system(let error): UntrustedText.escaped(error.description)
      }
    }

    /// The sentence without the path, for a caller that names it.
    package var reason: String {
      switch self {
      case .notFile(_, let kind): "it is \(kind), no regular file"
      case .foreign(_, let owner): "it belongs to user \(owner)"
      case .system(let error): "\(error.call): \(error.reason)"
      }
    }

    /// Whether there is nothing at the path.
    package var isMissing: Bool {
      if case .system(let error) = self {
        error.number == ENOENT || error.number == ENOTDIR
      } else {
        false
      }
    }
  }

  /// Opens a file; the opened descriptor is checked, so that nobody can exchange the file in
  /// between.
  ///
  /// The corresponding C functions are `open`, with O_NONBLOCK, and `fstat`.
  ///
  /// - Parameter followsLinks: whether the path's last part may be a symbolic link.
  /// - Returns: the descriptor, which the caller owns.
  package static func open(
    _ path: String, for purpose: Purpose, followsLinks: Bool = false
  ) throws(Failure) -> OwnedDescriptor {
    let wanted =
      switch purpose {
      case .reading: O_RDONLY
      case .appending, .logging: O_WRONLY | O_CREAT | O_APPEND
      case .locking: O_RDWR | O_CREAT
      }
    // Opening a pipe would wait for its other end, and some devices do something when opened.
    let flags = wanted | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
    let number: Int32
    do throws(SystemError) {
      number = try Syscalls.call("open", about: path) {
        unsafe CLinux_open(FileName.cString(path), flags, 0o600)
      }
    } catch {
      throw try failure(error, at: path)
    }
    let descriptor = OwnedDescriptor(owning: number)
    let status = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try FileStatus(of: number, about: path)
    }
    if purpose == .logging, status.kind == .device {
      // O_NONBLOCK was for opening alone; a log is written with waiting.
      _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
      return descriptor
    }
    guard status.kind == .file else { throw .notFile(path, status.kind) }
    if purpose == .appending, status.owner != Syscalls.effectiveUserID {
      throw .foreign(path, owner: status.owner)
    }
    return descriptor
  }

  /// Writes a file anew: a reader sees the old one or the new one, never half of it.
  ///
  /// A file that was there keeps its permissions; a new one has mode 0600.
  /// The corresponding C functions are `open`, with O_EXCL, `fsync` and `rename`.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let old = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try FileStatus(at: path)
    }
    if let old, old.kind != .file { throw .notFile(path, old.kind) }
    // The draft's name is random, so that O_EXCL finds no file of others at it.
    let draft = path + "." + String(UInt64.random(in: .min ... .max), radix: 36)
    let number = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try Syscalls.call("open", about: draft) {
        unsafe CLinux_open(
          FileName.cString(draft), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      }
    }
    let descriptor = OwnedDescriptor(owning: number)
    do throws(SystemError) {
      if let old { try Syscalls.call("fchmod", about: path) { fchmod(number, old.permissions) } }
      try Syscalls.write(bytes.span, to: descriptor.number, about: path)
      try Syscalls.call("fsync", about: path) { fsync(number) }
      try Syscalls.call("rename", about: path) {
        unsafe rename(FileName.cString(draft), FileName.cString(path))
      }
    } catch {
      _ = unsafe unlink(FileName.cString(draft))
      throw .system(error)
    }
  }

  /// Removes a file of this user, if there is one; anything else at the path stays.
  ///
  /// The corresponding C functions are `lstat` and `unlink`.
  package static func remove(_ path: String) throws(Failure) {
    let found = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try FileStatus(at: path)
    }
    guard let found else { return }
    guard found.kind == .file else { throw .notFile(path, found.kind) }
    guard found.owner == Syscalls.effectiveUserID else {
      throw .foreign(path, owner: found.owner)
    }
    _ = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try Syscalls.call("unlink", about: path) { unsafe unlink(FileName.cString(path)) }
    }
  }

  /// The failure of an open; the system's own error for a file of another kind does not name the
  /// kind.
  private static func failure(_ error: SystemError, at path: String) throws(Failure) -> Failure {
    guard [ENXIO, ELOOP, ENODEV, EISDIR].contains(error.number) else { return .system(error) }
    let found = try SystemError.wrapped(Failure.system) { () throws(SystemError) in
      try FileStatus(at: path)
    }
    guard let found, found.kind != .file else { return .system(error) }
    return .notFile(path, found.kind)
  }
}
