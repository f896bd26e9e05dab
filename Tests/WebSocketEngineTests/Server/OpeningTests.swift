import EventLoop
import Glibc
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Connections in the opening handshake", .inTheClear, .limited, .timeLimit(.minutes(10)))
struct OpeningTests {
  /// What one opening is seen to hold.
  private struct Holding: Sendable {
    var headByteCount: Int
    var heldByteCount: Int
    var hasTLS: Bool
    var phase: OpeningConnection.Phase
  }

  private func holdings(_ fixture: ServerFixture) async throws -> [Holding] {
    var all: [Holding] = []
    for handle in fixture.server.reactors {
      let some = await handle.run { reactor in
        reactor.openings.inOrder.map {
          Holding(
            headByteCount: $0.head.capacity, heldByteCount: $0.heldByteCount,
            hasTLS: $0.connection.tls != nil, phase: $0.phase)
        }
      }
      all += try #require(some)
    }
    return all
  }

  private func certificates() throws -> (TestCertificates, TLSSettings) {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    return (
      certificates, TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
    )
  }

  private func hello(_ protocols: [String] = ["http/1.1"]) throws -> [UInt8] {
    let buffers = TLSBuffers()
    let connection = try TLSConnection(
      client: .client(verifying: .nothing, protocols: protocols), serverName: "localhost", buffers)
    try connection.handshake()
    return buffers.takeSealed()
  }

  // MARK: The limit

