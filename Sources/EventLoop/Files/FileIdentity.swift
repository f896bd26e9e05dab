internal import Glibc
internal import Vocabulary

/// The identity of a file: two names lead to the same file if their identities are equal.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// The file at a path, a link itself and not its target; nil if there is none.
  ///
  /// It opens nothing: closing a file takes away the locks that the process has on it. The
  /// corresponding C function is `lstat`.
  ///
  /// - Throws: `SystemError` if it cannot be looked at.
  package init?(at path: String) throws(SystemError) {
    guard let status = try Self.status(of: path) else { return nil }
    self.init(status)
  }

  /// How many bytes the file at a path has; nil if there is none.
  package static func byteCount(at path: String) throws(SystemError) -> Int? {
    try status(of: path).map { Int($0.st_size) }
  }

  /// The answer of `lstat`; nil if there is nothing at the path.
  static func status(of path: String) throws(SystemError) -> stat? {
    var status = stat()
    do throws(SystemError) {
      try Syscalls.call("lstat", about: path) { unsafe lstat(FileName.cString(path), &status) }
    } catch {
      guard error.number == ENOENT || error.number == ENOTDIR else { throw error }
      return nil
    }
    return status
  }
}
