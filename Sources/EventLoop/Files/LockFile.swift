internal import CLinux
internal import Glibc

/// A file that its holder keeps locked for life, so that there is one engine of a name.
package struct LockFile: ~Copyable {
  /// How often a file is opened again that was removed or exchanged before it was locked.
  private static let maximumAttemptCount = 16

  private let descriptor: OwnedDescriptor

  /// Takes the lock, and makes the file (mode 0600) if it is not there.
  ///
  /// The corresponding C functions are `open`, which follows no link, and `flock`.
  ///
  /// - Returns: nil if another process holds it.
  /// - Throws: `RegularFile.Failure` if the file cannot be opened, or is no regular file.
  package init?(_ path: String) throws(RegularFile.Failure) {
    for _ in 0..<Self.maximumAttemptCount {
      let descriptor = try RegularFile.open(path, for: .locking)
      let number = descriptor.number
      do throws(SystemError) {
        try Syscalls.call("flock", about: path) { flock(number, LOCK_EX | LOCK_NB) }
        // A lock on a file that nobody can open any more keeps nobody out.
        guard try FileStatus(at: path)?.identity == FileStatus(of: number).identity else {
          continue
        }
      } catch {
        guard error.number == EWOULDBLOCK else { throw .system(error) }
        return nil
      }
      self.descriptor = descriptor
      return
    }
    throw .system(SystemError(call: "flock", number: ESTALE, subject: path))
  }
}
