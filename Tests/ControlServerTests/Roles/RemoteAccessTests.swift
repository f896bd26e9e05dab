import ControlProtocol
import EventLoop
import Foundation
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Clients from elsewhere: who is let in", .limited, .timeLimit(.minutes(5)))
struct RemoteAccessTests {
  @Test("Without a token nothing is answered, health included, and the connection ends")
  func missing() async throws {
    try await RemoteEngine.run { remote in
      for target in ["/v1/stats", "/healthz", "/v1/nothing", "/v1/watch"] {
        let client = try remote.client()
        let reply = try client.get(target)
        #expect(reply.status == 401)
        #expect(reply.errorCode == "token-missing")
        #expect(reply.headers["WWW-Authenticate"] == "Bearer realm=\"wstop\"")
        #expect(reply.headers["Wstop-Engine"] == nil)
        #expect(client.stream.waitForEnd())
      }
    }
  }

  @Test(
    "A token has to be the whole of one field",
    arguments: [
      ["Authorization: Bearer"], ["Authorization: Basic dmVyYTp2aWV3"],
      ["Authorization: \(RemoteEngine.view)"],
      ["Authorization: Bearer \(RemoteEngine.view)", "Authorization: Bearer \(RemoteEngine.view)"],
      ["Authorization: Bearer \(RemoteEngine.view) x"],
      ["Authorization: Bearer \(RemoteEngine.view.dropLast())"],
      ["X-Authorization: Bearer \(RemoteEngine.view)"],
    ])
  func malformed(headers: [String]) async throws {
    try await RemoteEngine.run { remote in
      let refused = try remote.get("/v1/stats", headers: headers)
      #expect(refused.status == 401)
      let good = ["Authorization: bearer   \(RemoteEngine.view)"]
      let served = try remote.get("/v1/stats", headers: good)
      #expect(served.status == 200)
    }
  }

