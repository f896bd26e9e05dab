import EventLoop
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("The upstream's side of an opening handshake", .limited, .timeLimit(.minutes(5)))
struct UpstreamOpeningTests {
  /// The answer to an upgrade with a status and a body.
  private static func refusal(_ status: String, _ fields: String, body: String) -> [UInt8] {
    Array("HTTP/1.1 \(status)\r\n\(fields)\r\n\(body)".utf8)
  }

  @Test(
    "The client's fields and target go upstream, and the upstream's fields come back in its 101")
  func fields() async throws {
    let upstream = try FakeUpstream()
    try await withServer(
      hosts: ["*"],
      routes: { try $0.relay("/app/*", to: "ws://127.0.0.1:\(upstream.port)/v2") }
    ) { gateway in
      let client = try await gateway.client()
      let request = TestClient.handshake(
        "/app/x%2Fy?q=1", subprotocols: ["a", "b"],
        headers: [("Cookie", "c=1"), ("X-Forwarded-For", "1.2.3.4"), ("Keep-Alive", "5")])
      try await client.send(raw: request.request)
      let (_, head) = try await upstream.open(
        subprotocol: "b", headers: [("Set-Cookie", "s=1"), ("Set-Cookie", "s=2")])
      #expect(head.target == "/v2/x%2Fy?q=1")
      #expect(head.host == "127.0.0.1")
      #expect(head.headers["Cookie"] == "c=1")
      #expect(head.headers.values(of: "X-Forwarded-For") == ["127.0.0.1"])
      #expect(head.headers.values(of: "X-Forwarded-Proto") == ["http"])
      #expect(head.headers["Keep-Alive"] == nil)
      #expect(head.headers.values(of: "Sec-WebSocket-Protocol") == ["a, b"])
      #expect(head.headers["Sec-WebSocket-Extensions"] == nil)
      let answer = try await client.responseHead()
      #expect(answer.status == .switchingProtocols)
      #expect(answer.headers.values(of: "Set-Cookie") == ["s=1", "s=2"])
      #expect(answer.headers.values(of: "Sec-WebSocket-Protocol") == ["b"])
    }
  }

  @Test("A refusal passes whole, by count, in chunks and until the end")
  func refusals() async throws {
    let body = String(repeating: "no! ", count: 50_000)
    for fields in [
      "Content-Length: \(body.utf8.count)\r\n", "Transfer-Encoding: chunked\r\n", "",
    ] {
      let isChunked = fields.hasPrefix("Transfer")
      let upstream = try FakeUpstream()
      try await withGateway(to: upstream.port) { gateway in
        let client = try await gateway.client()
        try await client.send(raw: TestClient.handshake("/x").request)
        let (peer, _) = try await upstream.request()
        let sent =
          isChunked ? String(body.utf8.count, radix: 16) + "\r\n\(body)\r\n0\r\n\r\n" : body
        try await peer.send(
          raw: Self.refusal("403 Forbidden", "\(fields)X-Why: rule 7\r\n", body: sent))
        peer.finishSending()
        let response = try await client.response()
        #expect(response.status == 403)
        #expect(response.headers["X-Why"] == "rule 7")
        #expect(response.headers["Connection"] == "close")
        let received = isChunked ? response.body.filter { "no! ".contains($0) } : response.body
        #expect(received == body)
        #expect(await gateway.refusals("upstream-refused", status: 403) == 1)
      }
    }
  }

  static let wrongAnswers = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Accept: c2FtcGxlIG5vbmNlIQ==\r\n\r\n",
    "rubbish\r\n\r\n",
    "HTTP/1.1 403 No\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ]

  @Test(
    "An answer that is no handshake is a 502, of which the body is withheld",
    arguments: wrongAnswers)
  func wrongAnswer(_ answer: String) async throws {
    let upstream = try FakeUpstream()
    try await withGateway(to: upstream.port) { gateway in
      let client = try await gateway.client()
      try await client.send(raw: TestClient.handshake("/x").request)
      let (peer, _) = try await upstream.request()
      try await peer.send(raw: Array(answer.utf8))
      let response = try await client.response()
      #expect(response.status == 502)
      #expect(!response.body.contains("hello"))
      #expect(try await peer.next() == .endOfStream)
      let status = try #require(gateway.server.upstreamPools.first?.pool.upstreams.first?.status())
      #expect(status.failureCounts == [.badAnswer: 1])
    }
  }

