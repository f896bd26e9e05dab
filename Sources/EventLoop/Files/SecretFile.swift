internal import CLinux
internal import Glibc
internal import Vocabulary

/// A file with a secret in it, which nobody but its owner may read.
package enum SecretFile {
  /// The reason for which a file cannot be used.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Others may read or write it: its mode.
    case shared(String, mode: UInt32)
    /// The file belongs to another user.
    case foreign(String, owner: UInt32)
    /// The path is a directory, a pipe or something else.
    case notFile(String)
    /// The path is a link, which is not followed.
    case link(String)
    /// There is more in it than it should have.
    case tooLarge(String, maximumByteCount: Int)
    /// It cannot be opened or read.
    case system(SystemError)

    /// The whole sentence; the path is not escaped.
    package var description: String {
      switch self {
      case .shared(let path, let mode):
        "\(path): others may use the file, its mode is 0\(String(mode, radix: 8)); wants 0600 or 0400"
      case .foreign(let path, let owner):
        "\(path): the file belongs to user \(owner); wants this user's own or root's"
      case .notFile(let path): "\(path): this is no file"
      case .link(let path): "\(path): this is a link, which is not followed; wants the file itself"
      case .tooLarge(let path, let count): "\(path): the file has more than \(count) bytes"
      case .system(let error): "\(error.subject): \(error.reason)"
      }
    }
  }

  /// Reads a file that belongs to this user or root, and that no group and no other may use.
  ///
  /// The opened descriptor is checked, so that nobody can exchange the file in between.
  /// The corresponding C functions are `open`, `fstat` and `read`.
  package static func read(
    _ path: String, maximumByteCount: Int
  ) throws(Failure) -> [UInt8] {
    let number: Int32
    var status = stat()
    do throws(SystemError) {
      number = try Syscalls.call("open", about: path) {
        unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
      }
    } catch {
      throw .system(error)
    }
    let descriptor = OwnedDescriptor(owning: number)
    do throws(SystemError) {
      try Syscalls.call("fstat", about: path) { unsafe fstat(number, &status) }
    } catch {
      throw .system(error)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notFile(path) }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw .foreign(path, owner: status.st_uid)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .shared(path, mode: status.st_mode & 0o777)
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      var span = piece.mutableSpan
      switch Syscalls.read(descriptor.number, into: &span) {
      case .bytes(let count): bytes += piece[..<count]
      case .endOfStream: return bytes
      case .wouldBlock: throw .notFile(path)
      case .failed(let number):
        throw .system(SystemError(call: "read", number: number, subject: path))
      }
      guard bytes.count <= maximumByteCount else {
        throw .tooLarge(path, maximumByteCount: maximumByteCount)
      }
    }
  }
}