  @Test("A wrong token is refused from the head alone: no body is awaited")
  func noBody() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      try client.stream.send(
        "POST /v1/close HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n"
          + "Authorization: Bearer wrong-wrong-wrong-wrong\r\n\r\n")
      #expect(try client.reply().errorCode == "token-unknown")
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("Whoever is refused and goes on sending is cut off after a MiB, or two seconds")
  func talker() async throws {
    try await RemoteEngine.run {
      $0.lingerTimeout = .milliseconds(300)
    } _: { remote in
      let quiet = try remote.client()
      #expect(try quiet.get("/healthz").status == 401)
      #expect(quiet.stream.waitForEnd())
      let talker = try remote.client()
      #expect(try talker.get("/healthz").status == 401)
      let piece = [UInt8](repeating: 0x78, count: 64 << 10)
      #expect(throws: ByteStream.Failure.self) {
        for _ in 0..<1024 { try talker.stream.send(piece) }
      }
      // Either limit frees its place.
      let reply = try waitFor {
        try? remote.get("/healthz", headers: RemoteEngine.showing(RemoteEngine.view))
      }
      #expect(reply?.status == 200)
    }
  }

  @Test("A head that has no end is cut off, whoever sends it")
  func endlessHead() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      try client.stream.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000))
      #expect(try client.reply().status == 431)
    }
  }

  @Test("Each request shows a token, also the second on a connection")
  func eachRequest() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      #expect(
        try client.request(
          "GET", "/v1/stats", headers: RemoteEngine.showing(RemoteEngine.operate)
        ).status == 200)
      #expect(try client.get("/v1/stats").status == 401)
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("After ten wrong tokens no other wrong one is looked at; a right one passes all the same")
  func guessing() async throws {
    try await RemoteEngine.run { remote in
      let watch = try remote.watch(RemoteEngine.view)
      try watch.look(at: WatchRequest(intervalMilliseconds: 50))
      for number in 0..<10 {
        let reply = try remote.get(
          "/v1/stats", headers: RemoteEngine.showing("wrong-wrong-wrong-\(number)000"))
        #expect(reply.errorCode == "token-unknown")
      }
      let reply = try remote.get(
        "/v1/stats", headers: RemoteEngine.showing("wrong-wrong-wrong-wrong-11"))
      #expect(reply.status == 429)
      #expect(reply.headers["Retry-After"] == "60")
      let right = try remote.get("/v1/stats", headers: RemoteEngine.showing(RemoteEngine.operate))
      #expect(right.status == 200)
      // Whoever was let in before stays.
      let sequence = try watch.snapshot().sequence
      _ = try watch.snapshot { $0.sequence > sequence }
      let local = try remote.engine.client()
      #expect(try local.get("/v1/stats").status == 200)
      let problems = try remote.engine.events(local).filter { $0.kind == .problem }
      #expect(
        problems.map(\.message) == [
          "refused a client of the control API at 127.0.0.1: its token is wrong",
          "looks at no wrong token of clients of the control API at 127.0.0.1 for a minute: they "
            + "have shown 10",
        ])
    }
  }

  @Test("Who says nothing, half a handshake or half a request is dropped in time")
  func slow() async throws {
    try await RemoteEngine.run {
      $0.authenticationTimeout = .seconds(1)
    } _: { remote in
      // Who stands still before it has come that far is dropped as well, and comes again.
      func inTime<Value>(_ come: () throws -> Value?) throws -> Value? {
        try waitFor { try? come() }
      }
      let silent = try ByteStream(to: remote.address)
      let halfHello = try #require(
        try inTime { () -> ByteStream? in
          let stream = try ByteStream(to: remote.address)
          try stream.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
          return stream
        })
      let secured = try #require(
        try inTime { () -> ByteStream? in try ByteStream(securelyTo: remote.address) })
      let halfRequest = try #require(
        try inTime { () -> ByteStream? in
          let stream = try ByteStream(securelyTo: remote.address)
          try stream.send("GET /v1/stats HTTP/1.1\r\nHost: ")
          return stream
        })
      for stream in [silent, halfHello, secured, halfRequest] { #expect(stream.waitForEnd()) }
      // One that has shown its token may take its time.
      let headers = RemoteEngine.showing(RemoteEngine.view)
      let client = try #require(
        try inTime { () -> HTTPPeer? in
          let client = try remote.client()
          let reply = try client.request("GET", "/v1/stats", headers: headers)
          return reply.status == 200 ? client : nil
        })
      // As long as somebody else's time is.
      for _ in 0..<2 { #expect(try ByteStream(to: remote.address).waitForEnd()) }
      #expect(try client.request("GET", "/v1/stats", headers: headers).status == 200)
    }
  }

  @Test("Eight from one address may be on their way; more are cut off, and take nobody's place")
  func crowd() async throws {
    try await RemoteEngine.run { remote in
      var waiting: [ByteStream] = []
      for _ in 0..<8 { waiting.append(try ByteStream(to: remote.address)) }
      #expect(try ByteStream(to: remote.address).waitForEnd())
      #expect(try remote.engine.client().get("/v1/stats").status == 200)
      waiting.removeAll()
      let reply = try waitFor {
        try? remote.get("/v1/stats", headers: RemoteEngine.showing(RemoteEngine.view))
      }
      #expect(reply?.status == 200)
    }
  }

  @Test("48 are served at once, and this machine's own user still is")
  func full() async throws {
    try await RemoteEngine.run { remote in
      var clients: [HTTPPeer] = []
      let headers = RemoteEngine.showing(RemoteEngine.view)
      for _ in 0..<48 {
        // Not more handshakes in a second than may begin in one.
        let client = try #require(try waitFor { try? remote.client() })
        #expect(try client.request("GET", "/healthz", headers: headers).status == 200)
        clients.append(client)
      }
      let next = try #require(try waitFor { try? remote.client() })
      let reply = try next.request("GET", "/healthz", headers: headers)
      #expect(reply.status == 503)
      #expect(reply.errorCode == "too-many-connections")
      #expect(try remote.engine.client().get("/healthz").status == 200)
      withExtendedLifetime(clients) {}
    }
  }

  @Test("HTTP without TLS is told what the port speaks")
  func plain() async throws {
    try await RemoteEngine.run { remote in
      let stream = try ByteStream(to: remote.address)
      try stream.send("GET /v1/stats HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(stream.waitForEnd())
      let text = String(decoding: stream.input, as: UTF8.self)
      #expect(text.hasPrefix("HTTP/1.1 400"))
      #expect(text.contains("This port speaks TLS"))
    }
  }

  @Test("A long list comes whole through TLS, and so do a watch and followed events")
  func streams() async throws {
    try await RemoteEngine.run { remote in
      let sessions = try remote.engine.sessions(3)
      let client = try remote.client()
      let headers = RemoteEngine.showing(RemoteEngine.operate)
      let list = try client.request("GET", "/v1/sessions", headers: headers)
        .decode(SessionList.self)
      #expect(Set(list.sessions.map(\.id)) == Set(sessions.map(\.id)))
      // Far more than one record holds.
      let long = String(repeating: "x", count: 700_000)
      let taken = try client.request(
        "POST", "/v1/send", #"{"sessions":["\#(sessions[1].id)"],"text":"\#(long)"}"#,
        headers: headers)
      #expect(taken.status == 200)
      let text = String(repeating: "x", count: 60_000)
      let reply = try client.request(
        "POST", "/v1/send", #"{"sessions":["\#(sessions[0].id)"],"text":"\#(text)"}"#,
        headers: headers)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(try sessions[0].peer.receive() == .text(text))
      let follower = try remote.client()
      try follower.send("GET", "/v1/events?follow=1", headers: headers)
      #expect(try follower.head().status.rawValue == 200)
      var line = ""
      while !line.contains("sent text") {
        line = String(decoding: try follower.line(), as: UTF8.self)
      }
      #expect(line.contains("olga (operate)"))
    }
  }

  @Test("It warns of an address that other machines can reach, and only then")
  func warning() async throws {
    try await RemoteEngine.run { remote in
      let events = try remote.engine.events(remote.engine.client())
      let told = try #require(events.first { $0.message.contains("listens") })
      #expect(told.kind == .engine)
      #expect(told.message == "the control API listens on \(remote.address) with TLS")
    }
    let address = BoundAddress(address: .internet(host: "192.0.2.1", port: 1), isLoopback: false)
    #expect(address.event.kind == .problem)
    #expect(
      address.event.message
        == "the control API listens on 192.0.2.1:1 with TLS, which can be reached from other machines"
    )
    for (text, isLoopback) in [
      ("127.0.0.1", true), ("127.8.9.10", true), ("::1", true), ("0.0.0.0", false), ("::", false),
      ("10.0.0.1", false), ("::ffff:127.0.0.1", true),
    ] {
      #expect(try #require(IPAddress(text)).isLoopback == isLoopback, "\(text)")
    }
  }

  @Test(
    "It listens on all addresses of both families where that is said, and warns of it",
    arguments: ["*", "::"])
  func everywhere(host: String) async throws {
    try await RemoteEngine.run({ settings in
      settings.remote?.addresses = [.internet(host: host, port: 0)]
    }) { remote in
      guard case .internet("*", let port) = remote.address else {
        Issue.record("\(remote.address) is not what was bound")
        return
      }
      for host in ["127.0.0.1", "::1"] {
        let client = try HTTPPeer(securelyTo: .internet(host: host, port: port))
        let reply = try client.request(
          "GET", "/v1/stats", headers: RemoteEngine.showing(RemoteEngine.view))
        #expect(reply.status == 200)
      }
      let client = try HTTPPeer(securelyTo: .internet(host: "127.0.0.1", port: port))
      let events = try client.request(
        "GET", "/v1/events", headers: RemoteEngine.showing(RemoteEngine.operate))
      #expect(
        String(decoding: events.body, as: UTF8.self).contains("can be reached from other machines"))
    }
  }

  @Test("IPv6 alone is IPv6 alone")
  func ipv6Only() async throws {
    try await RemoteEngine.run({ settings in
      settings.remote?.places = [
        ListenAddress(.internet(host: "::", port: 0), isIPv6Only: true)
      ]
    }) { remote in
      guard case .internet("::", let port) = remote.address else {
        Issue.record("\(remote.address) is not what was bound")
        return
      }
      _ = try HTTPPeer(securelyTo: .internet(host: "::1", port: port))
      #expect(throws: (any Error).self) {
        _ = try HTTPPeer(securelyTo: .internet(host: "127.0.0.1", port: port))
      }
    }
  }

  @Test("Files that cannot be used are told before anything listens")
  func start() throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    func start(_ remote: RemoteControl) throws {
      let path = try ControlPath(socket: "\(try TemporaryDirectory.make())/c.sock")
      defer { TemporaryDirectory.remove(of: path) }
      let server = try Server(ServerConfiguration(listeners: []), routes: Router())
      let control = try ControlServer(
        server: server, name: "a", version: "1", path: path, remote: remote, whenStopRequested: {})
      try control.start()
      control.stop()
    }
    let tokens = try RemoteEngine.write(RemoteEngine.tokens, to: certificates)
    var remote = RemoteControl(
      addresses: [.internet(host: "127.0.0.1", port: 0)],
      tls: TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey), tokens: tokens)
    try start(remote)
    chmod(tokens, 0o644)
    let shared = #expect(throws: RemoteControlError.self) { try start(remote) }
    #expect(shared?.description.contains("its mode is 0644; wants 0600") == true)
    chmod(tokens, 0o600)
    remote.tls.certificates[0].certificate = tokens
    let wrong = #expect(throws: RemoteControlError.self) { try start(remote) }
    #expect(wrong?.description == "\(tokens): there is no certificate in it; wants PEM")
    remote.tls.certificates[0].certificate = pair.certificate
    remote.addresses = [
      .internet(host: "127.0.0.1", port: 0), .internet(host: "256.0.0.1", port: 0),
    ]
    #expect(throws: SystemError.self) { try start(remote) }
    for addresses in [[], [SocketAddress.unix(path: "/tmp/x")]] {
      remote.addresses = addresses
      #expect(throws: RemoteControlError.self) { try start(remote) }
    }
  }
}

