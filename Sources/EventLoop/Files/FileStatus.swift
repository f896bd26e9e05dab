internal import Glibc
internal import Vocabulary

/// The status of a file, at a path or open: its kind, its owner, its permissions and its identity.
package struct FileStatus: Hashable, Sendable {
  /// A kind of file.
  package enum Kind: Hashable, Sendable, CustomStringConvertible {
    case file, directory, link, socket, pipe, device, other

    /// With its article: `a pipe`.
    package var description: String {
      switch self {
      case .file: "a file"
      case .directory: "a directory"
      case .link: "a symbolic link"
      case .socket: "a socket"
      case .pipe: "a pipe"
      case .device: "a device"
      case .other: "something that is no file"
      }
    }

    init(mode: UInt32) {
      self =
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .link
        case S_IFSOCK: .socket
        case S_IFIFO: .pipe
        case S_IFCHR, S_IFBLK: .device
        default: .other
        }
    }
  }

  /// The kind of file.
  package let kind: Kind
  /// The identity: device and inode.
  package let identity: FileIdentity
  /// The user that owns the file.
  package let owner: UInt32
  /// The permissions: the lower nine bits of its mode.
  package let permissions: UInt32

  private init(_ status: stat) {
    kind = Kind(mode: status.st_mode)
    identity = FileIdentity(status)
    owner = status.st_uid
    permissions = status.st_mode & 0o777
  }

  /// The status of the file at a path; nil if there is none.
  ///
  /// The corresponding C functions are `lstat` and `stat`.
  ///
  /// - Parameter followsLinks: whether the status is that of a link's target, and not of the link.
  package init?(at path: String, followsLinks: Bool = false) throws(SystemError) {
    var status = stat()
    do throws(SystemError) {
      try Syscalls.call(followsLinks ? "stat" : "lstat", about: path) {
        let name = FileName.cString(path)
        return unsafe followsLinks ? stat(name, &status) : lstat(name, &status)
      }
    } catch {
      guard error.number == ENOENT || error.number == ENOTDIR else { throw error }
      return nil
    }
    self.init(status)
  }

  /// The status of an open descriptor.
  ///
  /// The corresponding C function is `fstat`.
  package init(of descriptor: Int32, about subject: String = "") throws(SystemError) {
    var status = stat()
    try Syscalls.call("fstat", about: subject) { unsafe fstat(descriptor, &status) }
    self.init(status)
  }
}
