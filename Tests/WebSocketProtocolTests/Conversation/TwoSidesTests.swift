import Testing
import Vocabulary
import WebSocketProtocol

@Suite("A client and a server in memory, RFC 6455 §1.2")
struct TwoSidesTests {
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

  /// Carries bytes of one side to the other, at most so many; false if there were none.
  private func carry(
    from sender: inout Speaker, to receiver: inout Speaker, _ byteCount: Int
  ) -> Bool {
    let bytes = sender.flush(byteCount)
    receiver.receive(bytes)
    return !bytes.isEmpty
  }

  @Test(
    "Messages echo, pings are answered, and both sides close clean",
    arguments: [1, 2, 7, 64, 5000], [nil, DeflateParameters(), withoutContext])
  func echo(pieceByteCount: Int, compression: DeflateParameters?) {
    let messages: [(MessageKind, [UInt8])] = [
      (.text, Array("Hello, κόσμε".utf8)), (.binary, []), (.binary, pattern(125)),
      (.binary, pattern(126)), (.text, []), (.binary, pattern(3000)),
      (.text, Array(String(repeating: "日本", count: 300).utf8)),
    ]
    for isInPlace in [true, false] {
      var client = Speaker(.client, isInPlace: isInPlace, compression: compression)
      var server = Speaker(.server, isInPlace: isInPlace, compression: compression)
      for (kind, payload) in messages { client.send(payload, as: kind) }
      // A message in three fragments, which are never compressed.
      client.sendFrame(.text, isFinal: false, [0x61])
      client.sendFrame(.continuation, isFinal: false, [])
      client.sendFrame(.continuation, isFinal: true, [0x62])
      while carry(from: &client, to: &server, pieceByteCount) {}
      let expected =
        messages.map { Received.message($0.0, $0.1) } + [.message(.text, [0x61, 0x62])]
      let received = server.reported
      #expect(received == expected)

      for case .message(let kind, let payload) in received {
        server.send(payload, as: kind)
      }
      while carry(from: &server, to: &client, pieceByteCount) {}
      let echoed = client.reported
      #expect(echoed == expected)

      client.close(.normalClosure, reason: "done")
      while carry(from: &client, to: &server, pieceByteCount) {}
      while carry(from: &server, to: &client, pieceByteCount) {}
      let (last, answer) = (server.reported.last, client.reported.last)
      #expect(last == .close(.normalClosure, "done") && answer == last)
      // The server ends its stream, then the client has nothing to wait for either.
      let (phase, endsFirst) = (client.conversation.phase, server.conversation.endsFirst)
      #expect(phase == .ending && endsFirst)
      client.conversation.streamEnded()
      server.conversation.streamEnded()
      let (clientEnd, serverEnd) = (client.conversation.phase, server.conversation.phase)
      #expect(clientEnd == .ended && serverEnd == .ended)
    }
  }

  @Test("Both close at once: each takes the other's frame for the answer")
  func simultaneousClose() {
    var client = Speaker(.client)
    var server = Speaker(.server)
    client.close(.goingAway, reason: "client")
    server.close(.serviceRestart, reason: "server")
    _ = carry(from: &client, to: &server, .max)
    _ = carry(from: &server, to: &client, .max)
    let (atServer, atClient) = (server.reported, client.reported)
    #expect(atServer == [.close(.goingAway, "client")])
    #expect(atClient == [.close(.serviceRestart, "server")])
    let (phases, isQuiet) = (
      [client.conversation.phase, server.conversation.phase],
      client.conversation.outputByteCount + server.conversation.outputByteCount == 0
    )
    #expect(phases == [.ending, .ending] && isQuiet)
  }

  /// A generator with a seed, so that a failure can be repeated.
  private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  @Test("Whatever both do, each gets the other's messages in order, one close, and an end")
  func anyOrder() {
    for seed in 0..<100 {
      var generator = SeededGenerator(state: UInt64(seed))
      var client = Speaker(.client, isInPlace: seed % 2 == 0)
      var server = Speaker(.server, isInPlace: seed % 3 == 0)
      var (fromClient, fromServer) = ([Received](), [Received]())
      for step in 0..<200 {
        let isClient = Bool.random(using: &generator)
        let piece = Int.random(in: 1...400, using: &generator)
        let payload = pattern(Int.random(in: 0...300, using: &generator))
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30 where isClient:
          if client.send(payload) {
            fromClient.append(.message(.binary, payload))
          }
        case 0..<30:
          if server.send(payload) {
            fromServer.append(.message(.binary, payload))
          }
        case 98 where step > 100: client.close(.goingAway)
        case 99 where step > 100: server.close(.goingAway)
        default:
          if isClient {
            _ = carry(from: &client, to: &server, piece)
          } else {
            _ = carry(from: &server, to: &client, piece)
          }
        }
      }
      server.close(.goingAway)
      while carry(from: &client, to: &server, 100) || carry(from: &server, to: &client, 100) {}
      let (atServer, atClient) = (server.reported, client.reported)
      // What comes after one's own close frame is dropped, so that what was reported is a beginning.
      let close = Received.close(.goingAway, "")
      #expect(atServer.last == close && atClient.last == close, "seed \(seed)")
      #expect(fromClient.starts(with: atServer.dropLast()), "seed \(seed)")
      #expect(fromServer.starts(with: atClient.dropLast()), "seed \(seed)")
      let phases = [client.conversation.phase, server.conversation.phase]
      #expect(phases == [.ending, .ending], "seed \(seed)")
    }
  }
}
