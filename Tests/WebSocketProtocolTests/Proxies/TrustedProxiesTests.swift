import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Who a client is behind trusted proxies")
struct TrustedProxiesTests {
  private static func address(_ text: String, _ port: UInt16 = 0) throws -> ClientAddress {
    guard text != "unix" else { return ClientAddress(nil) }
    let address: IPAddress = try #require(IPAddress(text))
    return ClientAddress(address, port: port)
  }

  private static func headers(_ fields: [(String, String)]) -> Headers {
    Headers(fields.compactMap { HeaderField(name: $0.0, value: $0.1) })
  }

  /// The client's address and port as text, and whether it is secure, behind `10.0.0.0/8`,
  /// `2001:db8::/32` and Unix sockets.
  private static func client(
    _ fields: [(String, String)], from peer: String = "10.0.0.1", isSecure: Bool = false,
    header: ProxyHeader? = nil
  ) throws -> (String, Bool) {
    let proxies = try #require(TrustedProxies(["10.0.0.0/8", "2001:db8::/32", "unix"]))
    let client = proxies.client(
      of: headers(fields), from: try address(peer, 4000), isSecure: isSecure, proxyHeader: header)
    return (client.address.description, client.isSecure)
  }

  @Test("Entries are addresses, blocks and `unix`; anything else is none")
  func entries() throws {
    #expect(TrustedProxies().isEmpty)
    #expect(try #require(TrustedProxies([])).isEmpty)
    for entry in ["10.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32", "unix", "0.0.0.0/0"] {
      #expect(try !#require(TrustedProxies([entry])).isEmpty)
    }
    for entry in ["", "localhost", "10.0.0.0/33", "10.0.0.1:80", "Unix", "10.0.0", "[::1]", "*"] {
      #expect(TrustedProxies(["unix", entry]) == nil, "\(entry)")
    }
  }

  @Test(
    "What a client writes itself counts for nothing",
    arguments: ["203.0.113.7", "11.0.0.1", "2001:db9::1", "192.168.0.1"])
  func untrusted(_ peer: String) throws {
    let (address, isSecure) = try Self.client(
      [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Proto", "https")], from: peer)
    #expect(try address == Self.address(peer, 4000).description)
    #expect(!isSecure)
  }

  @Test("Nobody is trusted where nobody is named, also no Unix socket")
  func nobody() throws {
    for peer in ["127.0.0.1", "unix"] {
      let client = TrustedProxies().client(
        of: Self.headers([("X-Forwarded-For", "198.51.100.1")]), from: try Self.address(peer),
        isSecure: false, proxyHeader: nil)
      #expect(try client.address == Self.address(peer))
    }
  }

  @Test(
    "The rightmost address that is not trusted; what stands left of it may be forged",
    arguments: [
      ("203.0.113.7", "203.0.113.7"),
      ("1.1.1.1, 203.0.113.7", "203.0.113.7"),
      ("1.1.1.1, 203.0.113.7, 10.0.0.9, 10.0.0.8", "203.0.113.7"),
      ("<script>, ,unknown, 203.0.113.7", "203.0.113.7"),
      ("10.9.9.9, 203.0.113.7", "203.0.113.7"),
      ("203.0.113.7 ,\t10.0.0.9", "203.0.113.7"),
      (",203.0.113.7,,", "203.0.113.7"),
      ("203.0.113.7:51234", "203.0.113.7:51234"),
      ("2001:DB9:0::7", "2001:db9::7"),
      ("[2001:db9::7]", "2001:db9::7"),
      ("[2001:db9::7]:51234, 2001:db8::5", "[2001:db9::7]:51234"),
      ("::ffff:203.0.113.7", "203.0.113.7"),
      ("203.0.113.7, ::ffff:10.0.0.9", "203.0.113.7"),
      // All of them are trusted: the first is who asks.
      ("10.0.0.5, 10.0.0.6", "10.0.0.5"),
    ])
  func forwarded(_ value: String, _ expected: String) throws {
    #expect(try Self.client([("X-Forwarded-For", value)]).0 == expected)
    #expect(try Self.client([("x-forwarded-for", value)], from: "unix").0 == expected)
  }

  @Test("Several fields are one list, in their order")
  func severalFields() throws {
    let fields = [
      ("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.7, 10.0.0.9"),
      ("X-Forwarded-For", "10.0.0.8"),
    ]
    #expect(try Self.client(fields).0 == "203.0.113.7")
  }

  @Test(
    "What is no address on the way leaves the proxy's own",
    arguments: [
      "", ",", "unknown", "_hidden", "203.0.113.7, unknown", "203.0.113.256", "203.0.113.7:",
      "203.0.113.7:65536", "203.0.113.7:x", "[203.0.113.7]", "[203.0.113.7]:80", "[2001:db9::7",
      "2001:db9::7]:80", "203.0.113.7 10.0.0.9", "\"203.0.113.7\"", "for=203.0.113.7",
      "1.1.1.1, nonsense, 10.0.0.9", "example.com", "example.com:80", "１.1.1.1",
    ])
  func malformed(_ value: String) throws {
    #expect(try Self.client([("X-Forwarded-For", value)]).0 == "10.0.0.1:4000")
  }

  @Test("A list as long as a head may be is walked from the right")
  func long() throws {
    let value = String(repeating: "1.1.1.1,", count: 2000) + "203.0.113.7"
    #expect(try Self.client([("X-Forwarded-For", value)]).0 == "203.0.113.7")
  }

  @Test(
    "X-Forwarded-Proto is its last proxy's",
    arguments: [
      ("https", false, true), ("HTTPS", false, true), ("wss", false, true), ("http", true, false),
      ("ws", true, false), ("http, https", false, true), ("https, http", false, false),
      ("", true, true), ("", false, false), ("gopher", false, false), ("gopher", true, true),
    ] as [(String, Bool, Bool)])
  func proto(_ value: String, _ isSecure: Bool, _ expected: Bool) throws {
    let fields = [("X-Forwarded-Proto", value)]
    #expect(try Self.client(fields, isSecure: isSecure).1 == expected)
  }

  @Test("A PROXY header speaks for the connection; its client's own fields are not believed")
  func proxyHeader() throws {
    let header = ProxyHeader(client: try Self.address("203.0.113.7", 51234), isSecure: true)
    let forged = [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-Proto", "http")]
    let client = try Self.client(forged, header: header)
    #expect(client.0 == "203.0.113.7:51234" && client.1)
    // From somebody untrusted it is not even read; if it were, it would not count.
    #expect(try Self.client(forged, from: "198.51.100.1", header: header).0 == "198.51.100.1:4000")
  }

  @Test("A PROXY header that names a trusted proxy, or nobody, leaves the word to the fields")
  func chain() throws {
    let fields = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")]
    for header in [
      ProxyHeader(client: try Self.address("10.0.0.9")), ProxyHeader(client: ClientAddress(nil)),
      ProxyHeader(), ProxyHeader(isSecure: false),
    ] {
      let client = try Self.client(fields, header: header)
      #expect(client.0 == "203.0.113.7" && client.1)
    }
    #expect(try Self.client([], header: ProxyHeader()).0 == "10.0.0.1:4000")
    #expect(try Self.client([], header: ProxyHeader(client: ClientAddress(nil))).0 == "unix")
  }
}
