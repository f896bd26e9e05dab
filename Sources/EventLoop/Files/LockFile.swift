internal import CLinux
internal import Glibc

/// A file that its holder keeps locked for life, so that there is one engine of a name.
package struct LockFile: ~Copyable {
  private let descriptor: OwnedDescriptor

  /// Takes the lock, and makes the file (mode 0600) if it is not there.
  ///
  /// The corresponding C functions are `open`, which follows no link, and `flock`.
  ///
  /// - Returns: nil if another process holds it.
  /// - Throws: `SystemError` if the file cannot be opened.
  package init?(_ path: String) throws(SystemError) {
    let descriptor = OwnedDescriptor(
      owning: try Syscalls.call("open", about: path) {
        unsafe CLinux_open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    let number = descriptor.number
    do throws(SystemError) {
      try Syscalls.call("flock", about: path) { flock(number, LOCK_EX | LOCK_NB) }
    } catch {
      guard error.number == EWOULDBLOCK else { throw error }
      return nil
    }
    self.descriptor = descriptor
  }
}
