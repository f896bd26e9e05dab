import Foundation
import TestSupport
import Testing

@testable import EventLoop

@Suite("Files of Unix sockets", .limited, .timeLimit(.minutes(5)))
struct SocketFileTests {
  @Test(
    "What is no socket stays where it is, and is named by its kind",
    arguments: RegularFileTests.Obstacle.allCases.filter { $0 != .socket })
  func obstacles(_ obstacle: RegularFileTests.Obstacle) throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("s")
    let kind = try obstacle.make(at: path)
    let before = try FileStatus(at: path)
    let failure = #expect(throws: SocketFile.Failure.self) { _ = try SocketFile.listen(at: path) }
    #expect(failure == .notSocket(path, kind))
    #expect(failure?.description.contains("\(kind) lies there and stays") == true)
    #expect(try FileStatus(at: path) == before)
  }

  @Test("A file stays even where it has what was written to it")
  func content() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write("precious", to: "s")
    #expect(throws: SocketFile.Failure.notSocket(path, .file)) {
      _ = try SocketFile.listen(at: path)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test("A socket that nobody listens on is replaced; a link to one is not")
  func stale() throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("s")
    Syscalls.close(try Socket.listen(on: .unix(path: path), sharesPort: false).descriptor)
    #expect(symlink(path, scratch.path("l")) == 0)
    #expect(throws: SocketFile.Failure.notSocket(scratch.path("l"), .link)) {
      _ = try SocketFile.listen(at: scratch.path("l"))
    }
    let (descriptor, file) = try SocketFile.listen(at: path)
    Syscalls.close(try Socket.connect(to: .unix(path: path)))
    try file.remove()
    Syscalls.close(descriptor)
    #expect(try scratch.names == ["l"])
  }

  @Test(
    "A socket that somebody has is in use: listened on, with a full queue, or of another type",
    arguments: [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET].map(\.rawValue))
  func inUse(type: UInt32) throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("s")
    let holder = OwnedDescriptor(owning: socket(AF_UNIX, Int32(type), 0))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(holder.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    if type != SOCK_DGRAM.rawValue { #expect(listen(holder.number, 0) == 0) }
    var clients: [Int32] = []
    defer { clients.forEach(Syscalls.close) }
    for _ in 0..<3 {
      #expect(throws: SocketFile.Failure.inUse(path)) { _ = try SocketFile.listen(at: path) }
      // The queue fills up.
      if type == SOCK_STREAM.rawValue, let one = try? Socket.connect(to: .unix(path: path)) {
        clients.append(one)
      }
    }
    #expect(try FileStatus(at: path)?.kind == .socket)
  }

  @Test("Only one's own socket is removed in the end")
  func successor() throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("s")
    let (first, old) = try SocketFile.listen(at: path)
    // Somebody removed it, and another one listens there now.
    #expect(unlink(path) == 0)
    let (second, new) = try SocketFile.listen(at: path)
    try old.remove()
    Syscalls.close(first)
    Syscalls.close(try Socket.connect(to: .unix(path: path)))
    try new.remove()
    Syscalls.close(second)
    #expect(try scratch.names.isEmpty)
    // Nothing is there any more, and that is no error.
    try new.remove()
    try scratch.write("a file", to: "s")
    try new.remove()
    #expect(try scratch.names == ["s"])
  }

  @Test("The file has the mode that is said, whatever the umask", arguments: [0o600, 0o660, 0o777])
  func mode(_ mode: UInt32) throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path("s")
    let (descriptor, file) = try SocketFile.listen(at: path, mode: mode)
    defer { Syscalls.close(descriptor) }
    #expect(try FileStatus(at: path)?.permissions == mode)
    try file.remove()
    #expect(try scratch.names.isEmpty)
  }

  @Test("Of many who find the same stale socket one listens, and is not removed by the others")
  func race() async throws {
    for _ in 0..<20 {
      let scratch = try ScratchDirectory()
      let path = scratch.path("s")
      Syscalls.close(try Socket.listen(on: .unix(path: path), sharesPort: false).descriptor)
      let began = ContinuousClock.now
      let outcomes = await withTaskGroup(of: Result<Int32, SocketFile.Failure>.self) { group in
        for _ in 0..<4 {
          group.addTask {
            do throws(SocketFile.Failure) {
              return .success(try SocketFile.listen(at: path).descriptor)
            } catch {
              return .failure(error)
            }
          }
        }
        var outcomes: [Result<Int32, SocketFile.Failure>] = []
        for await outcome in group { outcomes.append(outcome) }
        return outcomes
      }
      let held = outcomes.compactMap { try? $0.get() }
      // Whoever stands still with the directory's lock for two seconds is not waited for.
      if began.duration(to: .now) < .seconds(2) {
        #expect(held.count == 1)
        #expect(outcomes.count { $0 == .failure(.inUse(path)) } == 3)
      }
      Syscalls.close(try Socket.connect(to: .unix(path: path)))
      held.forEach(Syscalls.close)
    }
  }
}
