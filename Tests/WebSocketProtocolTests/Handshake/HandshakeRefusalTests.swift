import Testing
import WebSocketProtocol

@Suite("Refusals of the opening handshake")
struct HandshakeRefusalTests {
  static let statuses: [(HandshakeRefusal, Int)] = [
    (.malformedLine, 400), (.malformedRequestLine, 400), (.malformedTarget, 400),
    (.malformedField, 400), (.headTooLarge, 431), (.tooManyFields, 431),
    (.unsupportedHTTPVersion, 505), (.missingHost, 400), (.malformedHost, 400),
    (.malformedBodyLength, 400), (.malformedPercentEncoding, 400), (.methodNotGET, 405),
    (.missingUpgrade, 426), (.upgradeNotWebSocket, 400), (.connectionNotUpgrade, 400),
    (.missingWebSocketVersion, 400), (.unsupportedWebSocketVersion, 426), (.missingKey, 400),
    (.malformedKey, 400), (.unexpectedBody, 400), (.malformedSubprotocols, 400),
    (.malformedExtensions, 400), (.malformedOrigin, 400), (.malformedProxyHeader, 400),
    (.originNotAllowed, 403), (.hostNotAllowed, 421),
    (.forbidden, 403), (.noRoute, 404), (.invalidPathParameter, 404), (.handshakeTimedOut, 408),
    (.tooManySessionsFromAddress, 429), (.tooManySessions, 503), (.tooManyOpenings, 503),
    (.tooManyHandshakes, 503),
    (.tooManyBufferedBytes, 503), (.outOfDescriptors, 503), (.draining, 503), (.handlerFailed, 500),
    (.plainHTTPToTLS, 400), (.noUpstream, 503), (.upstreamUnreachable, 502),
    (.upstreamTimedOut, 504), (.upstreamAnswerInvalid, 502),
    (.rejected(.unauthorized, body: "no"), 401),
  ]

  private func parsed(_ bytes: [UInt8]) throws -> (head: ResponseHead, body: String) {
    var parser = ResponseHeadParser(maximumByteCount: 1000)
    guard case .head(let head, let byteCount) = parser.parse(bytes.span) else {
      throw Unparsed(text: String(decoding: bytes, as: UTF8.self))
    }
    return (head, String(decoding: bytes[byteCount...], as: UTF8.self))
  }

  @Test("Each has its status, and a whole response of one line", arguments: statuses)
  func response(refusal: HandshakeRefusal, status: Int) throws {
    #expect(refusal.status.rawValue == status)
    let (head, body) = try parsed(refusal.response())
    #expect(head.status.rawValue == status)
    #expect(head.headers["Content-Length"] == "\(body.utf8.count)")
    #expect(head.headers["Content-Type"] == "text/plain; charset=utf-8")
    #expect(head.headers.list(of: "Connection", contains: "close"))
    #expect(body.hasSuffix("\n") && body.filter { $0 == "\n" }.count == 1)
    #expect((head.headers["Retry-After"] != nil) == [429, 503].contains(status))
    #expect((head.headers["Allow"] == "GET") == (status == 405))
    #expect((head.headers["Upgrade"] == "websocket") == (status == 426))
    #expect(head.headers.list(of: "Connection", contains: "Upgrade") == (status == 426))
    #expect(
      (head.headers["Sec-WebSocket-Version"] == "13") == (refusal == .unsupportedWebSocketVersion))
  }

  @Test("The answer to HEAD has the same status and fields, and no content", arguments: statuses)
  func head(refusal: HandshakeRefusal, status: Int) throws {
    let (head, body) = try parsed(refusal.response(isForHEAD: true))
    #expect(head.status.rawValue == status && body.isEmpty)
    #expect(head.headers["Content-Length"] == nil && head.headers["Content-Type"] == nil)
    #expect(head.headers.list(of: "Connection", contains: "close"))
    #expect((head.headers["Allow"] == "GET") == (status == 405))
    #expect((head.headers["Retry-After"] != nil) == [429, 503].contains(status))
  }

  @Test("Each name is its own, and each status has a phrase")
  func names() {
    #expect(Set(Self.statuses.map { $0.0.name }).count == Self.statuses.count)
    #expect(Self.statuses.allSatisfy { !$0.0.status.reasonPhrase.isEmpty })
  }

  @Test("The bytes of one, literally")
  func literal() {
    let expected =
      "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
      + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 81\r\n\r\n"
      + "This is a WebSocket endpoint: open it with a WebSocket client (ws:// or wss://).\n"
    #expect(String(decoding: HandshakeRefusal.missingUpgrade.response(), as: UTF8.self) == expected)
  }

  @Test("A handler's own refusal has its body and its headers; an empty body stays empty")
  func rejected() throws {
    let extra = try headers(("WWW-Authenticate", "Bearer"))
    let refusal = HandshakeRefusal.rejected(.unauthorized, body: "sign in")
    let (head, body) = try parsed(refusal.response(extraHeaders: extra))
    #expect(head.headers["www-authenticate"] == "Bearer" && body == "sign in\n")
    let empty = HandshakeRefusal.rejected(.forbidden, body: "")
    let (emptyHead, emptyBody) = try parsed(empty.response())
    #expect(emptyHead.headers["Content-Length"] == "0" && emptyBody == "")
  }
}
