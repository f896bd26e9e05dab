import Testing
import WebSocketProtocol

@Suite("The client's side of the opening handshake, RFC 6455 §4.1")
struct ClientHandshakeTests {
  /// The nonce of the example in RFC 6455 §1.3.
  private let key = Array("the sample nonce".utf8)

  private func handshake() -> ClientHandshake {
    ClientHandshake(
      host: "server.example.com", target: "/chat", key: key,
      subprotocols: ["chat", "superchat", "K"],
      extensions: [Extension(name: "x", parameters: [.init(name: "y")])])
  }

  private func head(_ text: String) throws -> ResponseHead {
    let bytes = Array(text.utf8)
    var outcomes: Set<ResponseHeadParser.Outcome> = []
    for offset in 0...bytes.count {
      var parser = ResponseHeadParser(maximumByteCount: 1000)
      let piece = Array(bytes[..<offset])
      let outcome = parser.parse(piece.span)
      outcomes.insert(outcome == .incomplete ? parser.parse(bytes.span) : outcome)
    }
    guard outcomes.count == 1, case .head(let head, bytes.count) = outcomes.first else {
      throw Unparsed(text: text)
    }
    return head
  }

  private func response(
    status: String = "101 Switching Protocols", _ fields: [(name: String, value: String)]
  ) throws -> ResponseHead {
    try head(
      fields.reduce("HTTP/1.1 \(status)\r\n") { $0 + "\($1.name): \($1.value)\r\n" } + "\r\n")
  }

  private let fields: [(name: String, value: String)] = [
    ("Upgrade", "websocket"), ("Connection", "Upgrade"),
    ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
  ]

  @Test("The request, literally")
  func request() {
    #expect(
      String(decoding: handshake().request, as: UTF8.self)
        == "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
        + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, superchat, K\r\n"
        + "Sec-WebSocket-Extensions: x; y\r\n\r\n")
  }

  @Test("A right response, with and without a choice")
  func accepted() throws {
    let plain = try handshake().validate(response(fields))
    #expect(plain.subprotocol == nil && plain.extensions == [])
    let chosen = try handshake().validate(
      response(
        fields + [("Sec-WebSocket-Protocol", "chat"), ("Sec-WebSocket-Extensions", "x; y=1")]))
    #expect(chosen.subprotocol == "chat" && chosen.extensions.map(\.fieldValue) == ["x; y=1"])
    let otherCase = try handshake().validate(
      response([("upgrade", "WebSocket"), ("CONNECTION", "keep-alive, upgrade"), fields[2]]))
    #expect(otherCase == plain)
  }

  @Test(
    "Each check of §4.1",
    arguments: [
      ("Upgrade", nil, .upgradeNotWebSocket), ("Upgrade", "h2c", .upgradeNotWebSocket),
      ("Upgrade", "websocket, h2c", .upgradeNotWebSocket),
      ("Connection", nil, .connectionNotUpgrade), ("Connection", "close", .connectionNotUpgrade),
      ("Sec-WebSocket-Accept", nil, .acceptMismatch),
      ("Sec-WebSocket-Accept", "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", .acceptMismatch),
      ("Sec-WebSocket-Protocol", "other", .subprotocolNotOffered),
      ("Sec-WebSocket-Protocol", "chat, superchat", .subprotocolNotOffered),
      ("Sec-WebSocket-Protocol", "\u{212A}", .subprotocolNotOffered),
      ("Sec-WebSocket-Extensions", "z", .extensionNotOffered),
      ("Sec-WebSocket-Extensions", "x;", .extensionNotOffered),
    ] as [(String, String?, ClientHandshake.Failure)])
  func refused(name: String, value: String?, expected: ClientHandshake.Failure) throws {
    var changed = fields.filter { $0.name != name }
    if let value { changed.append((name, value)) }
    let response = try response(changed)
    #expect(throws: expected) { try handshake().validate(response) }
  }

  @Test(
    "A status other than 101, as RFC 6455 §4.1 leaves to the caller",
    arguments: [200, 302, 401, 503])
  func status(code: Int) throws {
    let status = try #require(HTTPStatus(rawValue: code))
    let response = try response(status: "\(code) X", fields)
    #expect(throws: ClientHandshake.Failure.unexpectedStatus(status)) {
      try handshake().validate(response)
    }
  }

  @Test("A subprotocol or accept key that is there twice")
  func repeated() throws {
    let twice = try response(
      fields + [("Sec-WebSocket-Protocol", "chat"), ("Sec-WebSocket-Protocol", "chat")])
    #expect(throws: ClientHandshake.Failure.subprotocolNotOffered) {
      try handshake().validate(twice)
    }
    let accept = try response(fields + [fields[2]])
    #expect(throws: ClientHandshake.Failure.acceptMismatch) { try handshake().validate(accept) }
  }

  @Test(
    "What is no head of a response",
    arguments: [
      "HTTP/1.0 101 X\r\n\r\n", "HTTP/1.1 10 X\r\n\r\n", "HTTP/1.1 1011 X\r\n\r\n",
      "HTTP/1.1 600 X\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n", "HTTP/1.1 1x1 X\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 101 X\n\n", "HTTP/1.1 101 X\r\n A: b\r\n\r\n",
      "\r\n", "HTTP/1.1 101 X\r\n" + String(repeating: "A: b\r\n", count: 200),
    ])
  func malformed(text: String) {
    var parser = ResponseHeadParser(maximumByteCount: 1000)
    let bytes = Array(text.utf8)
    #expect(parser.parse(bytes.span) == .malformed)
    #expect(parser.parse(bytes.span) == .malformed)
  }

  @Test("A status line without a phrase is let pass", arguments: ["HTTP/1.1 101 ", "HTTP/1.1 101"])
  func withoutPhrase(line: String) throws {
    #expect(try head(line + "\r\n\r\n").status == .switchingProtocols)
  }
}
