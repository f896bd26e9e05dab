import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import TestSupport
import Testing
import Vocabulary

@Suite("Requests that wait for their answer", .limited)
struct ControlClientTests {
  /// A directory of the test's own.
  struct Scratch: ~Copyable {
    let path: String

    init() throws {
      var template = Array("/tmp/wstop-test-XXXXXX".utf8CString)
      try #require(mkdtemp(&template) != nil)
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
      unlink("\(path)/wstop/default.sock")
      rmdir("\(path)/wstop")
      rmdir(path)
    }
  }

  @Test("An answer is returned, a refusal thrown")
  func perform() throws {
    let (engine, descriptor) = try FakeEngine.pair()
    let connection = ControlConnection(owning: OwnedDescriptor(owning: descriptor))
    engine.answer(.statistics(FakeEngine.statistics))
    #expect(
      try ControlClient.perform(.statistics, on: connection) == .statistics(FakeEngine.statistics))
    let error = ControlError(code: "c", message: "m\u{1b}", column: 4)
    engine.answer(.refused(status: 404, error.error))
    let thrown = #expect(throws: ControlClientError.refused(status: 404, error.error)) {
      try ControlClient.perform(.limits, on: connection)
    }
    #expect(thrown?.description == "column 4: m\\u{1b}")
  }

  @Test("An engine that does not answer is not waited for longer than was said")
  func timeout() throws {
    let (engine, descriptor) = try FakeEngine.pair()
    let connection = ControlConnection(owning: OwnedDescriptor(owning: descriptor))
    #expect(throws: ControlClientError.timedOut) {
      try ControlClient.perform(.statistics, on: connection, timeout: .milliseconds(20))
    }
    #expect(engine.receiveText().hasPrefix("GET"))
  }

  @Test("An answer that comes slowly is waited for, as long as some of it comes")
  func slowAnswer() throws {
    let (near, far) = try Socket.pair()
    defer { Syscalls.close(far) }
    let connection = ControlConnection(owning: OwnedDescriptor(owning: near))
    let answer = FakeEngine.answer(.statistics(FakeEngine.statistics))
    let step = answer.count / 30 + 1
    let engine = try LoopThread(name: "slow engine") {
      for start in stride(from: 0, to: answer.count, by: step) {
        usleep(300_000)
        _ = Syscalls.send(far, answer[start..<min(start + step, answer.count)].span)
      }
    }
    defer { engine.join() }
    // Less than all of it takes, and longer than a thread stands still on a slow machine.
    #expect(
      try ControlClient.perform(.statistics, on: connection, timeout: .seconds(8))
        == .statistics(FakeEngine.statistics))
  }

  @Test("An engine that ends the connection is gone")
  func lost() throws {
    let (engine, descriptor) = try FakeEngine.pair()
    let connection = ControlConnection(owning: OwnedDescriptor(owning: descriptor))
    engine.stop()
    #expect(throws: ControlClientError.connectionLost) {
      try ControlClient.perform(.statistics, on: connection)
    }
  }

  @Test("Where no engine listens there is none")
  func noEngine() throws {
    let scratch = try Scratch()
    let path = try ControlPath(runtimeDirectory: scratch.path, userID: geteuid())
    let none = ControlClientError.noEngine(path: path.socket)
    #expect(throws: none) { try ControlClient(path: path).perform(.statistics) }
    try PrivateDirectory.make(at: scratch.path + "/wstop")
    #expect(throws: none) { try ControlClient(path: path).perform(.statistics) }
    // A socket that an engine left behind when it was killed.
    let listener = try Socket.listen(on: .unix(path: path.socket), sharesPort: false)
    Syscalls.close(listener.descriptor)
    #expect(throws: none) { try ControlClient(path: path).perform(.statistics) }
    #expect(none.description == "no engine listens at \(path.socket)")
    #expect(throws: ControlClientError.noEngine(path: "/nonexistent/x")) {
      try ControlClient(path: ControlPath(socket: "/nonexistent/x")).perform(.statistics)
    }
  }

  @Test("A socket in a directory that others may enter is not trusted")
  func notPermitted() throws {
    let scratch = try Scratch()
    let path = try ControlPath(runtimeDirectory: scratch.path, userID: geteuid())
    try PrivateDirectory.make(at: scratch.path + "/wstop")
    #expect(chmod(scratch.path + "/wstop", 0o755) == 0)
    let listener = try Socket.listen(on: .unix(path: path.socket), sharesPort: false)
    defer { Syscalls.close(listener.descriptor) }
    let error = #expect(throws: ControlClientError.self) {
      try ControlClient(path: path).perform(.statistics)
    }
    guard case .notPermitted(path.socket, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A real socket is connected to")
  func realSocket() throws {
    let scratch = try Scratch()
    let path = try ControlPath(runtimeDirectory: scratch.path, userID: geteuid())
    try PrivateDirectory.make(at: scratch.path + "/wstop")
    let listener = try Socket.listen(on: .unix(path: path.socket), sharesPort: false)
    defer { Syscalls.close(listener.descriptor) }
    let connection = try ControlConnection(to: .local(path))
    try connection.send(.stop, tag: 5)
    guard case .connection(let descriptor, _) = Socket.accept(from: listener.descriptor) else {
      Issue.record("nobody connected")
      return
    }
    let engine = FakeEngine(descriptor)
    #expect(engine.receiveText().hasPrefix("POST /v1/stop HTTP/1.1\r\n"))
    engine.answer(.stopping)
    #expect(try connection.receive().map(\.tag) == [5])
    let watch = try WatchConnection(to: .local(path), watching: WatchRequest())
    #expect(watch.interest == .readable)
  }

  @Test("The next snapshot is waited for")
  func snapshot() throws {
    let (engine, connection) = try WatchConnectionTests.pair()
    try engine.acceptWatch()
    engine.send(WatchConnectionTests.frame(1))
    #expect(
      try ControlClient.nextSnapshots(on: connection).map(\.sequence) == [1])
    #expect(throws: ControlClientError.timedOut) {
      try ControlClient.nextSnapshots(on: connection, timeout: .milliseconds(20))
    }
  }
}
