import Foundation
import TestSupport
import Testing

@Suite(
  "The built-in routes, seen by a client that nobody here wrote", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct BuiltInRouteTests {
  @Test("Echo sends back text, binary and 1 MiB as they came", arguments: ["echo", "echo-async"])
  func echo(route: String) async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/\(route)"))
    try await client.send("grüße 🎈")
    #expect(try await client.receive() == .text("grüße 🎈"))
    try await client.send([0, 1, 255])
    #expect(try await client.receive() == .binary([0, 1, 255]))
    let digest = try await client.send(byteCount: 1 << 20)
    #expect(
      try await client.receive() == .long(byteCount: 1 << 20, digest: digest, isText: false))
    #expect(try await client.close(4000, "enough").code == 4000)
    try await until("the close is counted") { try await engine.closes(4000, by: "peer") == 1 }
  }

  @Test("B6: text longer than a fragment comes back as one text message")
  func longText() async throws {
    let engine = try await Engine.start("--set", "fragment-bytes=1001")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let digest = try await client.send(byteCount: 300_001, asText: true)
    #expect(
      try await client.receive() == .long(byteCount: 300_001, digest: digest, isText: true))
  }

  @Test("The API answers its ops, and anything else with an error that closes nothing")
  func api() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/api"), subprotocols: ["x", "json"])
    try await client.send(#"{"op":"echo","data":{"a":[1,null,"é"]}}"#)
    let echo = try await client.receiveJSON()
    #expect(echo["data"] == .object(["a": .array([.number(1), .null, .string("é")])]))
    try await client.send(#"{"op":"time"}"#)
    #expect(try await client.receiveJSON()["time"]?.string?.contains("T") == true)
    try await client.send(#"{"op":"stats"}"#)
    let id = try await engine.id(of: client)
    #expect(try await client.receiveJSON()["session"]?["id"]?.string == id)
    for text in [#"{"op":"dance"}"#, "{", "[]", #"{"op":1}"#] {
      try await client.send(text)
      #expect(try await client.receiveJSON()["error"]?.string?.isEmpty == false, "\(text)")
    }
    #expect(try await client.close() == Client.Close(1000))
  }

  @Test("JSON of any depth and kind is read in one pass, also on a small stack")
  func hostileJSON() async throws {
    let engine = try await Engine.start(
      "--reactors", "1", "--set", "message-bytes=2MiB", stackKibibytes: 512)
    let hostile = try await Client.connect(engine.url("/ws/api"))
    let other = try await Client.connect(engine.url("/ws/echo"))
    func text(_ data: String) -> String { #"{"op":"echo","data":\#(data)}"# }
    func nest(_ depth: Int, around value: String = "") -> String {
      String(repeating: "[", count: depth) + value + String(repeating: "]", count: depth)
    }
    let list = Array(repeating: "{}", count: 20_000).joined(separator: ",")
    let flat = Array(repeating: "{}", count: 349_000).joined(separator: ",")
    for (data, isTaken) in [
      (nest(400, around: list), false), (nest(62, around: list), true), (nest(508), false),
      (nest(500_000), false), ("[\(flat)]", true),
    ] {
      try await hostile.send(text(data))
      let duration = try await ContinuousClock().measure {
        try await other.send("still here")
        #expect(try await other.receive() == .text("still here"))
      }
      // Work for each level of each value took over a minute here.
      #expect(duration < .seconds(30), "\(data.prefix(80)) …")
      switch try await hostile.receive() {
      case .long(let byteCount, _, isText: true):
        #expect(isTaken && byteCount == text(data).utf8.count, "\(data.prefix(80)) …")
      case .text(let answer):
        #expect(answer.contains("nested deeper than 64") == !isTaken, "\(answer.prefix(80)) …")
      default: Issue.record("the API answers with text")
      }
    }
  }

  @Test("Built-in routes have limits that suit them, and what somebody sets holds instead")
  func ownLimits() async throws {
    let message = 70_000
    let engine = try await Engine.start()
    for path in ["/ws/api", "/ws/chat/a"] {
      let client = try await Client.connect(engine.url(path))
      _ = try await client.send(byteCount: message, asText: true)
      #expect(try await client.closed().code == 1009, "\(path)")
    }
    let echo = try await Client.connect(engine.url("/ws/echo"))
    _ = try await echo.send(byteCount: 1 << 20)
    guard case .long(1_048_576, _, _) = try await echo.receive() else {
      Issue.record("a mebibyte is echoed")
      return
    }
    let rows = try await engine.json("limits")["limits"]?.array ?? []
    let own = rows.filter { $0["source"]?.string == "handler" }
    #expect(
      own.map { "\($0["scope"]?.string ?? "") \($0["value"]?.string ?? "")" } == [
        "route:/ws/api 64KiB", "route:/ws/chat/{room} 64KiB", "route:/ws/stream 16KiB",
      ])
    let wide = try await Engine.start("--set", "message-bytes=2MiB", name: "y")
    let client = try await Client.connect(wide.url("/ws/api"))
    _ = try await client.send(byteCount: message, asText: true)
    #expect(try await client.receiveJSON()["error"] != nil)
  }

  @Test("What the API echoes comes back as it was sent, digits and order included")
  func rawEcho() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/api"))
    try await client.send(#"{"data": {"b":1.0, "a":12345678901234567890}, "op":"\u0065cho"}"#)
    #expect(
      try await client.receive()
        == .text(#"{"data":{"b":1.0, "a":12345678901234567890},"op":"echo"}"#))
    try await client.send(#"{"op":"echo"#)
    #expect(
      try await client.receiveJSON()["error"]?.string
        == "no JSON at column 7: the text that begins here has no end")
  }

  @Test("Handlers choose the first subprotocol of the client's that the operator has named")
  func subprotocols() async throws {
    let engine = try await Engine.start("--subprotocol", "mqtt", "--subprotocol", "v1.chat")
    for route in ["echo", "echo-async", "api", "chat/a", "stream?bytes=64MiB"] {
      for (offered, chosen) in [(["x", "v1.chat", "mqtt"], "v1.chat"), (["mqtt"], "mqtt")] {
        let client = try await Client.connect(
          engine.url("/ws/\(route)"), subprotocols: offered, reads: false)
        let details = try await engine.json("show", try await engine.id(of: client))
        #expect(details["subprotocol"]?.string == chosen, "\(route)")
      }
    }
    let none = try await Client.connect(engine.url("/ws/echo"), subprotocols: ["x"])
    let details = try await engine.json("show", try await engine.id(of: none))
    #expect(details["subprotocol"]?.string == nil)
  }

  @Test("What a browser closes with comes back to it: code and reason, or neither")
  func closeAnswers() async throws {
    let engine = try await Engine.start()
    for route in ["echo", "echo-async"] {
      let client = try await Client.connect(engine.url("/ws/\(route)"))
      let answer = try await client.close(4001, "bye")
      #expect(answer.code == 4001 && answer.reason == "bye")
    }
  }

  @Test("A page of another name is refused on loopback until --allow-host names it")
  func rebinding() async throws {
    func status(_ host: String, _ arguments: String...) async throws -> Int {
      let engine = try await Engine.start(arguments)
      let client = try await RawClient.connect(engine)
      defer { engine.process.end() }
      return try await client.open(
        Array("/ws/echo".utf8), host: host, fields: [("Origin", Array("http://\(host)".utf8))])
    }
    #expect(try await status("evil.example") == 421)
    #expect(try await status("evil.example", "--allow-host", "good.example") == 421)
    #expect(try await status("good.example", "--allow-host", "good.example") == 101)
    #expect(try await status("a.good.example", "--allow-origin", "https://*.good.example") == 101)
    #expect(try await status("localhost") == 101)
  }

  @Test("B14: what one says in a room, the others of that room hear, and no one else")
  func chat() async throws {
    let engine = try await Engine.start()
    let ann = try await Client.connect(engine.url("/ws/chat/a%2Fb"))
    let ben = try await Client.connect(engine.url("/ws/chat/a%2Fb"))
    let cyd = try await Client.connect(engine.url("/ws/chat/a"))
    try await ann.send("hello")
    #expect(try await ben.receive() == .text("hello"))
    try await ben.send([7])
    #expect(try await ann.receive() == .binary([7]))
    #expect(try await ann.pendingCount() == 0)
    #expect(try await cyd.pendingCount() == 0)
    let id = try await engine.id(of: ann)
    let details = try await engine.json("show", id)
    #expect(details["rooms"] == .array([.string("a/b")]))
    #expect(details["row"]?["route"]?.string == "/ws/chat/{room}")
  }

  @Test("The stream sends as many bytes as were asked for, and closes with 1000")
  func stream() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/stream?bytes=100001"))
    var byteCount = 0
    while byteCount < 100_001 {
      switch try await client.receive() {
      case .long(let count, _, isText: false): byteCount += count
      case .binary(let bytes): byteCount += bytes.count
      default: Issue.record("a stream has binary messages only")
      }
    }
    #expect(byteCount == 100_001)
    #expect(try await client.closed() == Client.Close(1000, "100001 bytes"))
  }

  @Test(
    "B1: a handshake that cannot be served has its status, and the engine lives on",
    arguments: [
      ("/nowhere", 404), ("/ws/stream?bytes=lots", 400), ("/ws/stream?bytes=65MiB", 400),
      ("/ws/chat/", 404),
    ])
  func refused(path: String, status: Int) async throws {
    let engine = try await Engine.start()
    await #expect(throws: Client.Refused(status: status)) {
      try await Client.connect(engine.url(path))
    }
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send("still here")
    #expect(try await client.receive() == .text("still here"))
  }

  @Test("A page of another origin is refused with 403 unless it is allowed")
  func origin() async throws {
    let engine = try await Engine.start("--allow-origin", "https://good.example")
    let url = engine.url("/ws/echo")
    await #expect(throws: Client.Refused(status: 403)) {
      try await Client.connect(url, origin: "https://evil.example")
    }
    _ = try await Client.connect(url, origin: "https://good.example")
    _ = try await Client.connect(url, origin: "http://127.0.0.1:\(engine.port)")
  }

  @Test("A browser that asks for a page gets 426 and a line that says what this is")
  func page() async throws {
    let engine = try await Engine.start()
    let page = try await run(
      "/usr/bin/curl", ["-si", "http://127.0.0.1:\(engine.port)/ws/echo"])
    #expect(page.text.hasPrefix("HTTP/1.1 426"))
    #expect(page.text.lowercased().contains("websocket"))
  }

  @Test("A Unix socket serves like a port")
  func unixSocket() async throws {
    let path = Workspace.current.path("ws.sock")
    let engine = try await Engine.start("--listen", "unix:\(path)")
    let client = try await Client.connect("ws://localhost/ws/echo", unix: path)
    try await client.send("hi")
    #expect(try await client.receive() == .text("hi"))
    let row = try #require(try await engine.sessions().first)
    #expect(row["address"]?.string == "unix")
    #expect(row["port"]?.int == 0)
  }

  @Test("Routes can be named instead of the built-in ones")
  func routes() async throws {
    let engine = try await Engine.start("--route", "/a/{x:int}=echo")
    let client = try await Client.connect(engine.url("/a/7"))
    try await client.send("x")
    #expect(try await client.receive() == .text("x"))
    for path in ["/a/b", "/ws/echo"] {
      await #expect(throws: Client.Refused(status: 404), "\(path)") {
        try await Client.connect(engine.url(path))
      }
    }
  }
}
