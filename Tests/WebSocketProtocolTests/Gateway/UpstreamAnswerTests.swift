import Testing

@testable import WebSocketProtocol

@Suite("Answers of an upstream")
struct UpstreamAnswerTests {
  /// A request that offers two subprotocols and perhaps permessage-deflate.
  private func request(extensions: [Extension] = []) throws -> UpstreamRequest {
    let text = upgradeRequest(with: [("Sec-WebSocket-Protocol", "chat, superchat")])
    return UpstreamRequest(
      for: try UpgradeRequest(try head(text)), to: try UpstreamURL("ws://a"), pattern: "/*",
      client: ForwardedClient(address: "192.0.2.7", isSecure: false), extensions: extensions)
  }

  private func accept(_ request: UpstreamRequest) throws -> String {
    let text = String(decoding: request.bytes, as: UTF8.self)
    let key = try #require(text.firstMatch(of: /Sec-WebSocket-Key: (\S+)/)?.1)
    return AcceptKey.make(for: String(key))
  }

  /// The outcome of an answer, which is the same however it is cut.
  private func outcome(
    of bytes: [UInt8], to request: UpstreamRequest,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> UpstreamAnswer.Outcome {
    var whole = UpstreamAnswer(to: request)
    let expected = whole.receive(bytes.span)
    for size in bytes.count < 2000 ? [1, 7, 100] : [999] {
      var answer = UpstreamAnswer(to: request)
      var outcome = UpstreamAnswer.Outcome.incomplete
      var end = 0
      while outcome == .incomplete, end < bytes.count {
        end = min(end + size, bytes.count)
        outcome = answer.receive(bytes.span.extracting(..<end))
      }
      #expect(outcome == expected, "in pieces of \(size)", sourceLocation: sourceLocation)
    }
    return expected
  }

  private func outcome(
    of text: String, to request: UpstreamRequest, sourceLocation: SourceLocation = #_sourceLocation
  ) -> UpstreamAnswer.Outcome {
    outcome(of: Array(text.utf8), to: request, sourceLocation: sourceLocation)
  }

  /// The text of a 101 with more fields.
  private func opening(
    _ request: UpstreamRequest, _ fields: String = "", accept: String? = nil
  ) throws -> String {
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Accept: \(try accept ?? self.accept(request))\r\n\(fields)\r\n"
  }

  @Test("A right 101 opens, and its end-to-end fields go to the client in their order")
  func open() throws {
    let request = try request()
    let head = try opening(
      request,
      "Set-Cookie: a=1\r\nServer: x\r\nSet-Cookie: b=2\r\nSec-WebSocket-Protocol: superchat\r\n"
        + "Keep-Alive: timeout=5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nProxy-Status: x\r\n"
        + "Content-Length: 0\r\nsec-websocket-version: 13\r\nDate: now\r\n")
    guard
      case .open(let agreement, let headers, let byteCount) = outcome(
        of: Array(head.utf8) + [0x81, 0x00], to: request)
    else {
      Issue.record("it does not open")
      return
    }
    #expect(agreement.subprotocol == "superchat")
    #expect(agreement.extensions.isEmpty && agreement.deflate == nil)
    #expect(
      headers.map { "\($0.name): \($0.value)" }
        == ["Set-Cookie: a=1", "Server: x", "Set-Cookie: b=2", "Date: now"])
    #expect(byteCount == head.utf8.count)
    // The client's response takes these fields.
    let client = try UpgradeRequest(
      try self.head(upgradeRequest(with: [("Sec-WebSocket-Protocol", "superchat")])))
    _ = try HandshakeResponse(to: client, subprotocol: "superchat", headers: headers)
  }

  private func head(_ text: String) throws -> RequestHead { try WebSocketProtocolTests.head(text) }

