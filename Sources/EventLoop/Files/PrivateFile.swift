internal import Glibc

/// Files that belong to the user alone.
package enum PrivateFile {
  /// Makes an empty file with mode 0600 if there is none, and leaves one that is there as it is.
  ///
  /// The corresponding C function is `open`.
  package static func make(at path: String) throws(SystemError) {
    let descriptor = try Syscalls.call("open", about: path) {
      unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
    }
    Syscalls.close(descriptor)
  }

  /// Makes a directory with mode 0700 and those above it, where they are missing.
  ///
  /// The corresponding C function is `mkdir`.
  package static func makeDirectories(to path: String) throws(SystemError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      do {
        try Syscalls.call("mkdir", about: made) { unsafe mkdir(made, 0o700) }
      } catch let error where error.number == EEXIST {
        // What is in the way of the next one is told by it.
      } catch {
        throw error
      }
    }
  }
}
