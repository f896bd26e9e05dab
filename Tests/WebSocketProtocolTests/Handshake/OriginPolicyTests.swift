import Testing
import WebSocketProtocol

@Suite("Which origins may open a WebSocket, RFC 6455 §10.2")
struct OriginPolicyTests {
  @Test(
    "Pages of the server's own host",
    arguments: [
      (nil, "a.example", false, true), (nil, "a.example", true, true),
      ("http://a.example", "a.example", false, true),
      ("http://a.example", "A.Example", false, true),
      ("http://a.example", "a.example:80", false, true),
      ("http://a.example:80", "a.example", false, true),
      ("http://a.example:8080", "a.example:8080", false, true),
      ("http://[::1]:9", "[::1]:9", false, true),
      ("https://a.example", "a.example", true, true),
      ("https://a.example", "a.example:443", true, true),
      // a proxy in front ends TLS
      ("https://a.example", "a.example", false, true),
      // this server ends TLS: a plain page is another origin
      ("http://a.example", "a.example", true, false),
      ("http://a.example", "a.example:8080", false, false),
      ("http://a.example:8080", "a.example", false, false),
      ("https://a.example", "a.example:80", false, false),
      ("http://b.example", "a.example", false, false),
      ("http://a.example.evil", "a.example", false, false),
      ("http://evil-a.example", "a.example", false, false),
      ("ftp://a.example", "a.example", false, false), ("null", "a.example", false, false),
      ("", "a.example", false, false), ("a.example", "a.example", false, false),
      ("http://a.example/", "a.example", false, false),
      ("http://u@a.example", "a.example", false, false), ("http://", "a.example", false, false),
    ] as [(String?, String, Bool, Bool)])
  func sameOrigin(origin: String?, host: String, isSecure: Bool, expected: Bool) throws {
    let policy = try #require(OriginPolicy())
    #expect(policy.allows(origin: origin, host: host, isSecure: isSecure) == expected)
  }

  @Test(
    "Pages of origins listed",
    arguments: [
      ("https://b.example", true), ("https://b.example:443", true), ("HTTPS://B.example", true),
      ("http://b.example", false), ("https://b.example:8443", false), ("app://c", true),
      ("https://sub.b.example", false), ("null", false), ("http://a.example", true),
    ])
  func listed(origin: String, expected: Bool) throws {
    let policy = try #require(OriginPolicy(allowing: ["https://b.example", "app://c"]))
    #expect(policy.allows(origin: origin, host: "a.example", isSecure: false) == expected)
  }

  @Test(
    "A pattern is for one or more whole labels, of that scheme and port",
    arguments: [
      ("https://a.example.com", true), ("https://a.b.example.com", true),
      ("https://A.Example.COM:443", true), ("https://a-1.example.com", true),
      ("https://example.com", false), ("https://.example.com", false),
      ("https://a..example.com", false), ("https://.a.example.com", false),
      ("https://evilexample.com", false), ("https://a.example.com.evil.net", false),
      ("https://a.example.com.", false), ("https://a.example.comx", false),
      ("https://*.example.com", false), ("https://a.example.com:8443", false),
      ("http://a.example.com", false), ("wss://a.example.com", false),
      ("https://a.example.com@evil.net", false), ("https://evil.net/.example.com", false),
      ("https://evil.net?.example.com", false), ("https://evil.net#.example.com", false),
      ("https://evil.net%2F.example.com", false), ("https://[::1].example.com", false),
      ("https://a.\u{212A}.example.com", false), ("null", false),
      ("http://b.example.org:8080", true), ("http://b.example.org", false),
    ])
  func patterns(origin: String, expected: Bool) throws {
    let policy = try #require(
      OriginPolicy(allowing: ["https://*.example.com", "http://*.example.org:8080"]))
    #expect(policy.allows(origin: origin, host: "server.test", isSecure: false) == expected)
  }

  @Test("Files and opaque origins are let in by their names alone", arguments: ["null", "file://"])
  func hostless(name: String) throws {
    let policy = try #require(OriginPolicy(allowing: [name]))
    for origin in ["null", "file://", "file:///", "file://a", "file", ""] {
      #expect(policy.allows(origin: origin, host: "a", isSecure: false) == (origin == name))
    }
  }

  @Test("An IPv6 address is the same however it is written")
  func address() throws {
    let policy = try #require(OriginPolicy(allowing: ["http://[0:0::1]:8080"]))
    #expect(policy.allows(origin: "http://[::1]:8080", host: "a", isSecure: false))
    #expect(!policy.allows(origin: "http://[::2]:8080", host: "a", isSecure: false))
  }

  @Test("All origins, and opaque ones")
  func wildcards() throws {
    let any = try #require(OriginPolicy(allowing: ["*"]))
    let opaque = try #require(OriginPolicy(allowing: ["null"]))
    for origin in ["null", "http://b.example", "junk"] {
      #expect(any.allows(origin: origin, host: "a", isSecure: true))
      #expect(opaque.allows(origin: origin, host: "a", isSecure: true) == (origin == "null"))
    }
  }

  @Test(
    "An entry that no page's origin can match is not taken",
    arguments: [
      "b.example", "https://", "https://b/x", "", "*.b", "https://b/", "https://*", "https://*b.c",
      "https://b.*.c", "https://b.*", "https://a.*", "https://*.*.c", "https://*.10.0.0.1",
      "https://*.[::1]", "https://b..c", "https://.b", "https://b.", "wss://b", "ws://*.b",
      "ht tp://b", "1a://b", "https://bücher.example", "https://u@b", "https://b?c", "https://b#c",
      "https://b:65536", "https://256.0.0.1", "https://10.1", "file:///", "file://b", "NULL", " *",
      "https://\(String(repeating: "b", count: 64)).example",
    ])
  func badEntry(entry: String) {
    #expect(OriginPolicy(allowing: ["https://a.example", entry]) == nil)
  }
}
