import EventLoop
import Glibc
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Sessions over TLS", .limited, .timeLimit(.minutes(10)))
struct SecureSessionTests {
  private let certificates: TestCertificates
  private let tls: TLSSettings

  init() throws {
    certificates = try TestCertificates()
    let pair = try certificates.make()
    tls = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
  }

  @Test("Messages of every size are echoed, by both kinds of handler, in both versions")
  func echo() async throws {
    try await withServer(["message-bytes=8MiB"], tls: tls) { fixture in
      for version in [TLSContext.Version.v1_2, .v1_3] {
        for target in ["/echo", "/echo-async"] {
          let client = try await fixture.bareClient()
          try await client.secure(.client(verifying: .nothing, versions: [version]))
          try await client.open(target)
          for count in [0, 1, 125, 126, 16_384, 65_536, 65_537, 1_000_000, 5_000_000] {
            let bytes = pattern(count, seed: count)
            try await client.send(bytes)
            guard case .binary(let answer) = try await client.nextAnsweringPings() else {
              Issue.record("no message of \(count) bytes")
              return
            }
            #expect(areEqual(answer, bytes))
          }
          try await client.send("κόσμε")
          #expect(try await client.nextAnsweringPings() == .text("κόσμε"))
          try await client.sendClose(.normalClosure)
          #expect(try await client.next() == .close(1000, ""))
          #expect(try await client.next() == .endOfStream)
          #expect(client.tls?.hasReceivedCloseNotify == true)
        }
      }
      #expect(await fixture.closes(1000, by: .peer) == 4)
    }
  }

  @Test("Thousands of small messages at once come back in order")
  func manySmall() async throws {
    try await withServer(tls: tls) { fixture in
      let client = try await fixture.session()
      var burst: [UInt8] = []
      for index in 0..<5000 { burst += client.frame(.text, Array("\(index)".utf8)) }
      try await client.send(raw: burst)
      for index in 0..<5000 {
        #expect(try await client.nextAnsweringPings() == .text("\(index)"))
      }
      // A turn's counts are published at its end, when its answers may have come already.
      try await eventually("the counts") { try fixture.onlySession().messagesOut == 5000 }
      let sample = try fixture.onlySession()
      #expect(sample.messagesIn == 5000)
      // Records cost a little more than what is in them.
      #expect(sample.wireIn > burst.count && sample.wireIn < burst.count * 2)
      #expect(sample.wireOut > sample.bytesOut)
    }
  }

  @Test("A request in the handshake's last flight, with messages behind it, is served")
  func pipelined() async throws {
    try await withServer(tls: tls) { fixture in
      let client = try await fixture.client()
      let request =
        TestClient.handshake("/echo").request + client.frame(.text, Array("early".utf8))
      try await client.send(raw: request)
      _ = try await client.responseHead()
      #expect(try await client.nextAnsweringPings() == .text("early"))
    }
  }

  @Test("A peer that sends much and reads late gets all of it, and is not read from meanwhile")
  func backPressure() async throws {
    try await withServer(["backlog-bytes=1MiB", "message-bytes=1MiB"], tls: tls) { fixture in
      let client = try await fixture.session(receiveBufferByteCount: 16 << 10)
      let message = pattern(200_000)
      let frame = client.frame(.binary, message)
      // As much as the server and the kernel take; then it stops reading.
      var sent = 0
      var isTaken = true
      while isTaken {
        let tls = try #require(client.tls)
        if tls.hasUnsent {
          _ = tls.flush(to: client.descriptor)
        } else {
          var rest = sent % frame.count
          rest += client.sendNow(raw: Array(frame[rest...]))
          sent = sent / frame.count * frame.count + rest
        }
        if tls.hasUnsent {
          let hasRoom = await Waiting.shared.wait(
            for: client.descriptor, POLLOUT, timeout: .milliseconds(500))
          // A server that only stands still for that long has not stopped reading.
          let owedByteCount = await fixture.bufferedByteCount
          isTaken = try hasRoom || owedByteCount == 0 || fixture.onlySession().backlogPeak == 0
        }
      }
      let sample = try fixture.onlySession()
      #expect(sample.backlogPeak <= 2 << 20)
      #expect(sample.backlogPeak > 0)
      #expect(await fixture.bufferedByteCount > 0)
      let total = (sent + frame.count - 1) / frame.count
      var received = 0
      while received < total {
        let tls = try #require(client.tls)
        if tls.hasUnsent {
          _ = tls.flush(to: client.descriptor)
        } else if sent < total * frame.count {
          sent += client.sendNow(raw: Array(frame[(sent % frame.count)...]))
        }
        do {
          guard case .binary(let bytes) = try await client.next(timeout: .milliseconds(5)) else {
            Issue.record("no message")
            return
          }
          #expect(areEqual(bytes, message))
          received += 1
        } catch is TestTimeout {}
      }
      try await eventually("nothing owed") { try fixture.onlySession().backlog == 0 }
      try await eventually("nothing held") { await fixture.bufferedByteCount == 0 }
    }
  }

