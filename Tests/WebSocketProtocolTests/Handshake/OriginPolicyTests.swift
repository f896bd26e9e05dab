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
    "An entry that is no origin is not taken",
    arguments: ["b.example", "https://", "https://b/x", "", "*.b"])
  func badEntry(entry: String) {
    #expect(OriginPolicy(allowing: ["https://a.example", entry]) == nil)
  }
}
