import Foundation
import TestSupport
import Testing

@testable import EventLoop

@Suite("Files that are opened by their names", .limited, .timeLimit(.minutes(5)))
struct RegularFileTests {
  /// What is no regular file, each made in a directory.
  enum Obstacle: CaseIterable {
    case pipe, directory, device, socket, link, danglingLink

    func make(at path: String) throws -> FileStatus.Kind {
      switch self {
      case .pipe:
        #expect(mkfifo(path, 0o600) == 0)
        return .pipe
      case .directory:
        #expect(mkdir(path, 0o700) == 0)
        return .directory
      case .device:
        // Whoever may not make a device has a link to one, which is refused as well.
        guard mknod(path, S_IFCHR | 0o600, 0x103) == 0 else {
          #expect(symlink("/dev/null", path) == 0)
          return .link
        }
        return .device
      case .socket:
        Syscalls.close(try Socket.listen(on: .unix(path: path), sharesPort: false).descriptor)
        return .socket
      case .link:
        try "kept".write(toFile: path + "-target", atomically: false, encoding: .utf8)
        #expect(symlink(path + "-target", path) == 0)
        return .link
      case .danglingLink:
        #expect(symlink(path + "-nowhere", path) == 0)
        return .link
      }
    }
  }

  @Test(
    "What is no file is neither opened, nor locked, replaced or removed, and named by its kind",
    arguments: Obstacle.allCases)
  func obstacles(_ obstacle: Obstacle) throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("f")
    let kind = try obstacle.make(at: path)
    let before = try #require(try FileStatus(at: path))
    #expect(before.kind == kind)
    let names = try scratch.names
    for purpose in [RegularFile.Purpose.reading, .appending, .locking] {
      let failure = #expect(throws: RegularFile.Failure.self) {
        _ = try RegularFile.open(path, for: purpose)
      }
      #expect(failure == .notFile(path, kind), "\(purpose): \(String(describing: failure))")
      #expect(failure?.description.contains("this is \(kind), no regular file") == true)
    }
    #expect(throws: RegularFile.Failure.notFile(path, kind)) { _ = try LockFile(path) }
    #expect(throws: RegularFile.Failure.notFile(path, kind)) {
      try RegularFile.replace(path, with: [1])
    }
    #expect(throws: RegularFile.Failure.notFile(path, kind)) { try RegularFile.remove(path) }
    #expect(try FileStatus(at: path) == before)
    #expect(try scratch.names == names)
  }

  @Test("A link is followed where that is said, and a missing file is missing")
  func links() throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("f")
    _ = try Obstacle.link.make(at: path)
    let file = try RegularFile.open(path, for: .reading, followsLinks: true)
    #expect(try FileStatus(of: file.number).kind == .file)
    let failure = #expect(throws: RegularFile.Failure.self) {
      _ = try RegularFile.open(scratch.path("none"), for: .reading)
    }
    #expect(failure?.isMissing == true)
  }

  @Test("A file that is replaced keeps its permissions, a new one is the user's alone")
  func replacing() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write("old", to: "f", mode: 0o640)
    try RegularFile.replace(path, with: Array("new".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileStatus(at: path)?.permissions == 0o640)
    try RegularFile.replace(scratch.path("g"), with: [])
    #expect(try FileStatus(at: scratch.path("g"))?.permissions == 0o600)
    #expect(try scratch.names == ["f", "g"])
    let failure = #expect(throws: RegularFile.Failure.self) {
      try RegularFile.replace(scratch.path("no/where"), with: [])
    }
    #expect(failure?.isMissing == true)
  }

  @Test("Of two who want a lock one gets it, and after it the other")
  func locking() throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("l")
    // A process that another test starts has a copy of the descriptor until its program begins.
    func take(attempts: Int = 5000) throws -> LockFile? {
      for _ in 1..<attempts {
        if let lock = try LockFile(path) { return lock }
        usleep(2000)
      }
      return try LockFile(path)
    }
    func isFree(attempts: Int = 5000) throws -> Bool {
      guard let lock = try take(attempts: attempts) else { return false }
      withExtendedLifetime(lock) {}
      return true
    }
    #expect(try isFree())
    guard let held = try take() else {
      Issue.record("nobody holds the lock")
      return
    }
    #expect(try !isFree(attempts: 1))
    // One whose file was removed has no name any more, and keeps nobody out.
    #expect(unlink(path) == 0)
    #expect(try isFree())
    withExtendedLifetime(held) {}
    #expect(try isFree())
  }
}
