import EventLoop
import Foundation
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Starting and stopping a server", .limited, .timeLimit(.minutes(10)))
struct ShutdownTests {
  @Test("Every client gets 1001 (B13), and the books are right", arguments: [1, 2])
  func goingAway(_ reactors: Int) async throws {
    try await withServer(reactors: reactors) { fixture in
      var clients: [TestClient] = []
      for number in 0..<20 {
        clients.append(try await fixture.session(number % 2 == 0 ? "/echo" : "/echo-async"))
      }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(10))
      for client in clients {
        #expect(try await client.next() == .close(1001, ""))
        try await client.sendClose(.goingAway)
        #expect(try await client.next() == .endOfStream)
      }
      await shutDown
      #expect(await fixture.closes(1001, by: .shutdown) == 20)
    }
  }

  @Test("A session whose handshake was answered a moment ago gets its 1001 too (B13)")
  func justOpened() async throws {
    for _ in 0..<20 {
      try await withServer { fixture in
        let client = try await fixture.session()
        async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(10))
        #expect(try await client.next() == .close(1001, ""))
        try await client.sendClose(.goingAway)
        client.close()
        await shutDown
      }
    }
  }

  @Test("One that does not answer is cut off at the deadline")
  func deadline() async throws {
    try await withServer(["close-timeout=10m"], shutdownTimeout: .milliseconds(200)) { fixture in
      let client = try await fixture.session()
      await fixture.server.shutDown(timeout: .milliseconds(200))
      #expect(try await client.next() == .close(1001, ""))
      #expect(try await client.next() == .endOfStream)
    }
  }

  /// State of a handler that takes its time to go.
  private final class Lingering: Sendable {
    deinit { Thread.sleep(forTimeInterval: 0.002) }
  }

  @Test("All that are cut off leave the engine, however long that takes")
  func slowEnds() async throws {
    let count = 80
    try await withServer(["close-timeout=10m"], shutdownTimeout: .zero) { router in
      try router.route("/slow") { _ in
        // More than a turn's part for all of them together.
        let state = Lingering()
        return ClosureHandler(closed: { _, _ in withExtendedLifetime(state) {} })
      }
    } _: { fixture in
      var clients: [TestClient] = []
      for _ in 0..<count { clients.append(try await fixture.session("/slow")) }
      await fixture.server.shutDown(timeout: .zero)
      #expect(await fixture.closes(1001, by: .shutdown) == count)
    }
  }

  @Test("Handshakes that are under way end with the server")
  func unfinishedHandshakes() async throws {
    let gate = Recorder<Void>()
    try await withServer(["handshake-timeout=10m"]) { router in
      try router.webSocket("/slow") { socket in
        try await eventually("the gate") { gate.count > 0 }
        try await socket.accept()
      }
    } _: { fixture in
      let silent = try await fixture.client()
      let deciding = try await fixture.client()
      try await deciding.send(raw: TestClient.handshake("/slow").request)
      try await eventually("both") { await fixture.count(.openingNow) == 2 }
      await fixture.server.shutDown(timeout: .seconds(1))
      #expect(try await silent.next(timeout: .seconds(60)) == .endOfStream)
      _ = try await deciding.readToEnd()
      gate.note(())
    }
  }

  @Test("While the server drains, a handshake gets 503, also one that was being decided")
  func draining() async throws {
    let gate = Recorder<Void>()
    // The server drains for as long as the holder takes.
    try await withServer(["close-timeout=10m"]) { router in
      try router.webSocket("/slow") { socket in
        try await eventually("the gate") { gate.count > 0 }
        try await socket.accept()
      }
    } _: { fixture in
      let holder = try await fixture.session()
      let early = try await fixture.client()
      let deciding = try await fixture.client()
      try await deciding.send(raw: TestClient.handshake("/slow").request)
      try await eventually("both") { await fixture.count(.openingNow) == 2 }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(120))
      #expect(try await holder.next() == .close(1001, ""))
      #expect(try await early.exchange(TestClient.handshake("/echo").request).status == 503)
      gate.note(())
      #expect(try await deciding.response().status == 503)
      #expect(await fixture.refusals("draining", status: 503) == 2)
      await #expect(throws: SystemError.self) { _ = try await fixture.client() }
      try await holder.sendClose(.goingAway)
      holder.close()
      await shutDown
    }
  }

  @Test("A port that is taken is an error, never shared silently", arguments: [1, 2])
  func occupied(_ reactors: Int) async throws {
    try await withServer(reactors: reactors) { fixture in
      let second = try Server(
        ServerConfiguration(
          listeners: [.internet(host: "127.0.0.1", port: fixture.port)], reactorCount: reactors),
        routes: Router())
      let error = #expect(throws: SystemError.self) { try second.start() }
      #expect(error?.number == EADDRINUSE)
      try await fixture.expectAlive()
    }
  }

  @Test("A start that fails on the way is undone: the port is free, and the server is stopped")
  func undone() async throws {
    // An address of its own: at that of the other tests, one of them may be given the port.
    func server(_ port: UInt16) throws -> Server {
      try Server(
        ServerConfiguration(
          listeners: [.internet(host: "127.0.0.78", port: port)], reactorCount: 2),
        routes: Router())
    }
    let first = try server(0)
    try first.start()
    guard case .internet(_, let port)? = first.addresses.first else {
      Issue.record("it does not listen")
      return
    }
    first.undoStart()
    #expect(first.isStopping)
    await first.shutDown()
    let second = try server(port)
    try second.start()
    await second.shutDown()
  }

  @Test("A Unix listener serves with several reactors, and its file goes with it")
  func unix() async throws {
    let path = "/tmp/wstop-test-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
    try await withServer(reactors: 3, listeners: ["unix:\(path)"]) { fixture in
      for _ in 0..<12 {
        let client = TestClient(connected: try Socket.connect(to: .unix(path: path)))
        if let clients = fixture.clients { try await client.secure(clients) }
        try await client.open("/echo")
        try await client.send("over a path")
        #expect(try await client.next() == .text("over a path"))
        client.close()
      }
      let second = try Server(
        ServerConfiguration(listeners: [.unix(path: path)]), routes: Router())
      #expect(throws: ConfigurationError.addressInUse("unix:\(path)")) { try second.start() }
      #expect(access(path, F_OK) == 0)
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test("A stale socket file is no obstacle")
  func staleFile() async throws {
    let path = "/tmp/wstop-test-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
    Syscalls.close(try Socket.listen(on: .unix(path: path), sharesPort: false).descriptor)
    try await withServer(listeners: ["unix:\(path)"]) { _ in }
  }
}
