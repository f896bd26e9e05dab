internal import CLinux
internal import Glibc
internal import Vocabulary

/// Files that belong to the user alone, and that are written.
package enum PrivateFile {
  /// Opens a file that belongs to this user and that no group and no other may use, and gives its
  /// identity; a missing file is made with mode 0600, if `making`.
  ///
  /// No link is followed, and the opened descriptor is checked, so that nobody can exchange the
  /// file in between. The corresponding C functions are `lstat`, `open` and `fstat`.
  ///
  /// - Returns: nil if there is none.
  package static func claim(
    _ path: String, making: Bool
  ) throws(SecretFile.Failure) -> FileIdentity? {
    // The path is checked before it is opened, since opening a device may do something.
    guard try check(path) != nil || making else { return nil }
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
    let number: Int32
    var status = stat()
    do throws(SystemError) {
      number = try Syscalls.call("open", about: path) {
        unsafe CLinux_open(FileName.cString(path), making ? flags | O_CREAT : flags, 0o600)
      }
    } catch {
      throw error.number == ELOOP ? .link(path) : .system(error)
    }
    let descriptor = OwnedDescriptor(owning: number)
    do throws(SystemError) {
      try Syscalls.call("fstat", about: path) { unsafe fstat(descriptor.number, &status) }
    } catch {
      throw .system(error)
    }
    try check(status, of: path)
    return FileIdentity(status)
  }

  /// Checks the file at a path, without opening it, and gives its identity; nil if there is none.
  package static func check(_ path: String) throws(SecretFile.Failure) -> FileIdentity? {
    let status: stat?
    do throws(SystemError) {
      status = try FileIdentity.status(of: path)
    } catch {
      throw .system(error)
    }
    guard let status else { return nil }
    try check(status, of: path)
    return FileIdentity(status)
  }

  private static func check(_ status: stat, of path: String) throws(SecretFile.Failure) {
    guard status.st_mode & S_IFMT != S_IFLNK else { throw .link(path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notFile(path) }
    guard status.st_uid == geteuid() else { throw .foreign(path, owner: status.st_uid) }
    guard status.st_mode & 0o077 == 0 else {
      throw .shared(path, mode: status.st_mode & 0o777)
    }
  }

  /// Makes a directory with mode 0700 and those above it, where they are missing.
  ///
  /// The corresponding C function is `mkdir`.
  package static func makeDirectories(to path: String) throws(SystemError) {
    var made = FileName.isAbsolute(path) ? "" : "."
    for part in FileName.names(in: path) {
      made += "/\(part)"
      do {
        try Syscalls.call("mkdir", about: made) { unsafe mkdir(FileName.cString(made), 0o700) }
      } catch let error where error.number == EEXIST {
        // An obstacle in the way is reported by the next `mkdir`.
      } catch {
        throw error
      }
    }
  }
}
