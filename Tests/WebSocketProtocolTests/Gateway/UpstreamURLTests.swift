import Testing

@testable import WebSocketProtocol

@Suite("Targets of a gateway's routes")
struct UpstreamURLTests {
  @Test(
    "A target on a host gives its kind, place, Host field and path",
    arguments: [
      ("ws://127.0.0.1:3000", .webSocket, false, "127.0.0.1", 3000, "127.0.0.1:3000", nil),
      ("WSS://app.example", .webSocket, true, "app.example", 443, "app.example", nil),
      ("http://app:8080/", .http, false, "app", 8080, "app:8080", "/"),
      ("Https://app/v2/%C3%A9", .http, true, "app", 443, "app", "/v2/%C3%A9"),
      ("http://app", .http, false, "app", 80, "app", nil),
      ("ws://[2001:db8::7]:81/x", .webSocket, false, "2001:db8::7", 81, "[2001:db8::7]:81", "/x"),
      ("ws://[fe80::1%25eth0]:81", .webSocket, false, "fe80::1%eth0", 81, "[fe80::1]:81", nil),
    ] as [(String, UpstreamURL.Scheme, Bool, String, UInt16, String, String?)])
  func hosts(
    text: String, scheme: UpstreamURL.Scheme, isSecure: Bool, host: String, port: UInt16,
    authority: String, path: String?
  ) throws {
    let url = try UpstreamURL(text)
    #expect(url.scheme == scheme)
    #expect(url.isSecure == isSecure)
    #expect(url.place == .internet(host: host, port: port))
    #expect(url.authority == authority)
    #expect(url.path == path)
    #expect(url.description == text)
  }

  @Test(
    "A target at a Unix socket has its path up to a colon and a slash",
    arguments: [
      ("unix:/run/app.sock", "/run/app.sock", nil),
      ("UNIX:/run/app.sock:/", "/run/app.sock", "/"),
      ("unix:/run/app.sock:/v2/x", "/run/app.sock", "/v2/x"),
      ("unix:/run/a:b.sock:/v2:/x", "/run/a:b.sock", "/v2:/x"),
      ("unix:/run/é.sock", "/run/é.sock", nil),
    ] as [(String, String, String?)])
  func sockets(text: String, socket: String, path: String?) throws {
    let url = try UpstreamURL(text)
    #expect(url.place == .unix(path: socket))
    #expect(url.path == path)
    #expect(url.scheme == .webSocket && !url.isSecure)
    #expect(url.authority == "localhost")
    #expect(url.description == text)
  }

  @Test("A socket's path has at most 107 bytes")
  func socketPathLength() throws {
    let longest = "unix:/" + String(repeating: "s", count: 106)
    #expect(try UpstreamURL(longest).path == nil)
    let failure = try #require(throws: UpstreamURL.Failure.self) { try UpstreamURL(longest + "s") }
    #expect(failure.reason == .socketPathLength)
    #expect(failure.description.contains("107"))
  }

  @Test(
    "What is wrong with a text is said",
    arguments: [
      ("", .scheme), ("127.0.0.1:3000", .scheme), ("ftp://a/", .scheme), ("ws:/a", .scheme),
      ("://a", .scheme), ("exec:./a", .scheme), ("unix", .scheme),
      ("ws://", .authority), ("http:///x", .authority), ("http://a:0", .authority),
      ("http://a:65536", .authority), ("http://a:-1", .authority), ("http://a:x/", .authority),
      ("http://user@a/", .authority), ("http://user:pw@a/", .authority), ("ws://*:1", .authority),
      ("ws://127.1:80", .authority), ("ws://0x7f.1", .authority), ("ws://::1", .authority),
      ("ws://[::1", .authority), ("ws://a b", .authority), ("ws://a\r\nX: y", .authority),
      ("ws://a\u{0}", .authority), ("ws://\u{e4}", .authority),
      ("unix:", .socketPath), ("unix:app.sock", .socketPath), ("unix:/", .socketPath),
      ("unix:/run/", .socketPath), ("unix:///run/app.sock", .socketPath),
      ("unix:/a\u{0}b", .socketPath), ("unix:/a\nb", .socketPath), ("unix::/a", .socketPath),
      ("ws://a/b c", .path), ("ws://a/\u{e4}", .path), ("ws://a/%", .path), ("ws://a/%zz", .path),
      ("ws://a/\r\nX: y", .path), ("unix:/a:/b c", .path), ("ws://a/%ff", .path),
      ("ws://a?x", .query), ("ws://a/?x", .query), ("ws://a/#x", .query), ("ws://a#", .query),
      ("unix:/a?x", .query), ("unix:/a:/b#c", .query),
    ] as [(String, UpstreamURL.Failure.Reason)])
  func failures(text: String, reason: UpstreamURL.Failure.Reason) throws {
    let failure = try #require(throws: UpstreamURL.Failure.self) { try UpstreamURL(text) }
    #expect(failure.reason == reason)
    #expect(failure.text == text)
    #expect(failure.description.utf8.allSatisfy { $0 >= 0x20 })
  }

