import Testing
import WebSocketProtocol

@Suite("Which hosts a server answers to: DNS rebinding")
struct HostPolicyTests {
  @Test(
    "A loopback listener answers to localhost, addresses, and hosts of origins that may connect",
    arguments: [
      ("localhost", true), ("localhost:8080", true), ("LocalHost:1", true), ("localhost.", true),
      ("127.0.0.1:8080", true), ("127.1.2.3", true), ("[::1]:8080", true), ("10.0.0.7", true),
      ("[fe80::1%eth0]", true), ("app.example", true), ("app.example:8080", true),
      ("a.apps.example", true), ("a.b.apps.example.:80", true),
      ("evil.example", false), ("localhost.evil.example", false), ("evil-localhost", false),
      ("127.0.0.1.evil.example", false), ("xapp.example", false), ("app.example.evil", false),
      ("apps.example", false), ("2130706433", false), ("127.1", false), ("0x7f.1", false),
      ("[::1", false), ("localhost..", false), ("", false),
    ])
  func loopback(host: String, expected: Bool) throws {
    let policy = try #require(HostPolicy())
    let origins = try #require(
      OriginPolicy(allowing: ["https://app.example", "http://*.apps.example:81"]))
    #expect(policy.allows(host, isLoopback: true, origins: origins) == expected)
    #expect(policy.allows(host, isLoopback: false, origins: origins))
  }

  @Test(
    "What is named is answered; elsewhere than on loopback nothing else",
    arguments: [
      ("example.com", true, true), ("EXAMPLE.com:1234", true, true),
      ("a.example.com", false, false),
      ("a.example.org", true, true), ("a.b.example.org", true, true),
      ("example.org", false, false), ("ported.example:8080", true, true),
      ("ported.example", false, false), ("ported.example:80", false, false),
      ("10.0.0.7:80", true, true), ("10.0.0.8", true, false), ("localhost", true, false),
      ("[::2]", true, true), ("[0::2]:9", true, true), ("evil.example", false, false),
    ])
  func named(host: String, onLoopback: Bool, elsewhere: Bool) throws {
    let origins = try #require(OriginPolicy())
    let policy = try #require(
      HostPolicy(allowing: [
        "example.com", "*.example.org", "ported.example:8080", "10.0.0.7", "[::2]",
      ]))
    #expect(policy.allows(host, isLoopback: true, origins: origins) == onLoopback)
    #expect(policy.allows(host, isLoopback: false, origins: origins) == elsewhere)
  }

  @Test("All hosts are answered if that is said, and where all pages may connect")
  func all() throws {
    let none = try #require(OriginPolicy())
    let all = try #require(HostPolicy(allowing: ["*"]))
    #expect(all.allows("evil.example", isLoopback: true, origins: none))
    let pages = try #require(OriginPolicy(allowing: ["*"]))
    let standard = try #require(HostPolicy())
    #expect(standard.allows("evil.example", isLoopback: true, origins: pages))
  }

  @Test(
    "An entry that no host can match is not taken",
    arguments: [
      "", "https://example.com", "example.com/", "a b", "*example.com", "a.*", "*.", "*.*", "::1",
      "[::1", "example.com:x", "example.com:65536", "exämple.com", "a..b", ".a", "1.2.3.256",
    ])
  func badEntry(entry: String) {
    #expect(HostPolicy(allowing: ["example.com", entry]) == nil)
  }
}
