import EventLoop
import Glibc
import Testing

@Suite("Directories that belong to the user alone")
struct PrivateDirectoryTests {
  /// A directory of the test's own, removed with what the test made in it.
  struct Scratch: ~Copyable {
    let path: String

    init() throws {
      var template = Array("/tmp/wstop-test-XXXXXX".utf8CString)
      try #require(mkdtemp(&template) != nil)
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
      for name in ["d", "f", "l"] {
        unlink("\(path)/\(name)")
        rmdir("\(path)/\(name)")
      }
      rmdir(path)
    }
  }

  @Test("A missing directory is made with mode 0700, also under a strange umask, and found again")
  func make() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/d"
    #expect(throws: PrivateDirectory.Failure.missing(path)) { try PrivateDirectory.check(path) }
    try PrivateDirectory.make(at: path)
    try PrivateDirectory.make(at: path)
    try PrivateDirectory.check(path)
  }

  @Test("A directory that others may enter is refused", arguments: [0o755, 0o770, 0o701, 0o500])
  func shared(mode: UInt32) throws {
    let scratch = try Scratch()
    let path = scratch.path + "/d"
    try PrivateDirectory.make(at: path)
    #expect(chmod(path, mode) == 0)
    #expect(throws: PrivateDirectory.Failure.shared(path, mode: mode)) {
      try PrivateDirectory.make(at: path)
    }
  }

  @Test("A link to a directory, and a file, are refused")
  func links() throws {
    let scratch = try Scratch()
    try PrivateDirectory.make(at: scratch.path + "/d")
    let link = scratch.path + "/l"
    #expect(symlink(scratch.path + "/d", link) == 0)
    #expect(throws: PrivateDirectory.Failure.notDirectory(link)) {
      try PrivateDirectory.make(at: link)
    }
    let file = scratch.path + "/f"
    let descriptor = creat(file, 0o700)
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(throws: PrivateDirectory.Failure.notDirectory(file)) {
      try PrivateDirectory.make(at: file)
    }
    #expect(throws: PrivateDirectory.Failure.missing(file + "/x")) {
      try PrivateDirectory.check(file + "/x")
    }
  }

  @Test("Another user's directory is refused", .enabled(if: geteuid() == 0))
  func foreign() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/d"
    try PrivateDirectory.make(at: path)
    #expect(chown(path, 12_345, 12_345) == 0)
    let failure = #expect(throws: PrivateDirectory.Failure.foreign(path, owner: 12_345)) {
      try PrivateDirectory.make(at: path)
    }
    #expect(failure?.description == "\(path): the directory belongs to user 12345")
  }

  @Test("A directory without its parent cannot be made")
  func orphan() {
    let failure = #expect(throws: PrivateDirectory.Failure.self) {
      try PrivateDirectory.make(at: "/nonexistent/wstop")
    }
    #expect(failure?.description.contains("/nonexistent/wstop") == true)
  }
}
