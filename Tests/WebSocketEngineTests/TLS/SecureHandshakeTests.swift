import EventLoop
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("TLS handshakes with a server", .limited, .timeLimit(.minutes(10)))
struct SecureHandshakeTests {
  private let certificates: TestCertificates
  private let pair: TestCertificates.Pair
  private let tls: TLSSettings

  init() throws {
    certificates = try TestCertificates()
    pair = try certificates.make()
    tls = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
  }

  @Test(
    "A trusted proxy's header stands in front of the TLS handshake, in any pieces",
    arguments: [false, true])
  func proxyHeader(inPieces: Bool) async throws {
    try await withServer(
      ["handshake-timeout=10m"], proxies: ["127.0.0.0/8"], tls: tls
    ) { fixture in
      let client = try await fixture.bareClient()
      for piece in inPieces ? ProxyHeaderBytes.v2.map({ [$0] }) : [ProxyHeaderBytes.v2] {
        try await client.send(raw: piece)
        if inPieces { _ = await fixture.server.reactors[0].run { _ in true } }
      }
      let turns = await fixture.count(.turns)
      try await client.secure(.client(verifying: .nothing))
      try await client.open("/echo")
      try await client.send("through a proxy")
      #expect(try await client.nextAnsweringPings() == .text("through a proxy"))
      let id = try fixture.onlySession().identity.id
      let request = await fixture.server.reactors[0].run { $0.sessions[id]?.request }
      #expect(request??.remoteAddress == "203.0.113.7")
      #expect(request??.isSecure == true)
      #expect(await fixture.count(.turns) - turns < 100, "nothing spins")
    }
  }

  @Test("A proxy's header that never ends does not spin, and is timed out")
  func unfinishedProxyHeader() async throws {
    try await withServer(
      ["handshake-timeout=500ms"], proxies: ["127.0.0.0/8"], tls: tls
    ) { fixture in
      let client = try await fixture.bareClient()
      try await client.send(raw: Array(ProxyHeaderBytes.v2.dropLast()))
      #expect(try await client.next() == .endOfStream)
      #expect(await fixture.count(.turns) < 200)
    }
  }

  @Test("TLS on a port in the clear gets 400 and is counted")
  func tlsToPlain() async throws {
    let hello = try {
      let buffers = TLSBuffers()
      let connection = try TLSConnection(
        client: .client(verifying: .nothing), serverName: "localhost", buffers)
      try connection.handshake()
      return buffers.takeSealed()
    }()
    let server = try Server(
      ServerConfiguration(listeners: [.internet(host: "127.0.0.1", port: 0)]), routes: Router())
    try server.start()
    guard case .internet(_, let port)? = server.addresses.first else { return }
    let response = try await TestClient(port: port).exchange(hello)
    #expect(response.status == 400)
    #expect(response.end == .endOfStream)
    let refusals = server.ledger.snapshot().refusals
    #expect(refusals.map(\.reason) == ["malformed-line"] && refusals.map(\.count) == [1])
    await server.shutDown(timeout: .seconds(5))
  }

  @Test("HTTP in the clear on a TLS port is answered with 400, in the clear, and counted")
  func plainToTLS() async throws {
    try await withServer(tls: tls) { fixture in
      let client = try await fixture.bareClient()
      let response = try await client.exchange(TestClient.handshake("/echo").request)
      #expect(response.status == 400)
      #expect(response.body.contains("wss://"))
      #expect(response.end == .endOfStream)
      #expect(await fixture.refusals("plain-http-to-tls", status: 400) == 1)
      try await fixture.expectAlive()
    }
  }

  @Test("Garbage on a TLS port is refused and counted, and harms nobody")
  func garbage() async throws {
    try await withServer(["close-timeout=200ms"], tls: tls) { fixture in
      for (index, bytes) in [
        [UInt8](repeating: 0, count: 1000), Array("\u{16}\u{03}\u{01}".utf8) + pattern(2000),
        pattern(300_000),
      ].enumerated() {
        let client = try await fixture.bareClient()
        // What is sent after the refusal may be refused by the kernel.
        _ = client.sendNow(raw: bytes)
        try await eventually("refusal \(index)") {
          await fixture.refusals("tls-handshake-failed", status: 0) == index + 1
        }
      }
      try await fixture.expectAlive()
      try await fixture.becomesEmpty()
    }
  }

