import Testing
import Vocabulary
import WebSocketProtocol

@Suite("A client and a server in memory, RFC 6455 §1.2")
struct ConversationTests {
  /// A source of masking keys that gives the same ones each time.
  private struct Keys {
    var state: UInt32 = 2_463_534_242

    mutating func next() -> UInt32 {
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return state
    }
  }

  @Test("The opening handshake of both sides fits together, with a subprotocol")
  func handshake() throws {
    let client = ClientHandshake(
      host: "localhost:8080", target: "/ws/chat/lobby?x=1", key: pattern(16),
      subprotocols: ["v2", "v1"])
    let request = try UpgradeRequest(head(String(decoding: client.request, as: UTF8.self)))
    #expect(request.head.path == "/ws/chat/lobby" && request.head.host == "localhost:8080")
    let response = try HandshakeResponse(to: request, subprotocol: "v1")
    var parser = ResponseHeadParser(maximumByteCount: 4096)
    guard case .head(let head, response.bytes.count) = parser.parse(response.bytes.span) else {
      Issue.record("the response does not parse")
      return
    }
    #expect(try client.validate(head).subprotocol == "v1")
  }

  @Test(
    "Messages echo, pings are answered, and both sides close clean", arguments: [1, 2, 7, 64, 5000])
  func echo(pieceByteCount: Int) {
    var keys = Keys()
    let messages: [(MessageKind, [UInt8])] = [
      (.text, Array("Hello, κόσμε".utf8)), (.binary, []), (.binary, pattern(125)),
      (.binary, pattern(126)), (.text, []), (.binary, pattern(3000)),
      (.text, Array(String(repeating: "日本", count: 300).utf8)),
    ]
    var upstream: [UInt8] = []
    for (kind, payload) in messages {
      // Cut in three, wherever that falls, with a ping in the middle.
      let (one, two) = (payload.count / 3, payload.count * 2 / 3)
      let fragments = [payload[..<one], payload[one..<two], payload[two...]].map(Array.init)
      upstream += frame(
        kind.opcode, fragments[0], isFinal: false, to: .server, key: keys.next())
      upstream += frame(
        .continuation, fragments[1], isFinal: false, to: .server, key: keys.next())
      upstream += frame(.ping, Array("still there?".utf8), to: .server, key: keys.next())
      upstream += frame(.continuation, fragments[2], to: .server, key: keys.next())
    }
    let now = Instant(nanoseconds: 0)
    var clientClosing = ClosingHandshake(closeTimeout: .seconds(5))
    #expect(clientClosing.closeRequested(.normalClosure, now: now) == .sendClose(.normalClosure))
    FrameEncoder.appendClose(
      .normalClosure, reason: "done", maskingKey: keys.next(), to: &upstream)

    var server = Receiver(role: .server)
    for start in stride(from: 0, to: upstream.count, by: pieceByteCount) {
      server.receive(upstream[start..<min(start + pieceByteCount, upstream.count)])
    }
    var serverClosing = ClosingHandshake(closeTimeout: .seconds(5))
    var downstream: [UInt8] = []
    for received in server.received {
      switch received {
      case .message(let kind, let payload):
        downstream += frame(kind.opcode, payload, to: .client)
      case .ping(let payload): downstream += frame(.pong, payload, to: .client)
      case .close(let code, let reason):
        #expect(reason == "done")
        #expect(serverClosing.closeReceived(code, now: now) == .replyAndDisconnect(.normalClosure))
        FrameEncoder.appendClose(.normalClosure, maskingKey: nil, to: &downstream)
      case .pong, .violation: Issue.record("unexpected: \(received)")
      }
    }

    var client = Receiver(role: .client)
    for start in stride(from: 0, to: downstream.count, by: pieceByteCount) {
      client.receive(downstream[start..<min(start + pieceByteCount, downstream.count)])
    }
    let pong = Received.pong(Array("still there?".utf8))
    let expected =
      messages.flatMap { [pong, .message($0.0, $0.1)] } + [.close(.normalClosure, "")]
    let received = client.received
    #expect(received == expected)
    #expect(clientClosing.closeReceived(.normalClosure, now: now) == .disconnect)
    #expect(clientClosing.isClean && serverClosing.isClean)
    let end = client.frames.receiveEndOfStream()
    #expect(end == .afterCloseFrame)
  }
}
