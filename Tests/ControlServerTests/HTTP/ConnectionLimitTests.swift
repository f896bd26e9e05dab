import ControlProtocol
import EventLoop
import Glibc
import TestSupport
import Testing
import WebSocketEngine

@testable import ControlServer

@Suite("Who is served, and how much", .limited, .timeLimit(.minutes(10)))
struct ConnectionLimitTests {
  @Test("The socket is the user's alone, and gone when the engine is")
  func socketFile() async throws {
    var path = ""
    try await TestEngine.run(reactorCount: 1) { engine in
      path = engine.path.socket
      var status = stat()
      #expect(lstat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
    }
    #expect(access(path, F_OK) == -1)
  }

  @Test("A second engine is refused, and a stale socket replaced")
  func sockets() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let second = try ControlServer(
        server: engine.server, name: "second", version: "1", path: engine.path,
        whenStopRequested: {})
      #expect(throws: ControlServerError.alreadyServed(engine.path.socket)) { try second.start() }
      // The one that was there goes on.
      #expect(try engine.client().get("/healthz").status == 200)
    }
    let path = try ControlPath(socket: "\(try TemporaryDirectory.make())/stale.sock")
    let (stale, _) = try Socket.listen(on: .unix(path: path.socket), sharesPort: false)
    Syscalls.close(stale)
    let server = try Server(ServerConfiguration(listeners: []), routes: Router())
    let control = try ControlServer(
      server: server, name: "a", version: "1", path: path, whenStopRequested: {})
    try control.start()
    let client = try HTTPPeer(path)
    #expect(try client.get("/healthz").status == 200)
    #expect(try client.get("/readyz").status == 503)
    control.stop()
    control.stop()
    TemporaryDirectory.remove(of: path)
  }

  @Test("Another user is refused, and that is an event")
  func foreignUser() async throws {
    var settings = ControlSettings.patient
    settings.userIDs = []
    let path = try ControlPath(socket: "\(try TemporaryDirectory.make())/c.sock")
    let server = try Server(ServerConfiguration(listeners: []), routes: Router())
    let control = try ControlServer(
      server: server, name: "a", version: "1", path: path, settings: settings,
      whenStopRequested: {})
    try control.start()
    let reply = try HTTPPeer(path).get("/v1/stats")
    #expect(reply.status == 403)
    #expect(reply.errorCode == "user-not-allowed")
    control.stop()
    TemporaryDirectory.remove(of: path)
  }

  @Test("The 65th connection is told so, and served once another one has ended")
  func connectionCount() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      var clients: [HTTPPeer] = []
      for _ in 0..<64 {
        let client = try engine.client()
        #expect(try client.get("/healthz").status == 200)
        clients.append(client)
      }
      let refused = try engine.client().get("/healthz")
      #expect(refused.status == 503)
      #expect(refused.errorCode == "too-many-connections")
      #expect(refused.headers["Retry-After"] == "1")
      clients.removeLast(32)
      let served = try waitFor {
        try engine.client().get("/healthz").status == 200 ? true : nil
      }
      #expect(served == true)
      #expect(try clients[0].get("/healthz").status == 200)
    }
  }

  @Test("A client that never reads is dropped, and the engine goes on")
  func neverReads() async throws {
    var settings = ControlSettings.patient
    settings.stallTimeout = .milliseconds(200)
    try await TestEngine.run(reactorCount: 1, settings: settings) { engine in
      let deaf = try engine.client()
      // Far more answers than the socket holds.
      let requests = String(repeating: HTTPPeer.request("GET", "/v1/limits"), count: 1000)
      var sent = 0
      let bytes = Array(requests.utf8)
      var isOpen = true
      _ = try waitFor {
        switch Syscalls.send(deaf.stream.descriptor, bytes.span.extracting(sent..<bytes.count)) {
        case .bytes(let count): sent += count
        case .wouldBlock: break
        case .failed: isOpen = false
        }
        return !isOpen || sent == bytes.count ? true : nil
      }
      let client = try engine.client()
      let event = try waitFor {
        try engine.events(client).first { $0.message.contains("does not read") }
      }
      #expect(event?.kind == .problem)
    }
  }

  @Test("A client that reads slowly gets its answers, however long the socket has no room for more")
  func readsSlowly() async throws {
    var settings = ControlSettings.patient
    // Longer than the client stands still on a slow machine.
    settings.stallTimeout = .seconds(8)
    try await TestEngine.run(reactorCount: 1, settings: settings) { engine in
      let size = try engine.client().get("/v1/limits").body.count
      // Several times what the socket holds.
      let count = (900 << 10) / size
      let slow = try engine.client()
      try slow.stream.send(
        String(repeating: HTTPPeer.request("GET", "/v1/limits"), count: count - 1)
          + HTTPPeer.request("GET", "/v1/limits", headers: ["Connection: close"]))
      // The socket has room again when three quarters of what it holds are gone, after seconds.
      var bytes: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 2000)
      let start = SystemClock.monotonic()
      while start.duration(to: SystemClock.monotonic()) < .seconds(12) {
        usleep(200_000)
        var span = part.mutableSpan
        if case .bytes(let count) = Syscalls.receive(
          slow.stream.descriptor, into: &span, from: 0)
        {
          bytes += part[..<count]
        }
      }
      #expect(bytes.count < 200 << 10, "that was not slow")
      #expect(slow.stream.waitForEnd())
      bytes += slow.stream.input
      #expect(
        String(decoding: bytes, as: UTF8.self).split(separator: "HTTP/1.1 200 OK").count == count)
      #expect(try engine.events(engine.client()).allSatisfy { $0.kind != .problem })
    }
  }

  @Test("A follower of events is dropped when 8 MiB wait for it")
  func backlog() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let deaf = try engine.client()
      try deaf.send("GET", "/v1/events?follow=1")
      _ = try deaf.head()
      let client = try engine.client()
      // Each act is an event with its text. By their number and not by the time it takes them: three
      // times as much as may wait.
      let text = String(repeating: "x", count: 4000)
      let body = #"{"sessions":["s-2"],"text":"\#(text)"}"#
      var isDropped = false
      for batch in 0..<60 where !isDropped {
        for _ in 0..<100 { try client.send("POST", "/v1/send", body) }
        for _ in 0..<100 { _ = try client.reply() }
        let events = try client.get("/v1/events?after=\(batch * 100)").body
        isDropped = String(decoding: events, as: UTF8.self).contains("owes too much reading")
      }
      #expect(isDropped)
    }
  }

  @Test("No further list is made while clients have yet to read 96 MiB, until one of them is gone")
  func unread() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let text = String(repeating: "x", count: 3900)
      let body = #"{"sessions":["s-2"],"text":"\#(text)"}"#
      for _ in 0..<10 {
        for _ in 0..<100 { try client.send("POST", "/v1/send", body) }
        for _ in 0..<100 { _ = try client.reply() }
      }
      let size = try client.get("/v1/events").body.count
      try #require(size > 3 << 20)
      var deaf: [HTTPPeer] = []
      for _ in 0..<((96 << 20) / size + 4) {
        deaf.append(try engine.client())
        try deaf.last?.send("GET", "/v1/events")
      }
      let refused = try waitFor {
        let reply = try client.get("/v1/sessions")
        return reply.status == 503 ? reply : nil
      }
      #expect(refused?.errorCode == "busy" && refused?.headers["Retry-After"] == "1")
      #expect(try client.get("/v1/stats").status == 200)
      deaf = []
      let served = try waitFor { try client.get("/v1/sessions").status == 200 ? true : nil }
      #expect(served == true)
    }
  }
}
