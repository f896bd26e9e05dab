import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Refused opening handshakes, RFC 6455 §4.2", .limited, .timeLimit(.minutes(10)))
struct HandshakeRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var status: Int
    var reason: String
    var request: String
    var testDescription: String { "\(status) \(reason)" }

    init(
      _ status: Int, _ reason: String, line: String = "GET /echo HTTP/1.1",
      without: String = "", with extra: String = ""
    ) {
      self.status = status
      self.reason = reason
      let fields = [
        "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
      ].filter { without.isEmpty || !$0.hasPrefix(without) }
      request =
        ([line] + fields + (extra.isEmpty ? [] : [extra])).joined(separator: "\r\n")
        + "\r\n\r\n"
    }
  }

  static let cases = [
    Case(400, "malformed-request-line", line: "GET /echo"),
    Case(400, "malformed-field", with: "No colon here"),
    Case(400, "missing-host", without: "Host"),
    Case(400, "malformed-host", with: "Host: 127.0.0.1"),
    Case(400, "upgrade-not-websocket", without: "Upgrade", with: "Upgrade: h2c"),
    Case(400, "connection-not-upgrade", without: "Connection", with: "Connection: close"),
    Case(400, "missing-key", without: "Sec-WebSocket-Key"),
    Case(400, "malformed-key", without: "Sec-WebSocket-Key", with: "Sec-WebSocket-Key: c2hvcnQ="),
    Case(400, "missing-websocket-version", without: "Sec-WebSocket-Version"),
    Case(400, "unexpected-body", with: "Content-Length: 1"),
    Case(403, "origin-not-allowed", with: "Origin: https://elsewhere.example"),
    Case(421, "host-not-allowed", without: "Host", with: "Host: evil.example"),
    Case(404, "no-route", line: "GET /nowhere HTTP/1.1"),
    Case(404, "invalid-path-parameter", line: "GET /number/seven HTTP/1.1"),
    Case(405, "method-not-get", line: "POST /echo HTTP/1.1"),
    Case(426, "missing-upgrade", without: "Upgrade"),
    Case(
      426, "unsupported-websocket-version", without: "Sec-WebSocket-Version",
      with: "Sec-WebSocket-Version: 8"),
    Case(431, "head-too-large", with: "X-Long: " + String(repeating: "x", count: 20_000)),
    Case(505, "unsupported-http-version", line: "GET /echo HTTP/1.0"),
  ]

  static func routes(_ router: inout Router) throws {
    try router.route("/number/{n:int}") { _ in ClosureHandler() }
  }

  @Test(
    "A bad request gets its status, is counted, and the server lives on (B1)",
    arguments: HandshakeRefusalTests.cases)
  func refusal(of one: Case) async throws {
    try await withServer(routes: Self.routes) { fixture in
      let response = try await fixture.client().exchange(Array(one.request.utf8))
      #expect(response.status == one.status)
      #expect(response.end == .endOfStream)
      #expect(response.headers["Content-Length"] == String(response.body.utf8.count))
      #expect(await fixture.refusals(one.reason, status: one.status) == 1)
      #expect(fixture.server.ledger.snapshot().refusalCount == 1)
      #expect(await fixture.count(.opened) == 0)
      try await fixture.expectAlive()
    }
  }

  @Test("A page whose name was made to resolve to loopback is refused, whatever it says it is")
  func rebinding() async throws {
    try await withServer(hosts: ["app.example"], listeners: ["127.0.0.1:0"]) { fixture in
      for host in ["evil.example:\(fixture.port)", "evil.example", "localhost.evil.example"] {
        let origin = "Origin: http://\(host)"
        let one = Case(421, "", without: "Host", with: "Host: \(host)\r\n\(origin)")
        let response = try await fixture.client().exchange(Array(one.request.utf8))
        #expect(response.status == 421)
        #expect(response.body.contains("--allow-host"))
        #expect(!response.body.contains("evil"))
      }
      #expect(await fixture.refusals("host-not-allowed", status: 421) == 3)
      for host in ["localhost:1", "[::1]", "app.example"] {
        let one = Case(101, "", without: "Host", with: "Host: \(host)")
        let client = try await fixture.client()
        try await client.send(raw: Array(one.request.utf8))
        #expect(try await client.responseHead().status.rawValue == 101)
      }
    }
  }

  @Test("A listener that is bound elsewhere answers to all hosts, unless it is told which")
  func hostsElsewhere() async throws {
    func status(of host: String, _ hosts: [String]) async throws -> Int {
      var status = 0
      try await withServer(hosts: hosts, listeners: ["0.0.0.0:0"]) { fixture in
        let one = Case(0, "", without: "Host", with: "Host: \(host)")
        let client = try await fixture.client()
        try await client.send(raw: Array(one.request.utf8))
        status = try await client.responseHead().status.rawValue
      }
      return status
    }
    #expect(try await status(of: "any.example", []) == 101)
    #expect(try await status(of: "any.example", ["app.example"]) == 421)
    #expect(try await status(of: "app.example:9", ["app.example"]) == 101)
  }

  static let heads = [
    "HEAD /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n",
    "HEAD /echo HTTP/1.1\r\n\r\n", "HEAD /echo HTTP/1.1\r\nno colon\r\n\r\n",
    "\r\nHEAD  /echo HTTP/1.1\r\n\r\n",
    "HEAD /{long} HTTP/1.1\r\n\r\n",
  ]

  @Test("Nothing that HEAD is answered with has content, RFC 9110 §9.3.2", arguments: heads)
  func head(request: String) async throws {
    try await withServer { fixture in
      let long = String(repeating: "x", count: 20_000)
      let bytes = Array(request.replacing("{long}", with: long).utf8)
      let response = try await fixture.client().exchange(bytes)
      #expect([400, 405, 431, 505].contains(response.status))
      #expect(response.body.isEmpty)
      #expect(response.headers["Content-Length"] == nil)
    }
  }

  @Test("A HEAD that is not finished in time gets 408 without content")
  func headTimeOut() async throws {
    // Enough for so much of it to come, wherever its client stands still.
    try await withServer(["handshake-timeout=10s"]) { fixture in
      let client = try await fixture.client()
      try await client.send(raw: Array("HEAD /echo HTTP/1.1\r\nHost: 127.0".utf8))
      let response = try await client.response()
      #expect(response.status == 408 && response.body.isEmpty)
    }
  }

  @Test("Empty lists of subprotocols and extensions count as absent")
  func emptyLists() async throws {
    try await withServer { fixture in
      let one = Case(101, "", with: "Sec-WebSocket-Protocol:\r\nSec-WebSocket-Extensions: ")
      let client = try await fixture.client()
      try await client.send(raw: Array(one.request.utf8))
      let head = try await client.responseHead()
      #expect(head.status.rawValue == 101)
      #expect(head.headers["Sec-WebSocket-Protocol"] == nil)
      #expect(head.headers["Sec-WebSocket-Extensions"] == nil)
    }
  }

  @Test("426 names the version that this server speaks, RFC 6455 §4.4")
  func versionIsNamed() async throws {
    try await withServer { fixture in
      let one = Case(
        426, "", without: "Sec-WebSocket-Version", with: "Sec-WebSocket-Version: 8")
      let response = try await fixture.client().exchange(Array(one.request.utf8))
      #expect(response.headers["Sec-WebSocket-Version"] == "13")
      #expect(response.headers["Upgrade"] == "websocket")
    }
  }

  @Test("A plain GET gets 426 with a line that says what this is")
  func plainGet() async throws {
    try await withServer { fixture in
      let response = try await fixture.client().exchange(
        Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8))
      #expect(response.status == 426)
      #expect(response.body.contains("WebSocket"))
    }
  }

  @Test("A handshake that is not finished in time gets 408")
  func timeOut() async throws {
    try await withServer(["handshake-timeout=100ms"]) { fixture in
      let client = try await fixture.client()
      try await client.send(raw: Array("GET /echo HTTP/1.1\r\nHost: 127.0".utf8))
      #expect(try await client.response().status == 408)
      #expect(await fixture.refusals("handshake-timed-out", status: 408) == 1)
    }
  }

  @Test("A connection that says nothing gets 408, and its descriptor is freed")
  func silence() async throws {
    try await withServer(["handshake-timeout=100ms"]) { fixture in
      let client = try await fixture.client()
      #expect(try await client.response().status == 408)
      client.close()
      try await fixture.becomesEmpty()
    }
  }

  @Test("One that waits for its answer to be read is cut at close-timeout")
  func lingering() async throws {
    try await withServer(["handshake-timeout=100ms", "close-timeout=100ms"]) { fixture in
      let client = try await fixture.client()
      #expect(try await client.responseHead().status.rawValue == 408)
      try await fixture.becomesEmpty()
      withExtendedLifetime(client) {}
    }
  }

  @Test("Over the limit sessions a handshake gets 503 and a time to come back (B12)")
  func sessions() async throws {
    try await withServer(["sessions=2"]) { fixture in
      let first = try await fixture.session()
      let second = try await fixture.session()
      let response = try await fixture.client().exchange(TestClient.handshake("/echo").request)
      #expect(response.status == 503)
      #expect(response.headers["Retry-After"] != nil)
      #expect(await fixture.refusals("too-many-sessions", status: 503) == 1)
      #expect(fixture.server.openSessionCount == 2)
      first.close()
      try await eventually("a free place") { fixture.server.openSessionCount == 1 }
      try await fixture.expectAlive()
      second.close()
    }
  }

  @Test("Over the limit sessions-per-address a handshake gets 429", .inTheClear)
  func sessionsPerAddress() async throws {
    try await withServer(["sessions-per-address=1"]) { fixture in
      let first = try await fixture.session()
      let response = try await fixture.client().exchange(TestClient.handshake("/echo").request)
      #expect(response.status == 429)
      #expect(await fixture.refusals("too-many-sessions-from-address", status: 429) == 1)
      first.close()
      try await eventually("a free place") { fixture.server.admission.addressCount == 0 }
      try await fixture.expectAlive()
    }
  }

  @Test("While buffered-bytes is reached a handshake gets 503")
  func bufferedBytes() async throws {
    try await withServer { fixture in
      fixture.server.admission.buffered.add(1 << 30)
      let response = try await fixture.client().exchange(TestClient.handshake("/echo").request)
      #expect(response.status == 503)
      #expect(await fixture.refusals("too-many-buffered-bytes", status: 503) == 1)
      fixture.server.admission.buffered.add(-(1 << 30))
      try await fixture.expectAlive()
    }
  }

  // MARK: What handlers decide

  struct Failure: Error {}

  @Test("A handler that throws before it accepts: 500, the log has it, the server lives on (B1)")
  func handlerThrows() async throws {
    try await withServer { router in
      try router.webSocket("/async") { _ in throw Failure() }
      try router.route("/sync") { _ in throw Failure() }
    } _: { fixture in
      for target in ["/async", "/sync"] {
        let response = try await fixture.client().exchange(TestClient.handshake(target).request)
        #expect(response.status == 500)
        #expect(!response.body.contains("Failure"))
      }
      #expect(await fixture.refusals("handler-failed", status: 500) == 2)
      #expect(fixture.log.all.filter { $0.contains("Failure") }.count == 2)
      try await fixture.expectAlive()
    }
  }

  @Test("A handler that returns without an answer: 500")
  func handlerReturns() async throws {
    try await withServer { router in
      try router.webSocket("/async") { _ in }
    } _: { fixture in
      let response = try await fixture.client().exchange(TestClient.handshake("/async").request)
      #expect(response.status == 500)
      try await fixture.expectAlive()
    }
  }

  @Test("close before accept: 403 (B1)")
  func closeBeforeAccept() async throws {
    try await withServer { router in
      try router.webSocket("/async") { try await $0.close(.policyViolation, reason: "no") }
    } _: { fixture in
      let response = try await fixture.client().exchange(TestClient.handshake("/async").request)
      #expect(response.status == 403)
      #expect(await fixture.refusals("forbidden", status: 403) == 1)
      try await fixture.expectAlive()
    }
  }

  @Test("A handler rejects with a status and a body of its own")
  func reject() async throws {
    try await withServer { router in
      try router.webSocket("/async") { try await $0.reject(.unauthorized, body: "Who are you?") }
      try router.route("/sync") { _ in
        throw HandshakeRejection(
          .conflict, body: "Not twice.",
          headers: Headers([try #require(HeaderField(name: "X-Why", value: "twice"))]))
      }
    } _: { fixture in
      var response = try await fixture.client().exchange(TestClient.handshake("/async").request)
      #expect(response.status == 401)
      #expect(response.body == "Who are you?\n")
      response = try await fixture.client().exchange(TestClient.handshake("/sync").request)
      #expect(response.status == 409)
      #expect(response.body == "Not twice.\n")
      #expect(response.headers["X-Why"] == "twice")
      #expect(await fixture.refusals("rejected", status: 401) == 1)
      #expect(await fixture.refusals("rejected", status: 409) == 1)
    }
  }

  @Test("An asynchronous handler that does not decide in time: 408, and accept throws then")
  func undecided() async throws {
    let outcome = Recorder<String>()
    let gate = Recorder<Void>()
    // Enough for the request to come and the handler to begin.
    try await withServer(["handshake-timeout=10s"]) { router in
      try router.webSocket("/slow") { socket in
        try await eventually("the gate") { gate.count > 0 }
        do {
          try await socket.accept()
          outcome.note("accepted")
        } catch {
          outcome.note("\(error)")
        }
      }
    } _: { fixture in
      let response = try await fixture.client().exchange(TestClient.handshake("/slow").request)
      #expect(response.status == 408)
      gate.note(())
      #expect(try await outcome.all(atLeast: 1) == ["closed"])
    }
  }

  @Test("A peer that pipelines a lot behind a bad request still reads the answer")
  func unreadInput() async throws {
    try await withServer { fixture in
      let client = try await fixture.client()
      let request = Array("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      try await client.send(raw: request + [UInt8](repeating: 7, count: 500_000))
      let response = try await client.response()
      #expect(response.status == 426)
      #expect(response.end == .endOfStream)
    }
  }
}
