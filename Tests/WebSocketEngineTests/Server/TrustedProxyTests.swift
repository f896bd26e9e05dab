import EventLoop
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Trusted proxies over real sockets", .inTheClear, .limited, .timeLimit(.minutes(10)))
struct TrustedProxyTests {
  /// What a handler is told of who asks.
  struct Asker: Equatable, Sendable {
    var address: String
    var port: Int
    var isSecure: Bool
    var via: String?
  }

  private static let loopback = ["127.0.0.0/8"]
  private static let v4 = Array("PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\r\n".utf8)

  /// A route that notes who asks.
  private static func noting(_ askers: Recorder<Asker>) -> (inout Router) throws -> Void {
    { router in
      try router.route("/who") { request in
        askers.note(
          Asker(
            address: request.remoteAddress, port: request.remotePort, isSecure: request.isSecure,
            via: request.via))
        return ClosureHandler()
      }
    }
  }

  private static func request(_ headers: [(String, String)] = []) -> [UInt8] {
    TestClient.handshake("/who", headers: headers).request
  }

  /// The status that some bytes are answered with.
  private static func status(
    _ bytes: [UInt8], on fixture: ServerFixture
  ) async throws -> (status: Int, client: TestClient) {
    let client = try await fixture.client()
    try await client.send(raw: bytes)
    return (try await client.responseHead().status.rawValue, client)
  }

  @Test("X-Forwarded-For and -Proto of a trusted proxy say who asks, and the details name it")
  func forwarded() async throws {
    let askers = Recorder<Asker>()
    try await withServer(proxies: Self.loopback, routes: Self.noting(askers)) { fixture in
      let client = try await fixture.client()
      try await client.open(
        "/who",
        headers: [
          ("X-Forwarded-For", "198.51.100.9, 203.0.113.7:51234, 127.0.0.9"),
          ("X-Forwarded-Proto", "https"),
        ])
      let asker = try #require(askers.last)
      #expect(asker.address == "203.0.113.7" && asker.port == 51234 && asker.isSecure)
      let via = try #require(asker.via)
      #expect(via.hasPrefix("127.0.0.1:"))
      #expect(fixture.server.admission.sessionCount(from: "203.0.113.7") == 1)
      #expect(fixture.server.admission.sessionCount(from: "127.0.0.1") == 0)
      let known = await fixture.server.reactors[0].run { reactor in
        reactor.sessions.values.map { ($0.request.remoteAddress, $0.request.via) }
      }
      #expect(known?.first?.0 == "203.0.113.7" && known?.first?.1 == via)
      try await client.send("works")
      #expect(try await client.next() == .text("works"))
    }
  }