  @Test("A handshake that is not finished in time ends, wherever it stands")
  func timeOut() async throws {
    let hello = try {
      let buffers = TLSBuffers()
      let connection = try TLSConnection(
        client: .client(verifying: .nothing), serverName: "localhost", buffers)
      try connection.handshake()
      return buffers.takeSealed()
    }()
    try await withServer(["handshake-timeout=300ms"], tls: tls) { fixture in
      // Nothing, half a ClientHello, and all of it without the answer to what comes back.
      for (index, bytes) in [[], Array(hello.prefix(100)), hello].enumerated() {
        let client = try await fixture.bareClient()
        try await client.send(raw: bytes)
        _ = try await client.readToEnd()
        #expect(await fixture.refusals("tls-handshake-timed-out", status: 0) == index + 1)
      }
      // TLS is done and the request does not come; a handshake may take long on a busy machine.
      let change = LimitAssignments(set: [.handshakeTimeout: .amount(10_000)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      let secured = try await fixture.client()
      let response = try await secured.response()
      #expect(response.status == 408)
      #expect(await fixture.refusals("handshake-timed-out", status: 408) == 1)
      secured.close()
      try await fixture.becomesEmpty()
    }
  }

  @Test("A client that speaks another protocol only is refused, RFC 7301 §3.2")
  func noCommonApplicationProtocol() async throws {
    try await withServer(tls: tls) { fixture in
      let client = try await fixture.bareClient()
      await #expect(throws: TestClient.Failure.self) {
        try await client.secure(.client(verifying: .nothing, protocols: ["h2"]))
      }
      // The alert may arrive before it is counted.
      try await eventually("the count") {
        await fixture.refusals("no-common-application-protocol", status: 0) == 1
      }
      try await fixture.expectAlive()
    }
  }

  @Test("A client certificate is asked for, and the handler and the details have its subject")
  func clientCertificates() async throws {
    let authority = try certificates.make(
      TestCertificates.Plan("authority", names: []).with { $0.isAuthority = true })
    let jane = try certificates.make(.init("jane", names: []), signedBy: authority)
    let stranger = try certificates.make(.init("stranger", names: []))
    let subjects = Recorder<String?>()
    var settings = tls
    settings.clientCertificates = .required(authorities: authority.certificate)
    try await withServer(tls: settings) { router in
      try router.route("/note") { request in
        subjects.note(request.clientCertificateSubject)
        return ClosureHandler()
      }
    } _: { fixture in
      func client(_ pair: TestCertificates.Pair?) async throws -> TestClient {
        let client = try await fixture.bareClient()
        try await client.secure(
          .client(
            verifying: .nothing,
            identity: pair.map {
              TLSSettings.CertificateFiles(certificate: $0.certificate, privateKey: $0.privateKey)
            }, versions: [.v1_2]))
        return client
      }
      let good = try await client(jane)
      try await good.open("/note")
      #expect(subjects.all == ["CN=jane"])
      let id = try fixture.onlySession().identity.id
      #expect(await fixture.server.particulars(of: id)?.tls?.peerSubject == "CN=jane")
      for pair in [stranger, nil] {
        await #expect(throws: TestClient.Failure.self) { _ = try await client(pair) }
      }
      try await eventually("the count") {
        await fixture.refusals("client-certificate-refused", status: 0) == 2
      }
    }
  }

  @Test("A session is resumed on whichever reactor the client lands")
  func resumption() async throws {
    try await withServer(reactors: 3, tls: tls) { fixture in
      let clients = try TLSContext.client(verifying: .nothing)
      let first = try await fixture.bareClient()
      try await first.secure(clients)
      try await first.open()
      var session = try #require(first.tls?.session)
      for _ in 0..<8 {
        let client = try await fixture.bareClient()
        try await client.secure(clients, resuming: session)
        try await client.open()
        #expect(client.tls?.details.isResumed == true)
        session = try #require(client.tls?.session)
        client.close()
      }
    }
  }

  @Test("A slow client gives way to others: over TLS once that is done, without a word before")
  func givesWay() async throws {
    try await withServer(["handshake-timeout=10m"], tls: tls) { fixture in
      let silent = try await fixture.bareClient()
      let secured = try await fixture.client()
      // The client's side of a handshake is done before the server's.
      try await eventually("both") {
        let secured = await fixture.server.reactors[0].run { reactor in
          reactor.openings.inOrder.count { !$0.isSecuring }
        }
        return await fixture.count(.openingNow) == 2 && secured == 1
      }
      _ = await fixture.server.reactors[0].run { reactor in
        for opening in Array(reactor.openings.inOrder) { opening.giveWay(.outOfDescriptors) }
      }
      #expect(try await silent.readToEnd().bytes.isEmpty)
      #expect(try await secured.response().status == 503)
      #expect(await fixture.refusals("out-of-descriptors", status: 503) == 2)
    }
  }

  @Test("Many handshakes at once are all made, a few in a turn, while open sessions are served")
  func many() async throws {
    try await withServer(tls: tls) { fixture in
      let steady = try await fixture.session()
      let clients = try TLSContext.client(verifying: .nothing)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<100 {
          group.addTask {
            let client = try await fixture.bareClient()
            try await client.secure(clients)
            try await client.open()
            try await client.send("me")
            #expect(try await client.nextAnsweringPings() == .text("me"))
          }
        }
        for index in 0..<50 {
          try await steady.send("\(index)")
          #expect(try await steady.nextAnsweringPings() == .text("\(index)"))
        }
        try await group.waitForAll()
      }
      #expect(await fixture.count(.opened) == 101)
    }
  }

