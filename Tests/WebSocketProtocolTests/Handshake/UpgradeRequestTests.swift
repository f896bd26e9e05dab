import Testing
import WebSocketProtocol

@Suite("The server's checks of the opening handshake, RFC 6455 §4.2.1")
struct UpgradeRequestTests {
  typealias Fields = [(name: String, value: String)]

  private func refusal(_ text: String) throws -> HandshakeRefusal? {
    let head = try head(text)
    do {
      _ = try UpgradeRequest(head)
      return nil
    } catch {
      return error
    }
  }

  @Test("The example of RFC 6455 §1.2 is accepted")
  func accepted() throws {
    let text = upgradeRequest(with: [
      ("Origin", "http://example.com"), ("Sec-WebSocket-Protocol", "chat, superchat"),
      ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
    ])
    let request = try UpgradeRequest(head(text))
    #expect(request.key == "dGhlIHNhbXBsZSBub25jZQ==" && request.origin == "http://example.com")
    #expect(request.subprotocols == ["chat", "superchat"] && request.head.path == "/chat")
    #expect(
      request.extensions == [
        Extension(
          name: "permessage-deflate",
          parameters: [Extension.Parameter(name: "client_max_window_bits")])
      ])
    let plain = try UpgradeRequest(head(upgradeRequest()))
    #expect(plain.origin == nil && plain.subprotocols == [] && plain.extensions == [])
  }

  @Test(
    "Variants that are the same handshake",
    arguments: [
      (["Upgrade"], [("Upgrade", "WebSocket")]), (["Upgrade"], [("upgrade", "h2c, WEBSOCKET")]),
      (["Upgrade"], [("Upgrade", "h2c"), ("Upgrade", "websocket")]),
      (["Connection"], [("Connection", "keep-alive, upgrade")]),
      (["Connection"], [("Connection", "keep-alive"), ("connection", "UPGRADE")]),
      ([], [("Content-Length", "0")]), ([], [("Origin", "null")]),
      ([], [("Sec-WebSocket-Protocol", "a"), ("Sec-WebSocket-Protocol", "b,c")]),
      ([], [("Sec-WebSocket-Protocol", "a, A")]),
      ([], [("Sec-WebSocket-Protocol", "")]), ([], [("Sec-WebSocket-Protocol", " , ")]),
      ([], [("Sec-WebSocket-Extensions", "")]), ([], [("Sec-WebSocket-Extensions", ",")]),
      (["Sec-WebSocket-Key"], [("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")]),
    ] as [([String], Fields)])
  func variants(omitted: [String], added: Fields) throws {
    #expect(try refusal(upgradeRequest(without: omitted, with: added)) == nil)
  }

  @Test("Fields that list nothing offer nothing, as if they were absent, also beside others")
  func emptyLists() throws {
    let none = try UpgradeRequest(
      head(
        upgradeRequest(with: [
          ("Sec-WebSocket-Protocol", ""), ("Sec-WebSocket-Extensions", ""), ("Origin", "http://a"),
        ])))
    #expect(none.subprotocols == [] && none.extensions == [])
    let some = try UpgradeRequest(
      head(
        upgradeRequest(with: [
          ("Sec-WebSocket-Protocol", ""), ("Sec-WebSocket-Protocol", "chat"),
          ("Sec-WebSocket-Extensions", ""), ("Sec-WebSocket-Extensions", "a; b"),
        ])))
    #expect(some.subprotocols == ["chat"] && some.extensions.map(\.name) == ["a"])
  }

  @Test(
    "The truth table of refusals",
    arguments: [
      (["Upgrade"], [], .missingUpgrade),
      (["Upgrade"], [("Upgrade", "h2c")], .upgradeNotWebSocket),
      (["Upgrade"], [("Upgrade", "")], .upgradeNotWebSocket),
      (["Upgrade"], [("Upgrade", "websocket2")], .upgradeNotWebSocket),
      (["Upgrade"], [("Upgrade", "web, socket")], .upgradeNotWebSocket),
      (["Connection"], [], .connectionNotUpgrade),
      (["Connection"], [("Connection", "keep-alive")], .connectionNotUpgrade),
      (["Connection"], [("Connection", "upgraded")], .connectionNotUpgrade),
      (["Sec-WebSocket-Version"], [], .missingWebSocketVersion),
      (["Sec-WebSocket-Version", "Sec-WebSocket-Key"], [], .missingWebSocketVersion),
      (["Sec-WebSocket-Version"], [("Sec-WebSocket-Version", "8")], .unsupportedWebSocketVersion),
      (["Sec-WebSocket-Version"], [("Sec-WebSocket-Version", "14")], .unsupportedWebSocketVersion),
      (["Sec-WebSocket-Version"], [("Sec-WebSocket-Version", "013")], .unsupportedWebSocketVersion),
      (["Sec-WebSocket-Version"], [("Sec-WebSocket-Version", "x")], .unsupportedWebSocketVersion),
      ([], [("Sec-WebSocket-Version", "13")], .unsupportedWebSocketVersion),
      (["Sec-WebSocket-Key"], [], .missingKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "")], .malformedKey),
      ([], [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")], .malformedKey),
      // 15 bytes, 17 bytes, 18 bytes, no padding, a bad character, padding inside
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA=")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAAA")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAA!==")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAA=AAAAAAAAAAAAAAAAA==")], .malformedKey),
      (["Sec-WebSocket-Key"], [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAA===")], .malformedKey),
      ([], [("Content-Length", "1")], .unexpectedBody),
      ([], [("Transfer-Encoding", "chunked")], .unexpectedBody),
      ([], [("Content-Length", "x")], .malformedBodyLength),
      ([], [("Origin", "http://a"), ("Origin", "http://b")], .malformedOrigin),
      ([], [("Sec-WebSocket-Protocol", "a b")], .malformedSubprotocols),
      ([], [("Sec-WebSocket-Protocol", "a, b/c")], .malformedSubprotocols),
      ([], [("Sec-WebSocket-Protocol", "a, b, a")], .malformedSubprotocols),
      (
        [], [("Sec-WebSocket-Protocol", "a"), ("Sec-WebSocket-Protocol", "a")],
        .malformedSubprotocols
      ),
      ([], [("Sec-WebSocket-Extensions", "a; ")], .malformedExtensions),
    ] as [([String], Fields, HandshakeRefusal)])
  func truthTable(omitted: [String], added: Fields, expected: HandshakeRefusal) throws {
    #expect(try refusal(upgradeRequest(without: omitted, with: added)) == expected)
  }

  @Test(
    "A method other than GET comes before all else", arguments: ["POST", "HEAD", "get", "CONNECT"])
  func method(method: String) throws {
    #expect(try refusal(upgradeRequest(method: method)) == .methodNotGET)
    let plain = "\(method) / HTTP/1.1\r\nHost: h\r\n\r\n"
    #expect(try refusal(plain) == .methodNotGET)
  }

  @Test(
    "Extensions by the grammar of RFC 6455 §9.1",
    arguments: [
      (["a"], "a"), (["a, b"], "a, b"), (["a", "b;c"], "a, b; c"), (["a;b=c;d"], "a; b=c; d"),
      ([" a ; b = \"c\" , ,d"], "a; b=c, d"), (["a; b=\"\\c\\d\""], "a; b=cd"),
      (["a; b; b"], "a; b; b"), ([""], ""), ([","], ""),
      ([";"], nil), (["a;"], nil), (["a b"], nil), (["a; b="], nil), (["a; b=\"\""], nil),
      (["a; b=\"c"], nil), (["a; b=\"c\\"], nil), (["a; b=\"c d\""], nil), (["a; b=c d"], nil),
      (["a; =c"], nil), (["a/b"], nil), (["a; b=\"c\"d"], nil), (["a", ";"], nil),
    ] as [([String], String?)])
  func extensions(values: [String], expected: String?) {
    let parsed = Extension.parse(values)
    #expect(parsed.map { $0.map(\.fieldValue).joined(separator: ", ") } == expected)
  }
}
