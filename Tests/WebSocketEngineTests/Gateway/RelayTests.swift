import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("A session is relayed to its upstream", .limited, .timeLimit(.minutes(5)))
struct RelayTests {
  @Test(
    "Messages pass in both directions, whatever their kind and size",
    arguments: [0, 1, 125, 126, 16_384, 16_385, 65_535, 65_536, 300_000, 1 << 20])
  func messages(byteCount: Int) async throws {
    try await withRelay { _, client, upstream in
      let message = pattern(byteCount)
      try await client.send(message)
      #expect(try await upstream.next() == .binary(message))
      try await upstream.send(message)
      #expect(try await client.next() == .binary(message))
      let text = String(repeating: "x", count: byteCount)
      try await client.send(text)
      #expect(try await upstream.next() == .text(text))
      try await upstream.send(text)
      #expect(try await client.next() == .text(text))
    }
  }

  @Test("A long message's first byte leaves before its last has come")
  func cutThrough() async throws {
    try await withRelay { _, client, upstream in
      let message = pattern(300_000)
      let frame = client.frame(.binary, message)
      try await client.send(raw: Array(frame[..<200_000]))
      let (first, _) = try await upstream.read(atMost: 100_000)
      #expect(first.count == 100_000)
      #expect(first.first == 2, "a binary message that goes on")
      try await client.send(raw: Array(frame[200_000...]))
      let (rest, end) = try await upstream.read(atMost: 200_000)
      #expect(rest.count == 200_000 && end == nil)
    }
  }

  @Test("Fragments are one message, and control frames pass between them")
  func fragments() async throws {
    try await withRelay { _, client, upstream in
      try await client.send(.text, Array("Käs".utf8.prefix(2)), isFinal: false)
      try await client.send(.ping, [1, 2, 3])
      #expect(try await upstream.next() == .ping([1, 2, 3]))
      try await client.send(.continuation, Array("Käs".utf8.dropFirst(2)), isFinal: true)
      #expect(try await upstream.next() == .text("Käs"))
    }
  }

  @Test("Pings and pongs pass with their payload, both ways")
  func pings() async throws {
    try await withRelay { _, client, upstream in
      try await client.send(.ping, [9])
      #expect(try await upstream.next() == .ping([9]))
      try await upstream.send(.pong, [9])
      #expect(try await client.next() == .pong([9]))
      try await upstream.send(.ping, [])
      #expect(try await client.next() == .ping([]))
      try await client.send(.pong, [7])
      #expect(try await upstream.next() == .pong([7]))
    }
  }

  static let closes: [(CloseCode?, String)] = [
    (.normalClosure, "bye"), (nil, ""), (CloseCode(rawValue: 4321), "käse"), (.goingAway, ""),
  ]

  @Test("Code and reason of a client's close pass unchanged", arguments: closes)
  func clientCloses(code: CloseCode?, reason: String) async throws {
    try await withRelay { _, client, upstream in
      try await client.sendClose(code, reason)
      #expect(try await client.next() == .close(code?.rawValue, reason))
      #expect(try await upstream.next() == .close(code?.rawValue, reason))
      try await upstream.sendClose(code, reason)
      #expect(try await upstream.next() == .endOfStream)
      #expect(try await client.next() == .endOfStream)
    }
  }

  @Test("Code and reason of an upstream's close pass unchanged", arguments: closes)
  func upstreamCloses(code: CloseCode?, reason: String) async throws {
    try await withRelay { gateway, client, upstream in
      try await upstream.send("before")
      try await upstream.sendClose(code, reason)
      #expect(try await upstream.next() == .close(code?.rawValue, reason))
      #expect(try await client.next() == .text("before"))
      #expect(try await client.next() == .close(code?.rawValue, reason))
      try await client.sendClose(code, reason)
      #expect(try await client.next() == .endOfStream)
      #expect(await gateway.closes(code?.rawValue ?? 1005, by: .upstream) == 1)
    }
  }

  @Test("An upstream that is lost ends the session with 1011, which may be sent")
  func upstreamLost() async throws {
    try await withRelay { _, client, upstream in
      upstream.reset()
      let end = try await client.next()
      #expect(end == .close(1011, "upstream lost"))
    }
  }

  @Test("A client that is lost ends the upstream's side with 1011")
  func clientLost() async throws {
    try await withRelay { _, client, upstream in
      client.reset()
      let end = try await upstream.next()
      #expect(end == .close(1011, "client connection lost"))
    }
  }

  @Test("Limits hold in both directions: 1009 to the offender, 1001 to the other side")
  func limits() async throws {
    try await withRelay(["message-bytes=1000"]) { _, client, upstream in
      try await client.send(pattern(1001))
      #expect(try await client.next() == .close(1009, "message too big"))
      #expect(
        try await upstream.next() == .close(1001, "client closed: limit:message-bytes"))
    }
    try await withRelay(["message-bytes=1000"]) { _, client, upstream in
      try await upstream.send(pattern(1001))
      #expect(try await upstream.next() == .close(1009, "message too big"))
      #expect(try await client.next() == .close(1001, "upstream: over message-bytes"))
    }
  }

  @Test("What is invalid never reaches a strict upstream")
  func invalidText() async throws {
    try await withRelay { _, client, upstream in
      try await client.send(.text, [0x61, 0xFF])
      #expect(try await client.next() == .close(1007, "text-not-utf8"))
      guard case .close(1001, _) = try await upstream.next() else {
        Issue.record("the upstream is told of the end alone")
        return
      }
    }
  }

  @Test("Bytes behind either head open the stream")
  func early() async throws {
    let upstream = try FakeUpstream()
    try await withGateway(to: upstream.port) { gateway in
      let client = try await gateway.client()
      let hello = client.frame(.text, Array("early".utf8))
      try await client.send(raw: TestClient.handshake("/x").request + hello)
      let (peer, _) = try await upstream.open(behind: [0x81, 2, 0x68, 0x69])
      _ = try await client.responseHead()
      #expect(try await client.next() == .text("hi"))
      #expect(try await peer.next() == .text("early"))
    }
  }

  @Test("An upstream where nobody listens is answered with 502")
  func unreachable() async throws {
    let nobody = try UnusedPort()
    try await withGateway(to: nobody.port) { gateway in
      let client = try await gateway.client()
      let response = try await client.exchange(TestClient.handshake("/x").request)
      #expect(response.status == 502)
    }
  }
}
