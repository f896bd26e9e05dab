import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Hostile clients", .limited, .timeLimit(.minutes(10)))
struct HostileClientTests {
  @Test("Requests that come byte by byte are timed out, while others are served")
  func slowHandshakes() async throws {
    try await withServer(["handshake-timeout=500ms", "close-timeout=10m"]) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<50 { clients.append(try await fixture.client()) }
      try await eventually("all are accepted") { await fixture.count(.openingNow) == 50 }
      // The others have time, should they stand still.
      let change = LimitAssignments(set: [.handshakeTimeout: .amount(600_000)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      let padding = String(repeating: "p", count: 2000)
      let request = TestClient.handshake("/echo", headers: [("X-Padding", padding)]).request
      var sent = 0
      // A byte every few milliseconds would take far longer than the time there is.
      while await fixture.refusals("handshake-timed-out", status: 408) < clients.count {
        try #require(sent < request.count - 1, "the time-out does not come")
        for client in clients { _ = client.sendNow(raw: [request[sent]]) }
        sent += 1
        if sent % 10 == 0 { try await fixture.expectAlive() }
        try await Task.sleep(for: .milliseconds(10))
      }
      for client in clients {
        #expect(try await client.responseHead().status.rawValue == 408)
        client.close()
      }
      #expect(await fixture.count(.opened) == sent / 10)
    }
  }

  @Test(
    "Messages that come byte by byte hold no more than came, stay counted, and are idle",
    .inTheClear)
  func slowFrames() async throws {
    try await withServer(
      ["message-bytes=1GiB", "close-timeout=200ms"]
    ) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<200 { clients.append(try await fixture.session()) }
      // Headers that promise a GiB, itself sent byte by byte.
      let header: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]
      for byte in header + Array(repeating: 7, count: 50) {
        for client in clients { try await client.send(raw: [byte]) }
      }
      #expect(await fixture.count(.openNow) == 200)
      try await eventually("all bytes") { await fixture.count(.wireIn) == 200 * (14 + 50) }
      #expect(await fixture.bufferedByteCount <= 200 * 100, "at most twice what came is held")
      try await fixture.expectAlive()
      let change = LimitAssignments(set: [.idleTimeout: .amount(300)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      // Bytes that are no message do not keep a session from being idle.
      var turn = 0
      while await fixture.closes(1001, by: .timeout) < clients.count {
        try #require(turn < 2000, "the time-out does not come")
        for client in clients { _ = client.sendNow(raw: [7]) }
        turn += 1
        try await Task.sleep(for: .milliseconds(5))
      }
      for client in clients { client.close() }
      try await fixture.becomesEmpty()
    }
  }

  @Test("Connections that come and go in every state leave nothing behind", arguments: [1, 2])
  func storm(_ reactors: Int) async throws {
    try await withServer(
      ["handshake-timeout=10m", "close-timeout=500ms"], reactors: reactors
    ) { fixture in
      let request = TestClient.handshake("/echo").request
      for round in 0..<25 {
        var clients: [TestClient] = []
        for number in 0..<40 {
          let client = try await fixture.client()
          switch number % 8 {
          case 0: break
          case 1: try await client.send(raw: Array(request.prefix(30)))
          case 2: try await client.send(raw: request)
          case 3: try await client.send(raw: request + client.frame(.text, [65]))
          case 4: try await client.send(raw: request + client.frame(.text, [65], isFinal: false))
          case 5: try await client.send(raw: Array("GET / HTTP/1.1\r\n\r\n".utf8))
          case 6:
            try await client.open("/echo-async")
            try await client.send(pattern(1000))
          default:
            try await client.open()
            try await client.sendClose(.goingAway)
          }
          clients.append(client)
        }
        for (number, client) in clients.enumerated() {
          if (number + round) % 2 == 0 { client.reset() } else { client.close() }
        }
      }
      try await fixture.becomesEmpty()
      #expect(fixture.samples.isEmpty)
      try await fixture.expectAlive()
    }
  }

  @Test("What is pipelined behind a request is taken for frames, and fails the connection")
  func pipelinedGarbage() async throws {
    try await withServer { fixture in
      let request = TestClient.handshake("/echo").request
      let requests = Array(repeating: request, count: 20).flatMap(\.self)
      for garbage in [request, requests, Array(repeating: 0, count: 700_000), pattern(700_000)] {
        let client = try await fixture.client()
        // What the server does not take any more does not matter.
        try? await client.send(raw: request + garbage)
        #expect(try await client.responseHead().status.rawValue == 101)
        guard case .close(1002, _) = try await client.next() else {
          Issue.record("not failed")
          continue
        }
        client.close()
      }
      #expect(await fixture.closes(1002, by: .protocolViolation) == 4)
      try await fixture.expectAlive()
    }
  }

  @Test("Header fields are bounded in number and size before anything is made of them")
  func manyFields() async throws {
    try await withServer { fixture in
      let request = TestClient.handshake("/echo").request.dropLast(2)
      for (field, count, reason) in [
        ("a:\r\n", 3000, "too-many-fields"),
        ("X-Long: \(String(repeating: "y", count: 1000))\r\n", 20, "head-too-large"),
        ("X: \(String(repeating: ",", count: 15_000))\r\n", 2, "head-too-large"),
      ] {
        let fields = Array(String(repeating: field, count: count).utf8)
        let client = try await fixture.client()
        try? await client.send(raw: request + fields + [0x0D, 0x0A])
        #expect(try await client.response().status == 431)
        #expect(await fixture.refusals(reason, status: 431) > 0)
      }
      // Lists of nothing but commas, in fields that are read as lists.
      let commas = String(repeating: ",", count: 3000)
      let client = try await fixture.client()
      let lists = "Connection: \(commas)\r\nX-Forwarded-For: \(commas)\r\n\r\n"
      try await client.send(raw: request + Array(lists.utf8))
      #expect(try await client.responseHead().status.rawValue == 101)
      try await fixture.expectAlive()
    }
  }

  @Test("Whoever goes on sending after a refusal is cut off")
  func endlessRequest() async throws {
    try await withServer(["close-timeout=10m"]) { fixture in
      let client = try await fixture.client()
      let block = pattern(64 << 10)
      await #expect(throws: SystemError.self) {
        // Far more than the server discards and the kernel holds.
        for _ in 0..<1000 { try await client.send(raw: block) }
      }
      try await eventually("the end") { await fixture.count(.openingNow) == 0 }
      try await fixture.expectAlive()
    }
  }
}
