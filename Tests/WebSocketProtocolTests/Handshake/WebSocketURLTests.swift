import Testing

@testable import WebSocketProtocol

@Suite("WebSocket URLs, RFC 6455 §3")
struct WebSocketURLTests {
  @Test(
    "A URL gives host, port, Host field and target",
    arguments: [
      ("ws://127.0.0.1:8080/ws/echo", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/ws/echo"),
      ("WS://example.com", false, "example.com", 80, "example.com", "/"),
      ("wss://example.com/a?b=c/d", true, "example.com", 443, "example.com", "/a?b=c/d"),
      ("wss://[2001:db8::7]:8443?x", true, "2001:db8::7", 8443, "[2001:db8::7]:8443", "/?x"),
      ("ws://h:/", false, "h", 80, "h:", "/"),
      // RFC 6874: the zone is escaped in the URL, and not told to the server.
      ("ws://[fe80::1%25eth0]:8080/", false, "fe80::1%eth0", 8080, "[fe80::1]:8080", "/"),
      ("ws://[fe80::1%25br%2D0]/", false, "fe80::1%br-0", 80, "[fe80::1]", "/"),
      ("ws://[fe80::1%eth0]/", false, "fe80::1%eth0", 80, "[fe80::1]", "/"),
      ("wss://[::1%252]/", true, "::1%2", 443, "[::1]", "/"),
    ] as [(String, Bool, String, UInt16, String, String)])
  func parts(
    text: String, isSecure: Bool, host: String, port: UInt16, authority: String, target: String
  ) throws {
    let url = try WebSocketURL(text)
    #expect(url.isSecure == isSecure)
    #expect(url.host == host)
    #expect(url.port == port)
    #expect(url.authority == authority)
    #expect(url.target == target)
    #expect(try WebSocketURL(url.description) == url)
  }

  @Test(
    "What is wrong with a text is said",
    arguments: [
      ("", .scheme), ("example.com", .scheme), ("http://example.com/", .scheme),
      ("ws:/example.com", .scheme), ("ws://", .authority), ("ws:///path", .authority),
      ("ws://host:0/", .authority), ("ws://host:65536/", .authority),
      ("ws://host:x/", .authority), ("ws://user@host/", .authority),
      ("ws://*/", .authority), ("ws://0/", .authority), ("ws://127.1:80/", .authority),
      ("ws://a..b/", .authority), ("ws://[host]/", .authority), ("ws://[::1%25]/", .authority),
      ("ws://[::1%25a%2Fb]/", .authority), ("ws://[::1%25%zz]/", .authority),
      ("ws://[1.2.3.4]/", .authority), ("ws://ex%61mple/", .authority),
      ("ws://[::1/", .authority), ("ws://ho st/", .authority), ("ws://host/a b", .target),
      ("ws://host/\u{e4}", .target), ("ws://host/\r\nX: y", .target),
      ("ws://host/#top", .fragment),
    ] as [(String, WebSocketURL.Failure)])
  func failures(text: String, failure: WebSocketURL.Failure) {
    #expect(throws: failure) { try WebSocketURL(text) }
  }
}
