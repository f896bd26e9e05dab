import Testing

@testable import WebSocketProtocol

@Suite("Requests that open the upstream's side")
struct UpstreamRequestTests {
  typealias Field = (name: String, value: String)

  /// The lines of the request that goes upstream for a client's.
  private func lines(
    target: String = "/chat", without omitted: [String] = [], with added: [Field] = [],
    to url: String = "ws://app:3000", pattern: String = "/*",
    client: ForwardedClient = ForwardedClient(address: "192.0.2.7", isSecure: false),
    rules: UpstreamHeaderRules = UpstreamHeaderRules(), extensions: [Extension] = []
  ) throws -> [String] {
    let text = upgradeRequest(target: target, without: omitted, with: added)
    let request = UpstreamRequest(
      for: try UpgradeRequest(try head(text)), to: try UpstreamURL(url), pattern: pattern,
      client: client, rules: rules, extensions: extensions)
    let sent = String(decoding: request.bytes, as: UTF8.self)
    #expect(sent.hasSuffix("\r\n\r\n"))
    // Every line ends with CRLF, and no CR or LF stands alone.
    let parts = sent.dropLast(2).split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(parts.allSatisfy { !$0.utf8.contains(10) && !$0.utf8.contains(13) })
    return parts.map(String.init)
  }

  private func values(_ name: String, in lines: [String]) -> [String] {
    lines.filter { $0.lowercased().hasPrefix(name.lowercased() + ":") }
      .map { String($0.dropFirst(name.utf8.count + 2)) }
  }

