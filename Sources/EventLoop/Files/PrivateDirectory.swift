internal import CLinux
internal import Glibc
internal import Vocabulary

/// A directory that belongs to the user alone, so that all files in it are the user's own.
///
/// `/tmp` lets anyone make a directory of any name: a directory that is not ours, can be written by
/// others or is a link must not be trusted.
package enum PrivateDirectory {
  /// The reason for which a directory cannot be used.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is nothing at the path.
    case missing(String)
    /// The directory belongs to another user.
    case foreign(String, owner: UInt32)
    /// Others may enter or write it: its mode is not 0700.
    case shared(String, mode: UInt32)
    /// The path is a link, a file or something else.
    case notDirectory(String)
    /// It cannot be made or looked at.
    case system(SystemError)

    /// The whole sentence.
    package var description: String {
      switch self {
      case .missing(let path): "\(path): there is no such directory"
      case .foreign(let path, let owner): "\(path): the directory belongs to user \(owner)"
      case .shared(let path, let mode):
        "\(path): the directory has mode 0\(String(mode, radix: 8)), wants 0700"
      case .notDirectory(let path): "\(path): this is no directory"
      case .system(let error): error.description
      }
    }
  }

  /// Makes the directory with mode 0700 if it is missing, and checks it.
  ///
  /// The corresponding C function is `mkdir`.
  package static func make(at path: String) throws(Failure) {
    do {
      try Syscalls.call("mkdir", about: path) { unsafe mkdir(FileName.cString(path), 0o700) }
    } catch let error where error.number == EEXIST {
      // The check below tells whether the directory can be trusted, whoever made it.
    } catch {
      throw .system(error)
    }
    try check(path)
  }

  /// The most names that a listing has.
  package static let maximumNameCount = 4096

  /// The names of the files in the directory, after a check of it, at most `maximumNameCount`.
  ///
  /// The corresponding C functions are `opendir` and `readdir`.
  package static func names(in path: String) throws(Failure) -> [String] {
    try check(path)
    guard let directory = unsafe opendir(FileName.cString(path)) else {
      throw .system(SystemError(call: "opendir", number: errno, subject: path))
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while names.count < maximumNameCount, let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Checks that the path is a directory, no link to one, owned by this user, with mode 0700.
  ///
  /// The corresponding C function is `lstat`.
  package static func check(_ path: String) throws(Failure) {
    var status = stat()
    do {
      try Syscalls.call("lstat", about: path) { unsafe lstat(FileName.cString(path), &status) }
    } catch let error where error.number == ENOENT || error.number == ENOTDIR {
      throw .missing(path)
    } catch {
      throw .system(error)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notDirectory(path) }
    guard status.st_uid == geteuid() else { throw .foreign(path, owner: status.st_uid) }
    guard status.st_mode & 0o777 == 0o700 else {
      throw .shared(path, mode: status.st_mode & 0o777)
    }
  }
}
