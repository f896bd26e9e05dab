import Testing

@testable import WebSocketProtocol

@Suite("A client's opening handshake")
struct ClientOpeningTests {
  /// What the server answers to a handshake.
  private func answer(to handshake: ClientOpening) throws -> [UInt8] {
    let request = String(decoding: handshake.request, as: UTF8.self)
    let key = try #require(request.firstMatch(of: /Sec-WebSocket-Key: (\S+)/)?.1)
    return Array(
      """
      HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
      Sec-WebSocket-Accept: \(AcceptKey.make(for: String(key)))\r\n\r\n
      """.utf8)
  }

  @Test("Interim answers are passed over, however they are cut, and 101 is the answer")
  func interim() throws {
    for size in [1, 7, 1000] {
      var handshake = ClientOpening(host: "h", target: "/")
      let head = try answer(to: handshake)
      let bytes =
        Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".utf8)
        + head + [0x81, 0x00]
      var end = 0
      var openedAt: Int?
      while openedAt == nil, end < bytes.count {
        end = min(end + size, bytes.count)
        switch handshake.receive(bytes.span.extracting(..<end)) {
        case .incomplete: continue
        case .open(_, let byteCount): openedAt = byteCount
        case .refused, .malformed:
          Issue.record("refused at \(end)")
          return
        }
      }
      #expect(openedAt == bytes.count - 2)
    }
  }

  @Test("A refusal behind an interim answer is one")
  func refusal() {
    var handshake = ClientOpening(host: "h", target: "/")
    let bytes = Array("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n".utf8)
    guard case .refused(.unexpectedStatus(let status)) = handshake.receive(bytes.span) else {
      Issue.record("it was not refused")
      return
    }
    #expect(status.rawValue == 503)
  }

  @Test("Interim answers without end are no answer")
  func endless() {
    var handshake = ClientOpening(host: "h", target: "/")
    let one = "HTTP/1.1 103 Early Hints\r\n\r\n"
    let bytes = Array(String(repeating: one, count: 2000).utf8)
    guard case .malformed = handshake.receive(bytes.span) else {
      Issue.record("it goes on for ever")
      return
    }
  }
}