@Suite("Reloading the tokens", .limited, .timeLimit(.minutes(5)))
struct RemoteReloadTests {
  @Test("New tokens hold at once; whoever has lost one is sent away with 1008, others stay")
  func tokens() async throws {
    try await RemoteEngine.run { remote in
      let vera = try remote.watch(RemoteEngine.view)
      let olga = try remote.watch(RemoteEngine.operate)
      for watch in [vera, olga] {
        try watch.look(at: WatchRequest(intervalMilliseconds: 60_000))
        _ = try watch.snapshot()
      }
      let idle = try remote.client()
      let headers = RemoteEngine.showing(RemoteEngine.view)
      #expect(try idle.request("GET", "/healthz", headers: headers).status == 200)
      try RemoteEngine.write(
        "operate olga \(RemoteEngine.operate)\nview uwe another-0123456789abcdef\n",
        to: remote.certificates)
      let local = try remote.engine.client()
      let reply = try local.post("/v1/reload", "")
      let result = try reply.decode(ReloadResult.self)
      #expect(result.tokens == 2)
      #expect(result.certificates == 1)
      #expect(
        try vera.receive() == .close(.policyViolation, "the token holds no longer"))
      #expect(idle.stream.waitForEnd())
      #expect(
        try remote.get("/healthz", headers: headers).status == 401)
      let new = RemoteEngine.showing("another-0123456789abcdef")
      #expect(try remote.get("/healthz", headers: new).status == 200)
      try olga.look(at: WatchRequest())
      _ = try olga.snapshot()
      let event = try #require(
        try remote.engine.events(local).first { $0.message.contains("reloaded") })
      #expect(event.message == "reloaded 1 certificate and 2 tokens of the control API")
    }
  }

  @Test("A file that cannot be used changes nothing: 422, an event, and the old tokens hold")
  func broken() async throws {
    try await RemoteEngine.run { remote in
      let watch = try remote.watch(RemoteEngine.view)
      try RemoteEngine.write("view vera short\n", to: remote.certificates)
      let local = try remote.engine.client()
      let reply = try local.post("/v1/reload", "")
      #expect(reply.status == 422)
      #expect(reply.errorCode == "invalid-control-files")
      #expect(reply.text.contains("line 1: the token has 20 to 256"))
      #expect(throws: RemoteControlError.self) { try remote.engine.control.reload() }
      try watch.look(at: WatchRequest())
      #expect(try watch.snapshot().role == .view)
      let kept = try #require(
        try waitFor {
          let found = try remote.engine.events(local).filter {
            $0.message.contains("old ones stay")
          }
          return found.count == 2 ? found : nil
        })
      #expect(kept.allSatisfy { $0.kind == .problem })
      #expect(kept.first?.actor != nil && kept.last?.actor == nil)
    }
  }

  @Test("The signal's reload takes new certificates and tokens as well")
  func signal() async throws {
    try await RemoteEngine.run { remote in
      let watch = try remote.watch(RemoteEngine.view)
      try RemoteEngine.write("operate olga \(RemoteEngine.operate)\n", to: remote.certificates)
      #expect(try remote.engine.control.reload() == 1)
      #expect(try watch.receive() == .close(.policyViolation, "the token holds no longer"))
    }
  }
}
