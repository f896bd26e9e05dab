import ControlProtocol
import TestSupport
import Testing
import WebSocketEngine
import WebSocketProtocol

@testable import ControlServer

@Suite("The control API over its Unix socket", .limited, .timeLimit(.minutes(10)))
struct HTTPTests {
  @Test("A connection takes one request after the other")
  func keepAlive() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      for _ in 0..<3 {
        let reply = try client.get("/v1/stats")
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == "application/json")
        #expect(reply.headers["Wstop-Engine"] == engine.server.run)
        #expect(reply.headers["Connection"] == nil)
      }
    }
  }

  @Test("Requests that come at once are answered in their order")
  func pipelining() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      try client.send("GET", "/v1/limits")
      try client.send("GET", "/nothing")
      try client.send("GET", "/healthz")
      #expect(try client.reply().decode(LimitList.self).engine == engine.server.run)
      #expect(try client.reply().status == 404)
      #expect(try client.reply().text.contains(#""status":"ok""#))
    }
  }

  @Test("Requests may come byte by byte")
  func byteByByte() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      for byte in HTTPPeer.request("POST", "/v1/close", #"{"sessions":["s-2"]}"#).utf8 {
        try client.stream.send([byte])
      }
      let result = try client.reply().decode(ActResult.self)
      #expect(result.outcomes.map(\.outcome) == [.noSuchSession])
    }
  }

  @Test("A client that has said everything still gets all answers")
  func halfClose() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      try client.send("GET", "/healthz")
      try client.send("GET", "/v1/limits")
      try client.send("GET", "/readyz")
      client.stream.shutDownWriting()
      for _ in 0..<3 { #expect(try client.reply().status == 200) }
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("Connection: close is kept")
  func close() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let reply = try client.request("GET", "/healthz", headers: ["Connection: close"])
      #expect(reply.headers["Connection"] == "close")
      #expect(client.stream.waitForEnd())
    }
  }

  @Test(
    "Unknown paths, and methods that a path does not take",
    arguments: [
      ("GET", "/v2/stats", 404, "no-such-path", nil),
      ("GET", "/v1/sessions/s-!", 404, "no-such-path", nil),
      ("POST", "/v1/stats", 405, "method-not-allowed", "GET"),
      ("PUT", "/v1/limits", 405, "method-not-allowed", "GET, PATCH"),
      ("GET", "/v1/close", 405, "method-not-allowed", "POST"),
      ("POST", "/v1/events", 405, "method-not-allowed", "GET"),
      ("DELETE", "/healthz", 405, "method-not-allowed", "GET"),
    ] as [(String, String, Int, String, String?)])
  func misses(
    method: String, path: String, status: Int, code: String, allow: String?
  ) async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let reply = try client.request(method, path)
      #expect(reply.status == status)
      #expect(reply.errorCode == code)
      #expect(reply.headers["Allow"] == allow)
      #expect(reply.headers["Wstop-Engine"] == engine.server.run)
      // The request was whole, so the connection goes on.
      #expect(try client.get("/healthz").status == 200)
    }
  }

  @Test("The answer to HEAD has no body")
  func head() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      try client.send("HEAD", "/v1/stats")
      #expect(try client.reply(hasBody: false).status == 405)
      #expect(client.stream.waitForEnd())
      #expect(client.stream.input.isEmpty)
    }
  }

  @Test(
    "A request with an Origin is refused, and the connection ended",
    arguments: [
      "/v1/stats", "/v1/watch",
    ])
  func origin(path: String) async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let reply = try client.request("GET", path, headers: ["Origin: null"])
      #expect(reply.status == 403)
      #expect(reply.errorCode == "origin-not-allowed")
      #expect(reply.headers["Connection"] == "close")
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("A client still sending a body that is too large reads why")
  func tooLarge() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      try client.send("POST", "/v1/send", headers: ["Content-Length: 3000000"])
      try client.stream.send([UInt8](repeating: 0x20, count: 3_000_000))
      #expect(try client.reply().status == 413)
    }
  }

  @Test("A client that waits for 100 Continue is told to go on")
  func expectContinue() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let body = #"{"sessions":["s-2"],"ping":true}"#
      try client.send(
        "POST", "/v1/send",
        headers: ["Content-Length: \(body.utf8.count)", "Expect: 100-continue"])
      let interim: String = try client.stream.take { input in
        let expected = "HTTP/1.1 100 Continue\r\n\r\n"
        return input.count >= expected.utf8.count
          ? (String(decoding: input, as: UTF8.self), expected.utf8.count) : nil
      }
      #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
      try client.stream.send(body)
      #expect(try client.reply().status == 200)
    }
  }

  @Test("Health and readiness are told apart")
  func health() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      #expect(try client.get("/healthz").status == 200)
      #expect(try client.get("/readyz").status == 200)
      await engine.server.shutDown()
      #expect(try client.get("/healthz").status == 200)
      let reply = try client.get("/readyz")
      #expect(reply.status == 503)
      #expect(reply.text.contains("stopping"))
    }
  }

  @Test("Half a request is refused after its time")
  func requestTimeout() async throws {
    var settings = ControlSettings.patient
    settings.requestTimeout = .milliseconds(100)
    try await TestEngine.run(settings: settings) { engine in
      let client = try engine.client()
      try client.stream.send("GET /v1/stats HTTP/1.1\r\nHo")
      #expect(try client.reply().status == 408)
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("A connection without requests is ended after its time")
  func idleTimeout() async throws {
    var settings = ControlSettings.patient
    settings.idleTimeout = .milliseconds(100)
    try await TestEngine.run(settings: settings) { engine in
      // One that stands still before it asks is ended then already.
      let client = try #require(
        try waitFor { () -> HTTPPeer? in
          let client = try engine.client()
          return (try? client.get("/healthz").status) == 200 ? client : nil
        })
      #expect(client.stream.waitForEnd())
      #expect(client.stream.input.isEmpty)
    }
  }

  @Test("POST /v1/stop is answered, told to whoever runs the engine once, and kept")
  func stop() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      #expect(try client.post("/v1/stop", "").text == "{}")
      #expect(try client.post("/v1/stop", "").text == "{}")
      #expect(try waitFor { engine.stopCount > 0 ? true : nil } == true)
      #expect(engine.stopCount == 1)
      #expect(try client.get("/v1/events").text.contains("asked the engine to stop"))
    }
  }
}