  @Test("A file that cannot be used is an error at the start, and nothing listens")
  func badFile() throws {
    let missing = certificates.path("missing.pem")
    let server = try Server(
      ServerConfiguration(
        listeners: [
          .internet(host: "127.0.0.1", port: 0),
          .internet(
            host: "127.0.0.1", port: 0,
            tls: TLSSettings(certificate: missing, privateKey: pair.privateKey)),
        ]), routes: Router())
    let error = #expect(throws: TLSError.self) { try server.start() }
    #expect(error?.description == "\(missing): No such file or directory")
    #expect(server.addresses.isEmpty)
  }
}

@Suite("Turns of TLS handshakes", .limited)
struct HandshakeQueueTests {
  @Test("At most so many steps are taken in a turn, in order, and those that ended do not count")
  func turns() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let settings = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
    let taken = Recorder<[Int]>()
    try await withServer(tls: settings) { fixture in
      _ = await fixture.server.reactors[0].run { reactor in
        var queue = HandshakeQueue()
        guard let context = try? TLSContext.server(settings) else { return }
        let listener = SessionListener(
          0, descriptor: -1, address: "none", tls: context, isShared: false, sessions: reactor)
        let openings: [OpeningConnection] = (0..<11).compactMap { _ in
          guard let (near, far) = try? Socket.pair() else { return nil }
          Syscalls.close(far)
          return OpeningConnection(
            descriptor: near, peer: PeerAddress(address: "unix", port: 0), listener: listener,
            sessions: reactor)
        }
        let isLater = openings.map { queue.append($0) }
        taken.note(isLater.map { $0 ? 1 : 0 })
        openings[1].close()
        while !queue.isEmpty {
          taken.note(queue.takeTurn().map { next in openings.firstIndex { $0 === next } ?? -1 })
        }
        for opening in openings { opening.close() }
        reactor.counters.add(openings.count, to: .openingNow)
      }
      #expect(
        taken.all == [
          [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], [0, 2, 3, 4], [5, 6, 7, 8], [9, 10],
        ])
    }
  }
}
