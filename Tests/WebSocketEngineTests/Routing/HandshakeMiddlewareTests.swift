import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Middleware around the opening handshake")
struct HandshakeMiddlewareTests {
  /// A request as the engine makes it, from bytes.
  private func request(
    _ target: String = "/ws/chat/a%2Fb?token=x", fields: String = ""
  ) throws -> Request {
    let text =
      "GET \(target) HTTP/1.1\r\nHost: example.com:8080\r\nUpgrade: websocket\r\n"
      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n"
    var parser = RequestHeadParser(maximumByteCount: 4096)
    let bytes = Array(text.utf8)
    guard case .head(let head, _) = parser.parse(bytes.span) else {
      throw HandshakeRefusal.malformedRequestLine
    }
    var table = RouteTable<Int>()
    try table.add("/ws/chat/{room}", 1)
    let match = try table.match(head.path)
    return Request(
      try UpgradeRequest(head), sessionID: SessionID(sequence: 1, reactor: 2),
      route: match.route.pattern, parameters: match.parameters, remoteAddress: "10.0.0.1",
      remotePort: 51_544, isSecure: true)
  }

  private enum UserKey: RequestKey { typealias Value = String }
  private enum VisitsKey: RequestKey { typealias Value = Int }

  private struct Step: HandshakeMiddleware {
    var run: @Sendable (inout Request) throws -> Void
    func handshake(_ request: inout Request) throws { try run(&request) }
  }

  private struct Unexpected: Error {}

  @Test("A request shows what was sent, raw and decoded")
  func whatWasSent() throws {
    let request = try request(
      fields: "Origin: https://example.com\r\nX-Tag: 7\r\nSec-WebSocket-Protocol: chat, json\r\n")
    #expect(request.rawPath == "/ws/chat/a%2Fb")
    #expect(request.path == "/ws/chat/a/b")
    #expect(request.parameters["room"] == "a/b")
    #expect(request.route == "/ws/chat/{room}")
    #expect(request.query["token"] == "x" && request.query.raw == "token=x")
    #expect(request.headers["x-tag"] == "7")
    #expect(request.host == "example.com:8080")
    #expect(request.origin == "https://example.com")
    #expect(request.subprotocols == ["chat", "json"])
    #expect(request.remoteAddress == "10.0.0.1" && request.remotePort == 51_544)
    #expect(request.sessionID == SessionID(sequence: 1, reactor: 2))
    #expect(request.isSecure)
  }

  @Test("Steps run in order, and what they attach reaches the next and the handler")
  func order() throws {
    var request = try request()
    try request.pass([
      Step { request in
        request[UserKey.self] = request.query["token"]
        request[VisitsKey.self] = 1
      },
      Step { request in
        #expect(request[UserKey.self] == "x")
        request[VisitsKey.self] = (request[VisitsKey.self] ?? 0) * 2
        let isAdded = request.responseHeaders.append(name: "X-User", value: "x")
        #expect(isAdded)
      },
    ])
    #expect(request[UserKey.self] == "x" && request[VisitsKey.self] == 2)
    #expect(request.responseHeaders["x-user"] == "x")
    request[UserKey.self] = nil
    #expect(request[UserKey.self] == nil && request[VisitsKey.self] == 2)
  }

  @Test("A rejection ends the handshake with its status, body and fields, and nothing runs after")
  func rejection() throws {
    var request = try request()
    var headers = Headers()
    let isAdded = headers.append(name: "WWW-Authenticate", value: "Bearer")
    #expect(isAdded)
    let fields = headers
    let failure = try #require(throws: MiddlewareFailure.self) {
      try request.pass([
        Step { _ in throw HandshakeRejection(.unauthorized, body: "who?", headers: fields) },
        Step { _ in Issue.record("ran after a rejection") },
      ])
    }
    #expect(failure.refusal == .rejected(.unauthorized, body: "who?"))
    #expect(failure.refusal.status == .unauthorized)
    #expect(failure.headers["WWW-Authenticate"] == "Bearer")
  }

  @Test("Any other error ends the handshake with 500, and its text stays inside")
  func failing() throws {
    var request = try request()
    let failure = try #require(throws: MiddlewareFailure.self) {
      try request.pass([Step { _ in throw Unexpected() }])
    }
    #expect(failure.refusal == .handlerFailed)
    #expect(failure.refusal.status == .internalServerError)
    #expect(failure.headers.isEmpty)
    guard case .failed(let error) = failure else {
      Issue.record("the error is kept for the log")
      return
    }
    #expect(error is Unexpected)
  }

  @Test(
    "A rejection never says that the handshake succeeded",
    arguments: [(100, 500), (101, 500), (204, 500), (302, 302), (403, 403), (503, 503)])
  func statuses(asked: Int, sent: Int) throws {
    let status = try #require(HTTPStatus(rawValue: asked))
    #expect(HandshakeRejection(status).status.rawValue == sent)
  }

  @Test("A rejection leaves fields out that the response writes itself")
  func reservedFields() {
    var headers = Headers()
    for name in ["content-length", "Transfer-Encoding", "connection", "upgrade", "content-type"] {
      let isAdded = headers.append(name: name, value: "1")
      #expect(isAdded)
    }
    let isLocationAdded = headers.append(name: "Location", value: "/login")
    #expect(isLocationAdded)
    let rejection = HandshakeRejection(headers: headers)
    #expect(rejection.status == .forbidden)
    #expect(rejection.headers.map(\.name) == ["Location"])
  }
}