  @Test("Compression is agreed on if it was offered")
  func compression() throws {
    let offer = try request(extensions: [Extension(name: "permessage-deflate")])
    let field = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"
    guard
      case .open(let agreement, let headers, _) = outcome(
        of: try opening(offer, field), to: offer)
    else {
      Issue.record("it does not open")
      return
    }
    #expect(agreement.deflate != nil && headers.isEmpty)
    let none = try request()
    #expect(
      try outcome(of: opening(none, field), to: none)
        == .invalid(.handshake(.extensionNotOffered)))
  }

  @Test("A wrong 101 is invalid, and the reason is said")
  func wrongOpening() throws {
    let request = try request()
    let right = try opening(request)
    let deflate = try self.request(extensions: [Extension(name: "permessage-deflate")])
    let cases: [(String, UpstreamRequest, String)] = [
      (
        try opening(request, accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), request,
        "its Sec-WebSocket-Accept is not the one of the key"
      ),
      (
        right.replacing(/Sec-WebSocket-Accept.*\r\n/, with: ""), request,
        "its Sec-WebSocket-Accept is not the one of the key"
      ),
      (
        try opening(request, "Sec-WebSocket-Accept: \(accept(request))\r\n"), request,
        "its Sec-WebSocket-Accept is not the one of the key"
      ),
      (
        right.replacing("Upgrade: websocket", with: "Upgrade: h2c"), request,
        "its 101 does not upgrade to websocket"
      ),
      (
        right.replacing("Connection: Upgrade", with: "Connection: close"), request,
        "its 101 does not list Upgrade in Connection"
      ),
      (
        try opening(request, "Sec-WebSocket-Protocol: other\r\n"), request,
        "it chose a subprotocol that was not offered"
      ),
      (
        try opening(request, "Sec-WebSocket-Protocol: chat, superchat\r\n"), request,
        "it chose a subprotocol that was not offered"
      ),
      (
        try opening(request, "Sec-WebSocket-Extensions: permessage-deflate\r\n"), request,
        "it chose an extension that was not offered"
      ),
      (
        try opening(deflate, "Sec-WebSocket-Extensions: permessage-deflate; x=1\r\n"), deflate,
        "it chose parameters of permessage-deflate that it may not"
      ),
      (
        right.replacing("HTTP/1.1", with: "HTTP/1.0"), request,
        "its 101 is of HTTP/1.0, which has no upgrade"
      ),
    ]
    for (text, request, reason) in cases {
      guard case .invalid(let fault) = outcome(of: text, to: request) else {
        Issue.record("\(text) is let pass")
        continue
      }
      #expect(fault.description == reason)
    }
  }

  @Test("A success is no answer to an upgrade", arguments: [200, 201, 202, 204, 206, 299])
  func success(status: Int) throws {
    let text = "HTTP/1.1 \(status) x\r\nContent-Length: 2\r\n\r\nok"
    guard case .invalid(let fault) = outcome(of: text, to: try request()) else {
      Issue.record("it is let pass")
      return
    }
    #expect(fault.description == "the upstream answers \(status) to an upgrade")
  }

  @Test(
    "A refusal passes with its status, fields and body",
    arguments: [
      (
        301, "Location: /x\r\nContent-Length: 0\r\n", .byteCount(0), ["Location", "Content-Length"]
      ),
      (304, "Content-Length: 7\r\n", .byteCount(0), ["Content-Length"]),
      (
        401, "WWW-Authenticate: Basic\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n", .untilEnd,
        ["WWW-Authenticate", "Set-Cookie", "Set-Cookie"]
      ),
      (
        403, "Transfer-Encoding: Chunked\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nVia: x\r\n",
        .chunked, ["Via"]
      ),
      (404, "Content-Length: 1234567890123\r\n", .byteCount(1_234_567_890_123), ["Content-Length"]),
      (
        426, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Accept: x\r\n",
        .untilEnd, ["Sec-WebSocket-Version"]
      ),
      (
        503, "Retry-After: 7\r\nContent-Length: 4\r\n", .byteCount(4),
        ["Retry-After", "Content-Length"]
      ),
      (599, "", .untilEnd, []),
    ] as [(Int, String, BodyReader.Framing, [String])])
  func refusal(status: Int, fields: String, framing: BodyReader.Framing, names: [String]) throws {
    for version in ["1.1", "1.0"] where version == "1.1" || framing != .chunked {
      let head = "HTTP/\(version) \(status) No\r\n\(fields)\r\n"
      guard
        case .refusal(let refusal, let byteCount) = outcome(
          of: head + "body", to: try request())
      else {
        Issue.record("it is no refusal")
        return
      }
      #expect(refusal.status.rawValue == status)
      #expect(refusal.framing == framing)
      #expect(refusal.headers.map(\.name) == names)
      #expect(byteCount == head.utf8.count)
    }
  }

  @Test("The head of a refusal for the client closes its connection and delimits the body")
  func refusalHead() throws {
    func head(_ fields: String, status: Int = 404) throws -> String {
      guard
        case .refusal(let refusal, _) = outcome(
          of: "HTTP/1.1 \(status) x\r\n\(fields)\r\n", to: try request())
      else { throw Unparsed(text: fields) }
      return String(decoding: refusal.responseHead, as: UTF8.self)
    }
    #expect(
      try head("Content-Length: 3\r\nA: b\r\nConnection: keep-alive\r\n")
        == "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nA: b\r\nConnection: close\r\n\r\n")
    #expect(
      try head("Transfer-Encoding: chunked\r\nTrailer: x\r\n", status: 502)
        == "HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    #expect(try head("", status: 418) == "HTTP/1.1 418 \r\nConnection: close\r\n\r\n")
    #expect(
      try head("Upgrade: websocket\r\nContent-Length: 0\r\n", status: 426)
        == "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: websocket\r\n"
        + "Connection: Upgrade, close\r\n\r\n")
  }

  @Test(
    "A refusal whose body may be read in two ways is invalid",
    arguments: [
      ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", .bothFramings),
      ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", .bothFramings),
      ("Content-Length: 4\r\nContent-Length: 4\r\n", .malformedLength),
      ("Content-Length: 4\r\nContent-Length: 5\r\n", .malformedLength),
      ("Content-Length: 4, 4\r\n", .malformedLength), ("Content-Length: -4\r\n", .malformedLength),
      ("Content-Length: +4\r\n", .malformedLength), ("Content-Length: 0x4\r\n", .malformedLength),
      ("Content-Length: 4 4\r\n", .malformedLength), ("Content-Length: \r\n", .malformedLength),
      ("Content-Length: 4.0\r\n", .malformedLength), ("Content-Length: ٤\r\n", .malformedLength),
      ("Content-Length: 9223372036854775808\r\n", .malformedLength),
      ("Transfer-Encoding: gzip, chunked\r\n", .unknownCoding),
      ("Transfer-Encoding: chunked, chunked\r\n", .unknownCoding),
      ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", .unknownCoding),
      ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", .unknownCoding),
      ("Transfer-Encoding: identity\r\n", .unknownCoding),
      ("Transfer-Encoding: xchunked\r\n", .unknownCoding),
      ("Transfer-Encoding: \r\n", .unknownCoding),
      ("Transfer-Encoding: \"chunked\"\r\n", .unknownCoding),
    ] as [(String, BodyReader.Fault)])
  func ambiguousBody(fields: String, fault: BodyReader.Fault) throws {
    let outcome = outcome(of: "HTTP/1.1 404 No\r\n\(fields)\r\n", to: try request())
    #expect(outcome == .invalid(.body(fault)))
  }

  @Test("Chunks in HTTP/1.0 are a fault")
  func oldChunks() throws {
    #expect(
      outcome(of: "HTTP/1.0 404 No\r\nTransfer-Encoding: chunked\r\n\r\n", to: try request())
        == .invalid(.body(.unknownCoding)))
  }

  @Test(
    "A malformed head is invalid",
    arguments: [
      "x", "HTTP/2 200\r\n\r\n", "HTTP/1.1 42 x\r\n\r\n", "HTTP/1.1 600 x\r\n\r\n",
      "HTTP/1.1  404 x\r\n\r\n", "HTTP/1.2 404 x\r\n\r\n", "http/1.1 404 x\r\n\r\n",
      "HTTP/1.1 404 x\n\n", "HTTP/1.1 404 x\r\nA: b\n\r\n", "HTTP/1.1 404 x\r\nA : b\r\n\r\n",
      "HTTP/1.1 404 x\r\n A: b\r\n\r\n", "HTTP/1.1 404 x\r\nA: b\r\n c\r\n\r\n",
      "HTTP/1.1 404 x\r\nA\r\n\r\n", "HTTP/1.1 404 x\r\n: b\r\n\r\n",
      "HTTP/1.1 404 x\r\nA: b\rc\r\n\r\n", "HTTP/1.1 404 x\r\nA: b\u{0}c\r\n\r\n",
      "HTTP/1.1 404 x\r\nTransfer-Encoding : chunked\r\n\r\n", "\r\nHTTP/1.1 404 x\r\n\r\n",
      "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}",
    ])
  func malformed(text: String) throws {
    // A line is judged when it is whole, or at a byte that no line has.
    #expect(
      outcome(of: text + (text == "x" ? "\r\n" : ""), to: try request())
        == .invalid(.head(.malformed)))
  }

  @Test("A head has at most 64 KiB")
  func headLimit() throws {
    let request = try request()
    let frame = "HTTP/1.1 404 x\r\nA: \r\n\r\n".utf8.count
    func head(_ byteCount: Int) -> [UInt8] {
      Array(
        "HTTP/1.1 404 x\r\nA: \(String(repeating: "x", count: byteCount - frame))\r\n\r\n".utf8)
    }
    guard case .refusal(_, byteCount: 65536) = outcome(of: head(65536), to: request) else {
      Issue.record("64 KiB are refused")
      return
    }
    #expect(outcome(of: head(65537), to: request) == .invalid(.head(.tooLarge)))
    #expect(outcome(of: head(10 << 20), to: request) == .invalid(.head(.tooLarge)))
    #expect(
      UpstreamAnswer.Fault.head(.tooLarge).description
        == "the head of the upstream's answer has more than 65536 bytes")
  }

  @Test("A head has at most 128 fields")
  func fieldLimit() throws {
    let fields = String(repeating: "A: b\r\n", count: 129)
    #expect(
      outcome(of: "HTTP/1.1 404 x\r\n\(fields)\r\n", to: try request())
        == .invalid(.head(.malformed)))
  }

  @Test("Interim answers are passed over, up to 32")
  func interim() throws {
    let request = try request()
    let one = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    let final = try opening(request)
    for text in [one, "HTTP/1.1 100\r\n\r\n", "HTTP/1.1 199 x\r\n\r\n"] {
      let interim = String(repeating: text, count: 32)
      guard case .open(_, _, let byteCount) = outcome(of: interim + final, to: request) else {
        Issue.record("it does not open")
        return
      }
      #expect(byteCount == interim.utf8.count + final.utf8.count)
      #expect(
        outcome(of: interim + text + final, to: request) == .invalid(.head(.tooManyInterim)))
    }
    let long = "HTTP/1.1 103 x\r\nLink: \(String(repeating: "x", count: 40000))\r\n\r\n"
    #expect(outcome(of: long + long + final, to: request) == .invalid(.head(.tooLarge)))
  }

  @Test("Less than a head is incomplete")
  func incomplete() throws {
    let request = try request()
    let whole = Array(try opening(request).utf8)
    for end in 0..<whole.count {
      var answer = UpstreamAnswer(to: request)
      let piece = Array(whole[..<end])
      #expect(answer.receive(piece.span) == .incomplete)
    }
  }
}