  @Test("An upstream that says nothing is a 504 after upstream-timeout, and is not asked elsewhere")
  func silent() async throws {
    let upstream = try FakeUpstream()
    let other = try FakeUpstream()
    try await withGateway(["upstream-timeout=300ms"], to: upstream.port, other.port) { gateway in
      let client = try await gateway.client()
      let response = try await client.exchange(TestClient.handshake("/x").request)
      #expect(response.status == 504)
      #expect(await gateway.refusals("upstream-timed-out", status: 504) == 1)
    }
  }

  @Test("Where nobody listens the next upstream is asked")
  func elsewhere() async throws {
    let nobody = try UnusedPort()
    let upstream = try FakeUpstream()
    try await withGateway(to: nobody.port, upstream.port) { gateway in
      let client = try await gateway.client()
      let peer = try await client.open(through: upstream)
      try await client.sendClose(.normalClosure)
      #expect(try await peer.next() == .close(1000, ""))
      let upstreams = try #require(gateway.server.upstreamPools.first?.pool.upstreams)
      #expect(upstreams.map { $0.status().failureCounts } == [[.refused: 1], [:]])
    }
  }

  @Test("An upstream that answers 503 has the next one asked")
  func unavailable() async throws {
    let busy = try FakeUpstream()
    let upstream = try FakeUpstream()
    try await withGateway(to: busy.port, upstream.port) { gateway in
      let client = try await gateway.client()
      try await client.send(raw: TestClient.handshake("/x").request)
      let (peer, _) = try await busy.request()
      try await peer.send(
        raw: Self.refusal("503 Busy", "Content-Length: 0\r\n", body: ""))
      let (other, _) = try await upstream.open()
      #expect(try await client.responseHead().status == .switchingProtocols)
      try await client.send("hello")
      #expect(try await other.next() == .text("hello"))
    }
  }

  @Test("A client that leaves while its upstream is looked for leaves nothing behind")
  func clientLeaves() async throws {
    let upstream = try FakeUpstream()
    try await withGateway(to: upstream.port) { gateway in
      let client = try await gateway.client()
      try await client.send(raw: TestClient.handshake("/x").request)
      let (peer, _) = try await upstream.request()
      client.reset()
      #expect(try await peer.next() == .endOfStream)
      let status = try #require(gateway.server.upstreamPools.first?.pool.upstreams.first)
      try await eventually("no place taken") { status.status().openingCount == 0 }
      #expect(status.status().failureCounts.isEmpty)
      try await gateway.becomesEmpty()
    }
  }

  @Test("A session is relayed to an upstream on a Unix socket")
  func unixSocket() async throws {
    let path = "/tmp/wstop-upstream-\(UInt32.random(in: 0...UInt32.max)).sock"
    var router = Router()
    try router.addEchoes()
    let server = try Server(
      ServerConfiguration(listeners: [.unix(path: path)]), routes: router)
    try server.start()
    try await withServer(routes: { try $0.relay("/over", to: "unix:\(path):/echo") }) { gateway in
      let client = try await gateway.session("/over")
      try await client.send("over there")
      #expect(try await client.nextAnsweringPings() == .text("over there"))
    }
    await server.shutDown()
  }

  @Test("A session is relayed through TLS only to an upstream whose certificate is trusted")
  func untrusted() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let settings = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
    try await withServer(tls: settings) { upstream in
      try await withServer(routes: {
        try $0.relay("/*", to: "wss://127.0.0.1:\(upstream.port)/echo")
      }) {
        gateway in
        let client = try await gateway.client()
        let response = try await client.exchange(TestClient.handshake("/x").request)
        #expect(response.status == 502)
        let upstream = try #require(gateway.server.upstreamPools.first?.pool.upstreams.first)
        #expect(upstream.status().failureCounts == [.tls: 1])
      }
    }
  }
}