  @Test(
    "What an untrusted peer writes never matters: not the fields, not a PROXY header",
    arguments: [[], ["10.0.0.0/8", "::1", "unix"]])
  func forged(_ proxies: [String]) async throws {
    let askers = Recorder<Asker>()
    try await withServer(
      ["sessions-per-address=1"], proxies: proxies, routes: Self.noting(askers)
    ) { fixture in
      func forged(_ number: Int) -> [(String, String)] {
        [("X-Forwarded-For", "203.0.113.\(number)"), ("X-Forwarded-Proto", "https")]
      }
      let first = try await Self.status(Self.request(forged(1)), on: fixture)
      #expect(first.status == 101)
      let asker = try #require(askers.last)
      #expect(asker.address == "127.0.0.1" && asker.port > 0 && !asker.isSecure)
      #expect(asker.via == nil)
      // It does not get past the limit by another name.
      #expect(try await Self.status(Self.request(forged(2)), on: fixture).status == 429)
      first.client.close()
      try await eventually("room") { fixture.server.admission.sessionCount == 0 }
      #expect(try await Self.status(Self.v4 + Self.request(), on: fixture).status == 400)
      #expect(
        try await Self.status(
          ProxyHeaderBytes.v2 + Self.request(), on: fixture
        ).status == 400)
      #expect(await fixture.refusals("malformed-proxy-header", status: 400) == 0)
      #expect(askers.count == 1)
    }
  }

  @Test("sessions-per-address counts clients, not their proxy")
  func perAddress() async throws {
    try await withServer(["sessions-per-address=1"], proxies: Self.loopback) { fixture in
      var clients: [TestClient] = []
      for number in 1...5 {
        let client = try await fixture.client()
        try await client.open(headers: [("X-Forwarded-For", "203.0.113.\(number)")])
        clients.append(client)
      }
      // Another way to write the address of one of them.
      let response = try await fixture.client().exchange(
        TestClient.handshake("/echo", headers: [("X-Forwarded-For", "::FFFF:203.0.113.3")]).request)
      #expect(response.status == 429)
      #expect(await fixture.refusals("too-many-sessions-from-address", status: 429) == 1)
      #expect(fixture.server.admission.addressCount == 5)
    }
  }

  @Test("A malformed X-Forwarded-For leaves the proxy's own address")
  func malformed() async throws {
    let askers = Recorder<Asker>()
    try await withServer(proxies: Self.loopback, routes: Self.noting(askers)) { fixture in
      let client = try await fixture.client()
      try await client.open("/who", headers: [("X-Forwarded-For", "203.0.113.7, nonsense")])
      let asker = try #require(askers.last)
      #expect(asker.address == "127.0.0.1" && asker.port > 0 && asker.via == nil)
    }
  }

  @Test(
    "A PROXY header stands in front of the request, in any pieces",
    arguments: [1, 7, 1000], [1, 2])
  func proxyHeader(_ pieceByteCount: Int, _ version: Int) async throws {
    let askers = Recorder<Asker>()
    try await withServer(proxies: Self.loopback, routes: Self.noting(askers)) { fixture in
      let client = try await fixture.client()
      let header = version == 1 ? Self.v4 : ProxyHeaderBytes.v2
      let bytes = header + Self.request([("X-Forwarded-For", "198.51.100.9")])
      for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
        let piece = Array(bytes[start..<min(start + pieceByteCount, bytes.count)])
        try await client.send(raw: piece)
        await Task.yield()
      }
      #expect(try await client.responseHead().status.rawValue == 101)
      let asker = try #require(askers.last)
      #expect(asker.address == "203.0.113.7" && asker.port == 51234)
      #expect(asker.isSecure == (version == 2))
      #expect(asker.via?.hasPrefix("127.0.0.1:") == true)
      try await client.send("works")
      #expect(try await client.next() == .text("works"))
    }
  }

  @Test("A proxy's own connection (LOCAL) is the proxy's, and a request without header is served")
  func local() async throws {
    let askers = Recorder<Asker>()
    try await withServer(proxies: Self.loopback, routes: Self.noting(askers)) { fixture in
      for header in [ProxyHeaderBytes.local, Array("PROXY UNKNOWN\r\n".utf8), []] {
        #expect(try await Self.status(header + Self.request(), on: fixture).status == 101)
        let asker = try #require(askers.last)
        #expect(asker.address == "127.0.0.1" && asker.via == nil)
      }
    }
  }

  @Test("A malformed or oversized PROXY header is refused and counted, and nothing of it kept")
  func malformedHeader() async throws {
    try await withServer(proxies: Self.loopback) { fixture in
      let signature = Array(ProxyHeaderBytes.v2[..<12])
      let broken: [[UInt8]] = [
        signature + [0x31, 0x11, 0, 12], signature + [0x21, 0x11, 0x08, 0x01],
        signature + [0x21, 0x11, 0xFF, 0xFF], signature + [0x21, 0x11, 0, 4, 1, 2, 3, 4],
        Array("PROXY TCP4 nowhere 192.0.2.1 1 2\r\n".utf8),
        Array("PROXY ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 200),
      ]
      for (index, bytes) in broken.enumerated() {
        let response = try await fixture.client().exchange(bytes + Self.request())
        #expect(response.status == 400)
        #expect(await fixture.refusals("malformed-proxy-header", status: 400) == index + 1)
      }
      try await fixture.expectAlive()
    }
  }

  @Test("A PROXY header that ends too early is counted; one that never ends is timed out")
  func truncatedHeader() async throws {
    try await withServer(proxies: Self.loopback) { fixture in
      let truncated = try await fixture.client()
      try await truncated.send(raw: Array(ProxyHeaderBytes.v2.dropLast()))
      truncated.finishSending()
      #expect(try await truncated.next() == .endOfStream)
      #expect(await fixture.refusals("malformed-proxy-header", status: 400) == 1)
      // Who connects and goes, as health checks do, is no refusal.
      let probe = try await fixture.client()
      probe.finishSending()
      #expect(try await probe.next() == .endOfStream)
      // For the slow one alone: the others may stand still before they go.
      let change = LimitAssignments(set: [.handshakeTimeout: .amount(200)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      let slow = try await fixture.client()
      try await slow.send(raw: Array(ProxyHeaderBytes.v2.dropLast()))
      #expect(try await slow.response().status == 408)
      #expect(fixture.server.ledger.snapshot().refusalCount == 2)
    }
  }

  /// The status for a page of an origin, behind a proxy that says how it was asked.
  private static func status(
    of origin: String, by scheme: String, on fixture: ServerFixture
  ) async throws -> Int {
    let fields = [("Origin", origin), ("X-Forwarded-Proto", scheme)]
    return try await status(TestClient.handshake("/echo", headers: fields).request, on: fixture)
      .status
  }

  @Test("Behind a trusted proxy that ends TLS, a page of the same host over plain HTTP is foreign")
  func origin() async throws {
    try await withServer(proxies: Self.loopback) { fixture in
      let own = try await Self.status(of: "https://127.0.0.1", by: "https", on: fixture)
      #expect(own == 101)
      let plain = try await Self.status(of: "http://127.0.0.1", by: "https", on: fixture)
      #expect(plain == 403)
      let both = try await Self.status(of: "http://127.0.0.1", by: "http", on: fixture)
      #expect(both == 101)
    }
    try await withServer { fixture in
      let client = try await fixture.client()
      try await client.open(
        headers: [("Origin", "http://127.0.0.1"), ("X-Forwarded-Proto", "https")])
    }
  }

  @Test("A Unix socket is trusted where it is named, and only there", arguments: [true, false])
  func unixSocket(_ isTrusted: Bool) async throws {
    let askers = Recorder<Asker>()
    let path = "/tmp/wstop-proxy-test-\(getpid())-\(isTrusted).sock"
    try await withServer(
      ["sessions-per-address=1"], proxies: isTrusted ? ["unix"] : Self.loopback,
      listeners: ["unix:\(path)"], routes: Self.noting(askers)
    ) { _ in
      let request = Self.request([("X-Forwarded-For", "203.0.113.7")])
      var clients: [TestClient] = []
      // One address has one session; a Unix socket without one has as many as it likes.
      for status in [101, isTrusted ? 429 : 101] {
        let client = TestClient(connected: try Socket.connect(to: .unix(path: path)))
        try await client.send(raw: request)
        #expect(try await client.responseHead().status.rawValue == status)
        clients.append(client)
      }
      let asker = try #require(askers.all.first)
      #expect(asker.address == (isTrusted ? "203.0.113.7" : "unix") && asker.port == 0)
      #expect(asker.via == (isTrusted ? "unix" : nil))
    }
  }

  @Test("An entry that is no address is an error that shows it", arguments: ["localhost", "1.2.3"])
  func configuration(_ entry: String) {
    #expect(throws: ConfigurationError.trustedProxy(entry)) {
      try ServerConfiguration(listeners: [], trustedProxies: ["10.0.0.0/8", entry])
    }
    #expect(ConfigurationError.trustedProxy("\u{1B}").description.contains("\\u{1b}"))
  }
}

/// Headers of version 2 as they stand on the wire.
enum ProxyHeaderBytes {
  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]

  /// 203.0.113.7:51234, by TLS.
  static let v2 =
    signature + [0x21, 0x11, 0, 20, 203, 0, 113, 7, 192, 0, 2, 1, 0xC8, 0x22, 0x01, 0xBB]
    + [0x20, 0, 5, 1, 0, 0, 0, 0]
  /// The proxy's own connection.
  static let local = signature + [0x20, 0x00, 0, 0]
}
