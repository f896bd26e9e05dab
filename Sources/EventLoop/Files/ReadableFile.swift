internal import CLinux
internal import Glibc
internal import Vocabulary

/// Files that are read by somebody else, who cannot say well why that fails.
package enum ReadableFile {
  /// Checks that there is a file at a path, and that it can be read.
  ///
  /// The check must not be called for a file on which this process has locks: closing it takes them
  /// away. The corresponding C functions are `open` and `fstat`.
  package static func check(_ path: String) throws(SecretFile.Failure) {
    var status = stat()
    do throws(SystemError) {
      let descriptor = OwnedDescriptor(
        owning: try Syscalls.call("open", about: path) {
          unsafe CLinux_open(
            FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0)
        })
      let number = descriptor.number
      try Syscalls.call("fstat", about: path) { unsafe fstat(number, &status) }
    } catch {
      throw .system(error)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notFile(path) }
  }
}