  @Test("Beyond `openings` the oldest goes, on whichever reactor it is", arguments: [1, 3])
  func oldestGoes(reactors: Int) async throws {
    try await withServer(["openings=6"], reactors: reactors) { fixture in
      var clients: [TestClient] = []
      for count in 1...12 {
        let client = try await fixture.client()
        try await client.send(raw: Array("GET /echo".utf8))
        clients.append(client)
        try await eventually("\(count)") {
          let now = await fixture.count(.openingNow)
          let gone = await fixture.refusals("too-many-openings", status: 503)
          return now == min(count, 6) && gone == max(0, count - 6)
        }
      }
      for client in clients.prefix(6) { #expect(try await client.response().status == 503) }
      // The others were left alone, and go on.
      let rest = String(decoding: TestClient.handshake("/echo").request, as: UTF8.self)
        .dropFirst("GET /echo".count)
      for client in clients.dropFirst(6) {
        try await client.send(raw: Array(rest.utf8))
        #expect(try await client.responseHead().status.rawValue == 101)
      }
    }
  }

  @Test("A limit that is lowered holds at once")
  func lowered() async throws {
    try await withServer(reactors: 2) { fixture in
      var clients: [TestClient] = []
      for count in 1...200 {
        clients.append(try await fixture.client())
        try await eventually("\(count)") { await fixture.count(.openingNow) == count }
      }
      let change = LimitAssignments(set: [.openings: .amount(3)])
      _ = try await fixture.server.changeLimits(change, at: .engine)
      try await eventually("197 to go") {
        await fixture.refusals("too-many-openings", status: 503) == 197
      }
      #expect(await fixture.count(.openingNow) == 3)
      try await fixture.expectAlive()
    }
  }

  @Test("An address that has as many sessions as it may is refused before it says anything")
  func perAddress() async throws {
    try await withServer(["sessions-per-address=2"]) { fixture in
      let open = [try await fixture.session(), try await fixture.session()]
      let silent = try await fixture.client()
      #expect(try await silent.response().status == 429)
      #expect(await fixture.refusals("too-many-sessions-from-address", status: 429) == 1)
      for client in open { client.close() }
      try await eventually("room") { fixture.server.admission.sessionCount == 0 }
      // Nor may one address begin as many as it likes: eight, or as many as it may have sessions.
      var waiting: [TestClient] = []
      for _ in 1...Admission.leastOpeningsPerAddress {
        waiting.append(try await fixture.client())
      }
      #expect(try await fixture.client().response().status == 429)
      try await waiting[0].open()
      #expect(fixture.server.admission.sessionCount == 1)
    }
  }

  // MARK: What is held

  @Test(
    "Of a first line that does not end a kilobyte is held, and the whole of it is read in the end",
    arguments: ["127.0.0.1:0", "unix:/tmp/wstop-opening-test-\(getpid()).sock"])
  func longLine(listener: String) async throws {
    try await withServer(
      listeners: [listener],
      routes: { router in try router.route("/long/{rest:path}") { _ in ClosureHandler() } }
    ) { fixture in
      let client =
        listener.hasPrefix("unix:")
        ? TestClient(connected: try Socket.connect(to: .unix(path: String(listener.dropFirst(5)))))
        : try await fixture.client()
      let path = "/long/" + String(repeating: "x", count: 14_000)
      let request = TestClient.handshake(path).request
      try await client.send(raw: Array(request[..<13_000]))
      try await eventually("what came") {
        try await self.holdings(fixture).first?.headByteCount ?? 0 >= 1000
      }
      let turns = await fixture.count(.turns)
      for byte in request[13_000..<13_100] { try await client.send(raw: [byte]) }
      let held = try #require(try await holdings(fixture).first)
      #expect(held.headByteCount <= 1100 && held.heldByteCount <= 2048)
      try await client.send(raw: Array(request[13_100...]))
      #expect(try await client.responseHead().status.rawValue == 101)
      #expect(await fixture.count(.turns) - turns < 400, "nothing spins")
      try await client.send("works")
      #expect(try await client.next() == .text("works"))
    }
  }

  @Test(
    "A request in any pieces is read, with what stands behind it", arguments: [1, 100, 1023, 1024])
  func pieces(byteCount: Int) async throws {
    try await withServer { fixture in
      let client = try await fixture.client()
      let padding = String(repeating: "p", count: 700)
      let request = TestClient.handshake(
        "/echo?\(padding)", headers: [("X-One", padding), ("X-Two", padding)]
      ).request
      let bytes = request + client.frame(.text, Array("behind".utf8))
      for start in stride(from: 0, to: bytes.count, by: byteCount) {
        try await client.send(raw: Array(bytes[start..<min(start + byteCount, bytes.count)]))
        if byteCount > 1 { _ = await fixture.server.reactors[0].run { _ in true } }
      }
      #expect(try await client.responseHead().status.rawValue == 101)
      #expect(try await client.next() == .text("behind"))
    }
  }

  @Test("A head beyond `header-bytes` is refused also where its line never ends")
  func tooLong() async throws {
    for setting in ["header-bytes=16KiB", "header-bytes=64KiB"] {
      try await withServer([setting]) { fixture in
        let bytes = Array("GET /".utf8) + [UInt8](repeating: 0x78, count: 70_000)
        let response = try await fixture.client().exchange(bytes)
        #expect(response.status == 431)
        try await fixture.expectAlive()
      }
    }
  }

  @Test("Who ends the stream in the middle of a line is gone at once, however long that is")
  func endInLine() async throws {
    try await withServer { fixture in
      for count in [10, 1024, 5000] {
        let client = try await fixture.client()
        try await client.send(raw: Array("GET /".utf8) + [UInt8](repeating: 0x78, count: count))
        client.finishSending()
        let end = try await client.readToEnd().end
        // What was only looked at makes a reset of the close.
        #expect(end == .endOfStream || end == .connectionReset)
      }
      try await fixture.becomesEmpty()
    }
  }

  @Test("What is refused keeps nothing, in the clear and over TLS")
  func refusedKeepsNothing() async throws {
    let (directory, tls) = try certificates()
    for settings in [nil, tls] {
      try await withServer(["close-timeout=10m"], tls: settings) { fixture in
        let client = try await fixture.client()
        let padding = String(repeating: "p", count: 3000)
        try await client.send(
          raw: TestClient.handshake("/nowhere", headers: [("X-Padding", padding)]).request)
        #expect(try await client.responseHead().status.rawValue == 404)
        let holding = try #require(try await holdings(fixture).first)
        #expect(holding.phase == .refused)
        #expect(holding.headByteCount == 0 && holding.heldByteCount == 0 && !holding.hasTLS)
        #expect(fixture.server.admission.buffered.byteCount == 0)
      }
    }
    withExtendedLifetime(directory) {}
  }

  @Test("Openings hold at most half of `buffered-bytes`; the oldest that hold any go")
  func bytes() async throws {
    try await withServer(["buffered-bytes=1MiB", "header-bytes=64KiB"]) { fixture in
      let silent = try await fixture.client()
      var clients: [TestClient] = []
      let bytes =
        Array("GET /echo HTTP/1.1\r\nX-Long: ".utf8) + [UInt8](repeating: 0x78, count: 60_000)
      for _ in 0..<12 {
        let client = try await fixture.client()
        try await client.send(raw: bytes)
        clients.append(client)
      }
      try await eventually("some go") {
        await fixture.refusals("too-many-buffered-bytes", status: 503) >= 7
      }
      let held = try await holdings(fixture).reduce(0) { $0 + $1.heldByteCount }
      #expect(held <= 512 << 10)
      #expect(try await clients[0].readToEnd().bytes.starts(with: Array("HTTP/1.1 503".utf8)))
      // Who holds nothing was not asked to go.
      try await silent.open()
    }
  }

  // MARK: TLS

  @Test("A ClientHello that is not whole costs no memory of TLS, whatever its pieces")
  func partialHello() async throws {
    let (directory, tls) = try certificates()
    let long = try hello((0..<60).map { "protocol-number-\($0)-of-sixty" } + ["http/1.1"])
    #expect(long.count > 1500)
    try await withServer(tls: tls) { fixture in
      for bytes in [try hello(), long] {
        let client = try await fixture.bareClient()
        try await client.send(raw: Array(bytes.dropLast()))
        try await eventually("what came") {
          try await self.holdings(fixture).first?.headByteCount ?? 0 > 0
        }
        let turns = await fixture.count(.turns)
        let held = try #require(try await holdings(fixture).first)
        #expect(!held.hasTLS && held.headByteCount <= 1100 && held.heldByteCount <= 2048)
        #expect(await fixture.count(.turns) - turns < 20, "nothing spins")
        try await client.send(raw: [try #require(bytes.last)])
        // The server answers with its ServerHello.
        #expect(try await client.read(atMost: 5).bytes.first == 22)
        client.close()
        try await fixture.becomesEmpty()
      }
      try await fixture.expectAlive()
    }
    withExtendedLifetime(directory) {}
  }

  @Test("Over TLS a proxy's header that ends in the middle ends the connection, and nothing spins")
  func endInProxyHeader() async throws {
    let (directory, tls) = try certificates()
    let longHeader =
      ProxyHeaderBytes.v2[..<14] + [0x08, 0x00] + [UInt8](repeating: 0, count: 1500)
    try await withServer(proxies: ["127.0.0.0/8", "unix"], tls: tls) { fixture in
      var refusals = 0
      for header in [Array(ProxyHeaderBytes.v2.dropLast()), Array(longHeader)] {
        let client = try await fixture.bareClient()
        try await client.send(raw: header)
        _ = await fixture.server.reactors[0].run { _ in true }
        let turns = await fixture.count(.turns)
        client.finishSending()
        let end = try await client.readToEnd().end
        #expect(end == .endOfStream || end == .connectionReset)
        refusals += 1
        #expect(await fixture.refusals("malformed-proxy-header", status: 400) == refusals)
        #expect(await fixture.count(.turns) - turns < 20, "nothing spins")
      }
      try await fixture.expectAlive()
    }
    withExtendedLifetime(directory) {}
  }

  @Test("HEAD in the clear on a TLS port is answered without content")
  func plainHEAD() async throws {
    let (directory, tls) = try certificates()
    try await withServer(tls: tls) { fixture in
      let response = try await fixture.bareClient().exchange(
        Array("HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8))
      #expect(response.status == 400 && response.body.isEmpty)
    }
    withExtendedLifetime(directory) {}
  }
}
