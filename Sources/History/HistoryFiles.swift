import EventLoop

/// The files of a history: the database, and the files that SQLite keeps beside it while it is
/// open.
struct HistoryFiles {
  /// A change to a file while it is open.
  enum Displacement: Equatable, CustomStringConvertible {
    case removed(String)
    case replaced(String)

    var description: String {
      switch self {
      case .removed(let path): "\(path): the file was removed while it was in use"
      case .replaced(let path): "\(path): another file was put in the place of the one in use"
      }
    }
  }

  /// The database.
  let path: String
  /// The identities of the files in use, by their paths.
  private var inUse: [String: FileIdentity] = [:]

  init(_ path: String) {
    self.path = path
  }

  /// The write-ahead log.
  var log: String { path + "-wal" }
  private var sharedMemory: String { path + "-shm" }

  /// Opens all files that exist before SQLite does, checks that they are this user's alone, and
  /// makes the database if there is none.
  mutating func claim() throws(SecretFile.Failure) {
    for other in [log, sharedMemory] { inUse[other] = try PrivateFile.claim(other, making: false) }
    inUse[path] = try PrivateFile.claim(path, making: true)
  }

  /// Checks that SQLite has opened those files, and no others that came in between.
  mutating func confirm() throws {
    for name in [path, log, sharedMemory] {
      let found = try PrivateFile.check(name)
      // SQLite itself replaces the files that an earlier run left beside the database.
      if name == path, found != inUse[name] {
        throw found == nil ? Displacement.removed(name) : Displacement.replaced(name)
      }
      inUse[name] = found
    }
  }

  /// The displacement of a file in use; nil if all lie where they did.
  func displacement() throws(SystemError) -> Displacement? {
    for name in [path, log] {
      guard let used = inUse[name] else { continue }
      guard let found = try FileIdentity(at: name) else { return .removed(name) }
      if found != used { return .replaced(name) }
    }
    return nil
  }

  /// Whether SQLite, which removes its files by their names when the database is closed, would
  /// remove none but the files in use.
  func canBeRemoved() throws(SystemError) -> Bool {
    for name in [log, sharedMemory] {
      if let found = try FileIdentity(at: name), found != inUse[name] { return false }
    }
    return true
  }

  /// How many bytes the write-ahead log has.
  func logByteCount() throws(SystemError) -> Int { try FileIdentity.byteCount(at: log) ?? 0 }
}

extension HistoryFiles.Displacement: Error {}