  @Test("The request, literally, but for its key")
  func literal() throws {
    let lines = try lines(
      target: "/chat/%2F?q=1", without: ["Connection"],
      with: [
        ("connection", "keep-alive, upgrade"), ("Origin", "https://example.com"),
        ("Cookie", "a=1; b=2"), ("Authorization", "Bearer x"),
        ("Sec-WebSocket-Protocol", "chat,superchat"), ("Sec-WebSocket-Protocol", "K"),
        ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
      ])
    #expect(
      lines.filter { !$0.hasPrefix("Sec-WebSocket-Key") } == [
        "GET /chat/%2F?q=1 HTTP/1.1", "Host: server.example.com", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: chat, superchat, K", "Origin: https://example.com",
        "Cookie: a=1; b=2", "Authorization: Bearer x", "X-Forwarded-For: 192.0.2.7",
        "X-Forwarded-Proto: http", "X-Forwarded-Host: server.example.com",
      ])
  }

  @Test("The key is the request's own, and another one each time")
  func key() throws {
    let keys = try (0..<3).flatMap { _ in values("Sec-WebSocket-Key", in: try lines()) }
    #expect(Set(keys).count == 3 && keys.count == 3)
    #expect(keys.allSatisfy { Base64.decodedByteCount($0) == 16 })
    #expect(!keys.contains("dGhlIHNhbXBsZSBub25jZQ=="))
  }

  @Test("Without subprotocols there is no field of them, and an empty one becomes none")
  func absentSubprotocols() throws {
    #expect(try values("Sec-WebSocket-Protocol", in: lines()).isEmpty)
    #expect(
      try values(
        "Sec-WebSocket-Protocol", in: lines(with: [("Sec-WebSocket-Protocol", "")])
      ).isEmpty)
  }

  @Test("The extensions offered are the gateway's own, whatever the client offers")
  func extensions() throws {
    let offer: [Field] = [("Sec-WebSocket-Extensions", "permessage-deflate, x-other")]
    #expect(try values("Sec-WebSocket-Extensions", in: lines(with: offer)).isEmpty)
    let own = [Extension(name: "permessage-deflate", parameters: [.init(name: "a", value: "1")])]
    for fields in [offer, []] {
      #expect(
        try values("Sec-WebSocket-Extensions", in: lines(with: fields, extensions: own))
          == ["permessage-deflate; a=1"])
    }
  }

  @Test(
    "Fields of the client's connection do not go upstream",
    arguments: [
      ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"),
      ("Proxy-Authorization", "Basic x"), ("Proxy-Authenticate", "Basic"), ("Proxy", "evil:1"),
      ("TE", "trailers"), ("Trailer", "X"), ("Content-Length", "0"), ("HTTP2-Settings", "AAMAAA"),
      ("Sec-WebSocket-Accept", "x"), ("keep-alive", "x"), ("Keep_Alive", "x"),
      ("Transfer_Encoding", "chunked"), ("Content_Length", "5"), ("X-Named", "1"),
      ("x_named", "2"),
    ])
  func hopByHop(name: String, value: String) throws {
    let lines = try lines(
      without: ["Connection"],
      with: [("Connection", "Upgrade, X-Named , close"), ("connection", "HTTP2-Settings")]
        + [(name, value), ("X-Kept", "1")])
    #expect(values(name, in: lines).isEmpty)
    #expect(values("X-Kept", in: lines) == ["1"])
    #expect(values("Connection", in: lines) == ["Upgrade"])
    #expect(values("Upgrade", in: lines) == ["websocket"])
  }

  @Test("A client cannot have the gateway's own fields taken out by naming them in Connection")
  func namedInConnection() throws {
    let lines = try lines(
      without: ["Connection"],
      with: [
        ("Connection", "Upgrade, Host, X-Forwarded-For, X-Forwarded-Proto, Sec-WebSocket-Key"),
        ("X-Forwarded-For", "10.9.9.9"),
      ])
    #expect(values("Host", in: lines) == ["server.example.com"])
    #expect(values("X-Forwarded-For", in: lines) == ["192.0.2.7"])
    #expect(values("X-Forwarded-Proto", in: lines) == ["http"])
    #expect(values("Sec-WebSocket-Key", in: lines).count == 1)
  }

  @Test("Of several upgrades websocket alone goes upstream")
  func upgrades() throws {
    let lines = try lines(without: ["Upgrade"], with: [("Upgrade", "h2c, WebSocket, TLS/1.0")])
    #expect(values("Upgrade", in: lines) == ["websocket"])
  }

  @Test("What an untrusted client says of itself is replaced")
  func untrusted() throws {
    let lines = try lines(
      with: [
        ("X-Forwarded-For", "10.0.0.1"), ("x-forwarded-for", "10.0.0.2"),
        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil"), ("X-Forwarded-Port", "1"),
        ("X_Forwarded_For", "10.0.0.3"), ("X-Real-IP", "10.0.0.4"), ("Forwarded", "for=10.0.0.5"),
        ("X-Forwarded-Prefix", "/admin"),
      ])
    #expect(!lines.contains { $0.contains("10.0.0.") || $0.contains("evil") })
    #expect(
      lines.filter { $0.lowercased().hasPrefix("x") || $0.hasPrefix("Forwarded") } == [
        "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http",
        "X-Forwarded-Host: server.example.com",
      ])
  }

  @Test("What a trusted proxy says is kept, and its address added at the right")
  func trusted() throws {
    let proxy = ForwardedClient(address: "10.0.0.9", isSecure: false, isTrusted: true)
    let lines = try lines(
      with: [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "10.0.0.8"),
        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example"),
        ("X-Real-IP", "203.0.113.7"), ("X-Forwarded-Port", "443"), ("Forwarded", "for=203.0.113.7"),
      ], client: proxy)
    #expect(values("X-Forwarded-For", in: lines) == ["203.0.113.7, 10.0.0.8, 10.0.0.9"])
    #expect(values("X-Forwarded-Proto", in: lines) == ["https"])
    #expect(values("X-Forwarded-Host", in: lines) == ["shop.example"])
    #expect(values("X-Real-IP", in: lines) == ["203.0.113.7"])
    #expect(values("X-Forwarded-Port", in: lines) == ["443"])
    #expect(values("Forwarded", in: lines) == ["for=203.0.113.7"])
  }

  @Test(
    "X-Forwarded-Proto is http or https, as the nearest proxy or the connection has it",
    arguments: [
      (false, nil, false, "http"), (false, nil, true, "https"), (false, "https", false, "http"),
      (false, "http", true, "https"), (true, nil, false, "http"), (true, nil, true, "https"),
      (true, "wss", false, "https"), (true, "WS", true, "http"),
      (true, "https, http", true, "http"),
      (true, "gopher", true, "https"), (true, "", false, "http"),
    ] as [(Bool, String?, Bool, String)])
  func scheme(isTrusted: Bool, told: String?, isSecure: Bool, expected: String) throws {
    let client = ForwardedClient(address: "10.0.0.9", isSecure: isSecure, isTrusted: isTrusted)
    let lines = try lines(
      with: told.map { [("X-Forwarded-Proto", $0)] } ?? [], client: client)
    #expect(values("X-Forwarded-Proto", in: lines) == [expected])
  }

  @Test("A Unix socket has no address to tell")
  func unixSocket() throws {
    let untrusted = ForwardedClient(ClientAddress(nil), isSecure: false)
    #expect(
      try values(
        "X-Forwarded-For", in: lines(with: [("X-Forwarded-For", "10.0.0.1")], client: untrusted)
      ).isEmpty)
    let trusted = ForwardedClient(ClientAddress(nil), isSecure: false, isTrusted: true)
    #expect(
      try values(
        "X-Forwarded-For", in: lines(with: [("X-Forwarded-For", "203.0.113.7")], client: trusted))
        == ["203.0.113.7"])
  }

  @Test(
    "Forwarded is written as RFC 7239 has it, where a route asks for it",
    arguments: [
      ("192.0.2.7", false, "for=192.0.2.7;host=server.example.com;proto=http"),
      ("2001:db8::7", true, "for=\"[2001:db8::7]\";host=server.example.com;proto=https"),
      (nil, false, "for=unknown;host=server.example.com;proto=http"),
    ] as [(String?, Bool, String)])
  func forwarded(address: String?, isSecure: Bool, expected: String) throws {
    let rules = try UpstreamHeaderRules(addsForwarded: true)
    for isTrusted in [false, true] {
      let client = ForwardedClient(address: address, isSecure: isSecure, isTrusted: isTrusted)
      let lines = try lines(with: [("Forwarded", "for=_x")], client: client, rules: rules)
      #expect(
        values("Forwarded", in: lines) == [isTrusted ? "for=_x, \(expected)" : expected])
    }
    let port = try lines(
      without: ["Host"], with: [("Host", "h:8080")], rules: rules)
    #expect(values("Forwarded", in: port) == ["for=192.0.2.7;host=\"h:8080\";proto=http"])
  }

  @Test("Host is the client's with its port, the upstream's, or the route's own")
  func host() throws {
    let fields: [Field] = [("Host", "shop.example:8443"), ("Origin", "https://shop.example:8443")]
    func host(_ rules: UpstreamHeaderRules, to url: String = "wss://app:3000/x") throws -> [String]
    {
      let lines = try lines(without: ["Host"], with: fields, to: url, rules: rules)
      #expect(values("Origin", in: lines) == ["https://shop.example:8443"])
      #expect(values("X-Forwarded-Host", in: lines) == ["shop.example:8443"])
      return values("Host", in: lines)
    }
    #expect(try host(UpstreamHeaderRules()) == ["shop.example:8443"])
    #expect(try host(UpstreamHeaderRules(host: .upstream)) == ["app:3000"])
    #expect(try host(UpstreamHeaderRules(host: .upstream), to: "unix:/s") == ["localhost"])
    #expect(
      try host(UpstreamHeaderRules(host: .upstream), to: "ws://[fe80::1%eth0]") == ["[fe80::1]"])
    let own = try #require(HeaderField(name: "host", value: "own:1"))
    #expect(try host(UpstreamHeaderRules(set: [own])) == ["own:1"])
    // The host of a whole URI is the one asked for (RFC 9112 §3.2.2).
    let absolute = try lines(target: "http://uri.example/x")
    #expect(values("Host", in: absolute) == ["uri.example"])
    #expect(absolute.first == "GET /x HTTP/1.1")
  }

  @Test("A route sets and drops fields")
  func rules() throws {
    let set = try headers(
      ("X-Api-Key", "k1"), ("x-api-key", "k2"), ("X-Forwarded-Proto", "https"))
    let rules = try UpstreamHeaderRules(set: Array(set), drop: ["cookie", "X-Forwarded-Host"])
    let lines = try lines(
      with: [
        ("Cookie", "a=1"), ("X_Api_Key", "forged"), ("X-API-KEY", "forged"), ("X-Other", "1"),
      ],
      rules: rules)
    #expect(values("Cookie", in: lines).isEmpty)
    #expect(values("X-Forwarded-Host", in: lines).isEmpty)
    #expect(!lines.contains { $0.contains("forged") })
    #expect(values("X-Api-Key", in: lines) == ["k1", "k2"])
    #expect(values("X-Forwarded-Proto", in: lines) == ["https"])
    #expect(values("X-Other", in: lines) == ["1"])
  }

  @Test(
    "Fields that the gateway writes itself are no route's to set or to drop",
    arguments: [
      "Connection", "upgrade", "Sec-WebSocket-Key", "sec-websocket-protocol",
      "Sec-WebSocket-Extensions", "Content-Length", "Transfer-Encoding", "Proxy-Authorization",
      "TE", "Sec_WebSocket_Version",
    ])
  func reserved(name: String) throws {
    let field = try #require(HeaderField(name: name, value: "x"))
    #expect(throws: UpstreamHeaderRules.Failure.reserved(name)) {
      try UpstreamHeaderRules(set: [field])
    }
    #expect(throws: UpstreamHeaderRules.Failure.reserved(name)) {
      try UpstreamHeaderRules(drop: [name])
    }
  }

  @Test("Rules that cannot be are refused, and say what is wrong")
  func failures() throws {
    #expect(throws: UpstreamHeaderRules.Failure.reserved("Host")) {
      try UpstreamHeaderRules(drop: ["Host"])
    }
    for name in ["", "a b", "Cookie:", "x\r\ny"] {
      #expect(throws: UpstreamHeaderRules.Failure.malformedName(name)) {
        try UpstreamHeaderRules(drop: [name])
      }
    }
    for host in ["", "a b", "a:b", "user@a"] {
      let field = try #require(HeaderField(name: "Host", value: host))
      #expect(throws: UpstreamHeaderRules.Failure.malformedHost(host)) {
        try UpstreamHeaderRules(set: [field])
      }
      #expect(throws: UpstreamHeaderRules.Failure.malformedHost(host)) {
        try UpstreamHeaderRules(host: .fixed(host))
      }
    }
    let twice = try #require(HeaderField(name: "Host", value: "a"))
    #expect(throws: UpstreamHeaderRules.Failure.malformedHost("a, a")) {
      try UpstreamHeaderRules(set: [twice, twice])
    }
    for failure in [
      UpstreamHeaderRules.Failure.reserved("\u{1B}[2J"), .malformedName("\r"), .malformedHost("\n"),
    ] {
      #expect(failure.description.utf8.allSatisfy { $0 >= 0x20 })
      #expect(failure.description.contains("wants"))
    }
  }

  @Test(
    "No value of a field can begin another line",
    arguments: ["a\r\nX: y", "a\nX: y", "a\rX: y", "a\u{0}b", "\r\n", "a\u{7F}b", "\u{1B}[2J"])
  func lineBreaks(value: String) {
    #expect(HeaderField(name: "X-Api-Key", value: value) == nil)
    #expect(HeaderField(name: value, value: "x") == nil)
    // A request with such a value does not come to a field either.
    guard case .refused = parse(upgradeRequest(with: [("X-A", "b\(value)c: d")])) else {
      // CRLF in a request is two fields, which is no fault of the value.
      #expect(value.contains("\r\n"))
      return
    }
  }

  @Test("An address that is no address leaves its field out, and cannot begin another line")
  func malformedAddress() throws {
    let client = ForwardedClient(address: "1.2.3.4\r\nX: y", isSecure: false)
    let lines = try lines(client: client)
    #expect(values("X-Forwarded-For", in: lines).isEmpty)
    #expect(values("X", in: lines).isEmpty)
  }

  @Test("A value that is not UTF-8 goes upstream as the bytes it came as")
  func otherBytes() throws {
    let text = upgradeRequest(with: [("X-Name", "MARK"), ("X-UTF8", "é")])
    var bytes = Array(text.utf8)
    let mark = try #require(bytes.firstRange(of: Array("MARK".utf8)))
    bytes.replaceSubrange(mark, with: [0x63, 0xE9, 0xFF])
    guard case .head(let head, _) = parse(bytes) else { throw Unparsed(text: text) }
    let request = UpstreamRequest(
      for: try UpgradeRequest(head), to: try UpstreamURL("ws://a"), pattern: "/*",
      client: ForwardedClient(address: "192.0.2.7", isSecure: false))
    #expect(
      request.bytes.firstRange(of: Array("X-Name: ".utf8) + [0x63, 0xE9, 0xFF, 13, 10]) != nil)
    #expect(request.bytes.firstRange(of: Array("X-UTF8: é\r\n".utf8)) != nil)
  }
}
