import Foundation
import TestSupport
import Testing

@Suite("Paths that an engine listens on", .workspace, .limited, .timeLimit(.minutes(15)))
struct SocketPathTests {
  /// What lies at a path that is no socket.
  enum Obstacle: String, CaseIterable {
    case file, pipe, link, directory

    func make(at path: String) throws {
      switch self {
      case .file: try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
      case .pipe: #expect(mkfifo(path, 0o600) == 0)
      case .link: #expect(symlink("/dev/null", path) == 0)
      case .directory: #expect(mkdir(path, 0o700) == 0)
      }
    }

    var words: String {
      switch self {
      case .file: "a file lies there"
      case .pipe: "a pipe lies there"
      case .link: "a symbolic link lies there"
      case .directory: "a directory lies there"
      }
    }
  }

  private func inode(_ path: String) throws -> UInt64 {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return UInt64(status.st_ino)
  }

  @Test(
    "Whatever is no socket stays, for control sockets and listeners",
    arguments: Obstacle.allCases)
  func obstacles(_ obstacle: Obstacle) async throws {
    let path = Workspace.current.path("s")
    try obstacle.make(at: path)
    let before = try inode(path)
    let control = try await wstop("serve", "--control", path, "--listen", "127.0.0.1:0")
    #expect(control.failed(1, path, obstacle.words), "\(control)")
    #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
    let listener = try await wstop(
      "serve", "--name", "x", "--listen", "127.0.0.1:0", "--listen", "unix:\(path)")
    #expect(listener.failed(1, path, obstacle.words), "\(listener)")
    #expect(try inode(path) == before)
    if obstacle == .file {
      #expect(FileManager.default.contents(atPath: path) == Data("precious".utf8))
    }
    // What was bound before the refusal is gone as well.
    let other = Workspace.current.path("other")
    let both = try await wstop(
      "serve", "--name", "x", "--listen", "unix:\(other)", "--listen", "unix:\(path)")
    #expect(both.failed(1, path, obstacle.words), "\(both)")
    #expect(!FileManager.default.fileExists(atPath: other))
  }

  @Test("An engine that ends leaves its successor's sockets")
  func successor() async throws {
    let (control, listener) = (Workspace.current.path("c.sock"), Workspace.current.path("l.sock"))
    let words = ["serve", "--control", control, "--listen", "unix:\(listener)"]
    let first = try Workspace.current.start(Program.path, words)
    try await until("it listens: \(first.errors)") { !first.output.isEmpty }
    // Somebody tidies up, and starts another one.
    for path in [control, listener, Workspace.current.path("c.lock")] {
      try FileManager.default.removeItem(atPath: path)
    }
    let second = try Workspace.current.start(Program.path, words)
    try await until("it listens: \(second.errors)") { !second.output.isEmpty }
    first.signal(SIGTERM)
    #expect(try await first.waitForExit() == 0)
    let client = try await Client.connect("ws://localhost/ws/echo", unix: listener)
    try await client.send("still here")
    #expect(try await client.receive() == .text("still here"))
    #expect(try await wstop("stop", "--control", control).exitCode == 0)
    #expect(try await second.waitForExit() == 0)
    for path in [control, listener] { #expect(!FileManager.default.fileExists(atPath: path)) }
  }

  @Test("A lock that is no file is refused at once")
  func lock() async throws {
    let path = Workspace.current.path("own.sock")
    #expect(mkfifo(Workspace.current.path("own.lock"), 0o600) == 0)
    let outcome = try await wstop("serve", "--control", path, "--listen", "127.0.0.1:0")
    #expect(outcome.failed(1, "own.lock", "a pipe"), "\(outcome)")
  }
}
