import Testing
import WebSocketProtocol

@Suite("The server's response, RFC 6455 §4.2.2")
struct HandshakeResponseTests {
  private func request(_ added: [(name: String, value: String)] = []) throws -> UpgradeRequest {
    try UpgradeRequest(head(upgradeRequest(with: added)))
  }

  @Test("The accept key of RFC 6455 §1.3, and the bytes literally")
  func accept() throws {
    let response = try HandshakeResponse(to: request())
    #expect(
      String(decoding: response.bytes, as: UTF8.self)
        == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    #expect(response.subprotocol == nil)
  }

  @Test("Subprotocol, extensions and headers that were chosen")
  func chosen() throws {
    let request = try request([
      ("Sec-WebSocket-Protocol", "chat, superchat"), ("Sec-WebSocket-Extensions", "x; y, z"),
    ])
    let headers = try headers(("Set-Cookie", "a=b"))
    let response = try HandshakeResponse(
      to: request, subprotocol: "superchat",
      extensions: [Extension(name: "x", parameters: [.init(name: "y", value: "1")])],
      headers: headers)
    let text = String(decoding: response.bytes, as: UTF8.self)
    #expect(
      text.hasSuffix(
        "Sec-WebSocket-Protocol: superchat\r\nSec-WebSocket-Extensions: x; y=1\r\n"
          + "Set-Cookie: a=b\r\n\r\n"))
    #expect(response.subprotocol == "superchat")
  }

  @Test("A choice that was not offered is refused")
  func notOffered() throws {
    let request = try request([("Sec-WebSocket-Protocol", "chat")])
    #expect(throws: HandshakeResponse.Failure.subprotocolNotOffered("Chat")) {
      try HandshakeResponse(to: request, subprotocol: "Chat")
    }
    // Equal for a String, and no token.
    let kelvin = try self.request([("Sec-WebSocket-Protocol", "K")])
    #expect(throws: HandshakeResponse.Failure.subprotocolNotOffered("\u{212A}")) {
      try HandshakeResponse(to: kelvin, subprotocol: "\u{212A}")
    }
    #expect(try HandshakeResponse(to: kelvin, subprotocol: "K").subprotocol == "K")
    #expect(throws: HandshakeResponse.Failure.extensionNotOffered("x")) {
      try HandshakeResponse(to: request, extensions: [Extension(name: "x")])
    }
  }

  @Test(
    "A header that belongs to the handshake, or would give it a body, is refused",
    arguments: [
      "upgrade", "Connection", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "CONTENT-LENGTH",
    ])
  func reserved(name: String) throws {
    let request = try request()
    let headers = try headers((name, "x"))
    #expect(throws: HandshakeResponse.Failure.reservedHeader(name)) {
      try HandshakeResponse(to: request, headers: headers)
    }
  }

  @Test(
    "Base64, RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{0}\u{10}\u{3}>?", "ABADPj8="),
    ])
  func base64(text: String, encoded: String) {
    let bytes = Array(text.utf8)
    let result = Base64.encode(bytes.span)
    #expect(result == encoded)
    #expect(Base64.decodedByteCount(encoded) == bytes.count)
  }

  @Test("What is no base64", arguments: ["A", "AA", "AAA", "A===", "====", "AA=A", "AA-_", "AAA "])
  func notBase64(text: String) {
    #expect(Base64.decodedByteCount(text) == nil)
  }
}
