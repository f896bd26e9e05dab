import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("What a session keeps of its request")
struct PackedRequestTests {
  private func request(_ target: String, fields: String) throws -> Request {
    let text =
      "GET \(target) HTTP/1.1\r\nHost: example.com:8080\r\nUpgrade: websocket\r\n"
      + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n"
    var parser = RequestHeadParser(maximumByteCount: 1 << 20)
    guard case .head(let head, _) = parser.parse(Array(text.utf8).span) else {
      throw HandshakeRefusal.malformedRequestLine
    }
    return Request(
      try UpgradeRequest(head), sessionID: SessionID(sequence: 7, reactor: 1), route: "/a/{b}",
      parameters: PathParameters(), remoteAddress: "2001:db8::7", remotePort: 51_544,
      isSecure: true)
  }

  @Test("Every text comes back, and every field but those of the handshake alone")
  func roundTrip() throws {
    let request = try request(
      "/a/%2F?x=1&y",
      fields: "User-Agent: test\r\nCookie: a=b; c=é\r\nX-Empty:\r\n"
        + "Sec-WebSocket-Protocol: chat, json\r\nOrigin: https://example.com\r\n")
    let packed = PackedRequest(request, subprotocol: "json")
    #expect(packed[.path] == "/a/%2F")
    #expect(packed[.query] == "x=1&y")
    #expect(packed[.address] == "2001:db8::7")
    #expect(packed[.subprotocol] == "json")
    #expect(packed[.host] == nil, "it stands in the fields")
    #expect(
      packed.headers.map(\.name) == [
        "Host", "User-Agent", "Cookie", "X-Empty", "Sec-WebSocket-Protocol", "Origin",
      ])
    #expect(packed.headers["Cookie"] == "a=b; c=é")
    #expect(packed.headers["X-Empty"] == "")
    #expect(packed.field(named: "user-agent") == "test")
    #expect(packed.field(named: "x-empty") == "")
    #expect(packed.field(named: "x-none") == nil)
    #expect(packed.withBytes(of: .path) { $0.count } == 6)
  }

  @Test("No query and no subprotocol are told from empty ones")
  func absentTexts() throws {
    let bare = PackedRequest(try request("/", fields: ""), subprotocol: nil)
    #expect(bare[.query] == nil && bare[.subprotocol] == nil)
    #expect(PackedRequest(try request("/?", fields: ""), subprotocol: nil)[.query] == "")
  }

  @Test("The host of a target that is a whole URI is kept beside the Host field")
  func absoluteForm() throws {
    let packed = PackedRequest(
      try request("ws://other.example/a", fields: ""), subprotocol: nil)
    #expect(packed[.host] == "other.example")
    #expect(packed.headers["Host"] == "example.com:8080")
  }

  @Test(
    "Texts of every length come back", arguments: [0, 1, 126, 127, 128, 16_382, 16_383, 70_000])
  func lengths(byteCount: Int) throws {
    let value = String(repeating: "v", count: byteCount)
    let packed = PackedRequest(try request("/", fields: "X-Long: \(value)\r\n"), subprotocol: nil)
    #expect(packed.headers["X-Long"] == value)
  }

  @Test("A profile gives the request again")
  func profile() throws {
    let request = try request("/a/b?q", fields: "User-Agent: test\r\n")
    let profile = SessionProfile(
      id: request.sessionID, record: 3, place: SessionPlace(route: "/a/{b}", listener: "l"),
      request: request, subprotocol: nil)
    let again = profile.request
    #expect(again.rawPath == "/a/b" && again.query.raw == "q" && again.host == "example.com:8080")
    #expect(again.remotePort == 51_544 && again.isSecure && again.route == "/a/{b}")
    #expect(again.sessionID == request.sessionID && profile.record == 3)
  }
}