  @Test("A long message to a slow reader leaves in fragments, with pings between them")
  func slowReader() async throws {
    // More than any socket's buffers take.
    let long = pattern(8 << 20)
    try await withServer(
      ["message-bytes=8MiB", "backlog-bytes=16MiB"], tls: tls
    ) { router in
      try router.route("/push") { _ in
        ClosureHandler { _, _, session in try session.send(long.span, as: .binary) }
      }
    } _: { fixture in
      let client = try await fixture.session("/push", receiveBufferByteCount: 4096)
      try await client.send("go")
      try await eventually("a backlog") { fixture.samples.first.map { $0.backlog > 0 } ?? false }
      let id = try fixture.onlySession().identity.id
      #expect(await fixture.server.send(.ping, to: [id]).count == 1)
      var bytes: [UInt8] = []
      var pings = 0
      var isFinal = false
      while !isFinal {
        let frame = try await client.nextFrame()
        if frame.opcode == 9 {
          pings += 1
        } else {
          bytes += frame.payload
          isFinal = frame.isFinal
        }
      }
      #expect(areEqual(bytes, long))
      #expect(pings == 1)
    }
  }

  @Test("A consumer that reads nothing is closed with 1008 behind what is encrypted already")
  func slowConsumer() async throws {
    try await withServer(
      ["backlog-bytes=64KiB", "close-timeout=20s"], tls: tls
    ) { fixture in
      let client = try await fixture.session(receiveBufferByteCount: 4096)
      let id = try fixture.onlySession().identity.id
      let block = pattern(60_000)
      var outcome = SessionActOutcome.done
      for _ in 0..<500 where outcome == .done || outcome == .queued {
        outcome = try await fixture.server.send(.message(block, .binary), to: [id]).at(0)
      }
      #expect(outcome == .backlogFull || outcome == .notOpen)
      try await eventually("the close") { await fixture.closes(1008, by: .limit) == 1 }
      var last: TestClient.Frame
      repeat { last = try await client.nextFrame() } while last.opcode != 8
      #expect(last.payload == [0x03, 0xF0] + Array("slow consumer".utf8))
      try await client.sendClose(.policyViolation)
      #expect(try await client.readToEnd().end == .endOfStream)
    }
  }