  @Test("The text of a failure names the target and what would be right")
  func failureText() {
    #expect(
      UpstreamURL.Failure(text: "localhost:3000", reason: .scheme).description
        == "\"localhost:3000\" is no target: wants ws://HOST:PORT, wss://HOST:PORT, "
        + "http://HOST:PORT, https://HOST:PORT or unix:/SOCKET")
    let long = UpstreamURL.Failure(text: String(repeating: "x", count: 5000), reason: .scheme)
    #expect(long.description.utf8.count < 400)
  }

  @Test("Targets stand in a list with commas between, in their order")
  func list() throws {
    #expect(
      try UpstreamURL.list("ws://a:1, ws://a:2/x,unix:/s:/y").map(\.description)
        == ["ws://a:1", "ws://a:2/x", "unix:/s:/y"])
    #expect(try UpstreamURL.list("http://a").count == 1)
    // Another path, scheme or encryption is another target.
    #expect(try UpstreamURL.list("ws://a/x,ws://a/y,ws://a,http://a,wss://a:80").count == 5)
  }

  @Test(
    "A list without a target, with one twice or with too many is refused",
    arguments: [
      ("", .scheme), (",", .scheme), ("ws://a,", .scheme), ("ws://a,,ws://b", .scheme),
      ("ws://a,ws://a", .duplicate), ("ws://a,WS://A:80", .duplicate),
      ("https://a,https://a:443", .duplicate), ("ws://[::1],ws://[0:0::1]", .duplicate),
      ("unix:/a,unix:/a", .duplicate), ("ws://a,ws://b,x", .scheme),
    ] as [(String, UpstreamURL.Failure.Reason)])
  func listFailures(text: String, reason: UpstreamURL.Failure.Reason) throws {
    let failure = try #require(throws: UpstreamURL.Failure.self) { try UpstreamURL.list(text) }
    #expect(failure.reason == reason)
  }

  @Test("A list has at most 64 targets")
  func listLimit() throws {
    let most = (1...64).map { "ws://a:\($0)" }.joined(separator: ",")
    #expect(try UpstreamURL.list(most).count == 64)
    let failure = try #require(throws: UpstreamURL.Failure.self) {
      try UpstreamURL.list(most + ",ws://a:65")
    }
    #expect(failure.reason == .count)
  }

  @Test(
    "Without a path in the URL the target goes upstream byte for byte",
    arguments: [
      "/app/x%2Fy?q=%20&r", "/app//x/", "/app/../x", "/app/?", "/", "/a%zz", "/app/|x^",
    ])
  func rawTarget(target: String) throws {
    for url in ["ws://a", "unix:/s"] {
      for pattern in ["/app/*", "/*", "/app", "/{x}"] {
        #expect(try UpstreamURL(url).upstreamTarget(for: target, pattern: pattern) == target)
      }
    }
  }

  @Test(
    "A path in the URL replaces what the pattern matched, and the query stays",
    arguments: [
      ("/app/*", "/v2", "/app/x%2Fy?q", "/v2/x%2Fy?q"),
      ("/app/*", "/v2/", "/app/x", "/v2/x"),
      ("/app/*", "/v2", "/app/", "/v2/"),
      ("/app/*", "/", "/app/x/y?q=/z", "/x/y?q=/z"),
      ("/app/*", "/", "/app/", "/"),
      ("/app/*", "/v2", "/%61pp/x", "/v2/x"),
      ("/app/*", "/v2", "/app//x", "/v2//x"),
      ("/app/*", "/v2", "/app/../x", "/v2/../x"),
      ("/*", "/v2", "/x/y?", "/v2/x/y?"),
      ("/*", "/v2", "/", "/v2/"),
      ("/*", "/", "/x", "/x"),
      ("/{room}/*", "/v2", "/a%2Fb/c/d", "/v2/c/d"),
      ("/a/b/*", "/", "/a/b/c", "/c"),
      ("/app", "/v2", "/app?q", "/v2?q"),
      ("/app", "/v2/", "/app", "/v2/"),
      ("/app/{id}", "/v2", "/app/7?a?b", "/v2?a?b"),
      ("/app/{rest:path}", "/v2", "/app/7/8", "/v2"),
      ("/", "/v2", "/", "/v2"),
    ])
  func replacedPath(pattern: String, path: String, target: String, expected: String) throws {
    for url in ["http://a:1\(path)", "unix:/s:\(path)"] {
      #expect(try UpstreamURL(url).upstreamTarget(for: target, pattern: pattern) == expected)
    }
  }

  @Test(
    "A whole URI becomes a path and a query",
    arguments: [
      ("http://h:1/app/x?q", "/app/x?q", "/v2/x?q"), ("wss://h", "/", "/v2"),
      ("http://h?q", "/?q", "/v2?q"), ("http://h/app/http://b/", "/app/http://b/", "/v2/http://b/"),
    ])
  func absoluteForm(target: String, plain: String, replaced: String) throws {
    #expect(try UpstreamURL("ws://a").upstreamTarget(for: target, pattern: "/app/*") == plain)
    #expect(try UpstreamURL("ws://a/v2").upstreamTarget(for: target, pattern: "/app/*") == replaced)
  }
}