  @Test("At shutdown every client gets 1001, then close_notify (B13)")
  func shutdown() async throws {
    // Whoever is cut off for being slow gets no close_notify.
    try await withServer(["close-timeout=10m"], reactors: 2, tls: tls) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<10 { clients.append(try await fixture.session()) }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(120))
      for client in clients {
        #expect(try await client.nextAnsweringPings() == .close(1001, ""))
        try await client.sendClose(.goingAway)
        #expect(try await client.next() == .endOfStream)
        #expect(client.tls?.hasReceivedCloseNotify == true)
        client.close()
      }
      await shutDown
      #expect(await fixture.closes(1001, by: .shutdown) == 10)
    }
  }

  @Test("A connection cut without close_notify, and one that only says close_notify, are 1006")
  func truncation() async throws {
    try await withServer(tls: tls) { fixture in
      let cut = try await fixture.session()
      cut.close()
      try await eventually("the first close") { await fixture.closes(1006, by: .network) == 1 }
      let polite = try await fixture.session()
      try await polite.send("last words")
      _ = polite.tls?.sendCloseNotify(to: polite.descriptor)
      #expect(try await polite.nextAnsweringPings() == .text("last words"))
      #expect(try await polite.next() == .endOfStream)
      try await eventually("the second close") { await fixture.closes(1006, by: .network) == 2 }
    }
  }

  @Test("A close_notify that comes while the handler's inbox is full is noticed afterwards")
  func endWhilePaused() async throws {
    let gate = Recorder<Int>()
    let seen = Recorder<Int>()
    try await withServer(["backlog-bytes=1KiB"], tls: tls) { router in
      try router.webSocket("/slow") { socket in
        try await socket.accept()
        try await eventually("the gate") { gate.count > 0 }
        for try await message in socket.messages {
          if case .text = message { seen.note(1) }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/slow")
      var burst: [UInt8] = []
      for _ in 0..<20_000 { burst += client.frame(.text, Array("word".utf8)) }
      try await client.send(raw: burst)
      _ = client.tls?.sendCloseNotify(to: client.descriptor)
      gate.note(1)
      try await eventually("the end") { await fixture.closes(1006, by: .network) == 1 }
      try await eventually("all messages, of which \(seen.count) came") { seen.count == 20_000 }
    }
  }

  @Test("A record that was tampered with ends the session alone, with 1006")
  func tampered() async throws {
    try await withServer(tls: tls) { fixture in
      let good = try await fixture.session()
      let bad = try await fixture.session()
      _ = Syscalls.send(bad.descriptor, ([23, 3, 3, 0, 40] + pattern(40)).span)
      guard case .tlsFailure = try await bad.next() else {
        Issue.record("no alert came")
        return
      }
      try await eventually("the close") { await fixture.closes(1006, by: .network) == 1 }
      try await good.send("still here")
      #expect(try await good.nextAnsweringPings() == .text("still here"))
    }
  }

  @Test("The request, the record's flags and the details say how it is secured (B15)")
  func details() async throws {
    let requests = Recorder<(Bool, String?)>()
    try await withServer(origins: [], tls: tls) { router in
      try router.route("/note") { request in
        requests.note((request.isSecure, request.clientCertificateSubject))
        return ClosureHandler()
      }
    } _: { fixture in
      let client = try await fixture.client()
      // A page that came over TLS is of the same origin, one that came in the clear is not.
      try await client.open("/note", headers: [("Origin", "https://127.0.0.1")])
      #expect(requests.all.map(\.0) == [true])
      #expect(requests.last?.1 == nil)
      #expect(try fixture.onlySession().flags.contains(.tls))
      let id = try fixture.onlySession().identity.id
      let details = try #require(await fixture.server.particulars(of: id)?.tls)
      #expect(details.version == "TLSv1.3")
      #expect(details.cipher == client.tls?.details.cipher)
      #expect(details.serverName == "localhost")
      #expect(!details.isResumed)
      #expect(details.peerSubject == nil)
      let other = try await fixture.client()
      let response = try await other.exchange(
        TestClient.handshake("/note", headers: [("Origin", "http://127.0.0.1")]).request)
      #expect(response.status == 403)
      #expect(response.end == .endOfStream)
      #expect(await fixture.refusals("origin-not-allowed", status: 403) == 1)
      #expect(fixture.server.listenerTexts == ["127.0.0.1:\(fixture.port) tls"])
    }
  }

  @Test("A broadcast reaches members over TLS and in the clear")
  func broadcast() async throws {
    let settings = try ServerConfiguration(
      listeners: [
        .internet(host: "127.0.0.1", port: 0), .internet(host: "127.0.0.1", port: 0, tls: tls),
      ])
    var router = Router()
    try router.route("/room") { _ in
      ClosureHandler(
        received: { message, kind, session in
          try session.broadcast(text(message), to: "all", includesSelf: true)
        }, opened: { try $0.join("all") })
    }
    let server = try Server(settings, routes: router)
    try server.start()
    var clients: [TestClient] = []
    for (index, address) in server.addresses.enumerated() {
      guard case .internet(_, let port) = address else { continue }
      for _ in 0..<3 {
        let client = try await TestClient(port: port)
        if index == 1 { try await client.secure(.client(verifying: .nothing)) }
        try await client.open("/room")
        clients.append(client)
      }
    }
    let long = String(repeating: "long ", count: 40_000)
    for words in ["short", long] {
      try await clients[0].send(words)
      for client in clients {
        #expect(try await client.nextAnsweringPings() == .text(words))
      }
    }
    let flags = server.reactors.flatMap { handle in
      var flags: [Bool] = []
      handle.slab.forEachOpen { flags.append($1.flags.contains(.tls)) }
      return flags
    }
    #expect(flags.count { $0 } == 3 && flags.count == 6)
    clients.forEach { $0.close() }
    await server.shutDown(timeout: .seconds(5))
  }
}
