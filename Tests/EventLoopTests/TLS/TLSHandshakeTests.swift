import TestCertificates
import Testing

@testable import EventLoop

@Suite("TLS handshakes in memory, RFC 8446 and RFC 5246")
struct TLSHandshakeTests {
  private let directory: TestCertificates
  private let authority: TestCertificates.Pair
  private let server: TestCertificates.Pair

  init() throws {
    directory = try TestCertificates()
    authority = try directory.make(
      TestCertificates.Plan("authority", names: []).with { $0.isAuthority = true })
    server = try directory.make(
      .init("server", names: ["server.test", "IP:127.0.0.1"]), signedBy: authority)
  }

  private func connect(
    _ serverContext: TLSContext, _ clientContext: TLSContext, name: String? = "server.test",
    resuming session: TLSSession? = nil, split: Int = 1 << 20
  ) throws -> (client: MemoryPeer, server: MemoryPeer) {
    let server = try MemoryPeer(server: serverContext)
    let client = try MemoryPeer(client: clientContext, name: name, resuming: session)
    carry(client, server, split: split)
    return (client, server)
  }

  private func failure(of peer: MemoryPeer) -> TLSError? {
    if case .failed(let error)? = peer.end { error } else { nil }
  }

  @Test(
    "Both versions are spoken, whatever the sizes of the pieces",
    arguments: [TLSContext.Version.v1_2, .v1_3], [1, 7, 100, 1 << 20])
  func versions(version: TLSContext.Version, split: Int) throws {
    let (client, server) = try connect(
      .server(TLSSettings(certificates: [server.files])),
      .client(verifying: .authorities(authority.certificate), versions: [version]), split: split)
    #expect(client.connection.isOpen)
    #expect(server.connection.isOpen)
    let details = server.connection.details
    #expect(details.version == (version == .v1_2 ? "TLSv1.2" : "TLSv1.3"))
    #expect(details.cipher == client.connection.details.cipher)
    #expect(!details.cipher.isEmpty)
    #expect(!details.isResumed)
    #expect(details.serverName == "server.test")
    #expect(details.applicationProtocol == "http/1.1")
    #expect(details.peerSubject == nil)
    #expect(client.connection.details.peerSubject == "CN=server")
    try client.send(Array("question".utf8))
    try server.send(Array("answer".utf8))
    carry(client, server, split: split)
    #expect(server.takeReceived() == Array("question".utf8))
    #expect(client.takeReceived() == Array("answer".utf8))
  }

  @Test("A request right behind the client's Finished is opened by the same call")
  func earlyRequest() throws {
    let server = try MemoryPeer(server: .server(TLSSettings(certificates: [server.files])))
    let client = try MemoryPeer(client: .client(verifying: .nothing))
    server.take(client.takeOutput(), split: 1 << 18)
    #expect(!server.connection.isOpen)
    client.take(server.takeOutput(), split: 1 << 18)
    try client.send(Array("GET /".utf8))
    server.take(client.takeOutput(), split: 1 << 18)
    #expect(server.connection.isOpen)
    #expect(server.takeReceived() == Array("GET /".utf8))
  }

  @Test("Versions before TLS 1.2 are refused")
  func oldVersions() throws {
    // A ClientHello of TLS 1.0 with one cipher suite and nothing else.
    let hello: [UInt8] =
      [3, 1] + [UInt8](repeating: 9, count: 32) + [0] + [0, 2, 0xC0, 0x13] + [1, 0]
    let message: [UInt8] = [1, 0, 0, UInt8(hello.count)] + hello
    let record: [UInt8] = [22, 3, 1, 0, UInt8(message.count)] + message
    let peer = try MemoryPeer(server: .server(TLSSettings(certificates: [server.files])))
    peer.take(record, split: 1 << 18)
    #expect(failure(of: peer)?.kind == .connection)
    #expect(failure(of: peer)?.reason == "unsupported protocol")
    // A fatal alert: protocol_version.
    #expect(Array(peer.takeOutput().suffix(2)) == [2, 70])
  }

  @Test("A certificate of an unknown authority, or for another name, is the client's to refuse")
  func verification() throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    let strict = try TLSContext.client(verifying: .authorities(authority.certificate))
    for name in ["server.test", "127.0.0.1"] {
      let (client, _) = try connect(context, strict, name: name)
      #expect(client.connection.isOpen)
    }
    for name in ["other.test", "127.0.0.2"] {
      let (client, server) = try connect(context, strict, name: name)
      #expect(failure(of: client)?.kind == .certificateRefused)
      #expect(failure(of: client)?.reason.contains("mismatch") == true)
      #expect(failure(of: server)?.kind == .connection)
      #expect(!server.connection.isOpen)
    }
    let (client, _) = try connect(context, .client(verifying: .system))
    #expect(failure(of: client)?.kind == .certificateRefused)
    let (open, _) = try connect(context, .client(verifying: .nothing), name: nil)
    #expect(open.connection.isOpen)
  }

  // MARK: ALPN

  @Test("A client that offers http/1.1 among others gets it; one that offers nothing is served")
  func applicationProtocol() throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    for offer in [["http/1.1"], ["h2", "http/1.1"], ["h2", "http/1.1", "x"]] {
      let (client, server) = try connect(context, .client(verifying: .nothing, protocols: offer))
      #expect(client.connection.details.applicationProtocol == "http/1.1")
      #expect(server.connection.details.applicationProtocol == "http/1.1")
    }
    let (client, server) = try connect(context, .client(verifying: .nothing, protocols: []))
    #expect(client.connection.isOpen)
    #expect(server.connection.details.applicationProtocol == nil)
  }

  @Test(
    "A client that offers other protocols only gets no_application_protocol, RFC 7301 §3.2",
    arguments: [TLSContext.Version.v1_2, .v1_3])
  func noCommonApplicationProtocol(version: TLSContext.Version) throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    for offer in [["h2"], ["http/1.0", "http/1.10", "http/1"]] {
      let (client, server) = try connect(
        context, .client(verifying: .nothing, protocols: offer, versions: [version]))
      #expect(failure(of: server)?.kind == .noCommonApplicationProtocol)
      #expect(failure(of: client)?.reason.contains("no application protocol") == true)
    }
  }

  // MARK: SNI

  @Test("The certificate for the name that is asked for is shown, else the first, RFC 6066 §3")
  func serverNames() throws {
    let wild = try directory.make(.init("wild", names: ["*.wild.test", "wild.test"]))
    let exact = try directory.make(.init("exact", names: ["exact.wild.test"]))
    let context = try TLSContext.server(
      TLSSettings(certificates: [server.files, wild.files, exact.files]))
    let expected: [(String?, String)] = [
      (nil, "server"), ("server.test", "server"), ("nobody.test", "server"),
      ("a.wild.test", "wild"), ("wild.test", "wild"), ("exact.wild.test", "exact"),
      ("a.b.wild.test", "server"), ("EXACT.wild.test", "exact"), ("127.0.0.1", "server"),
    ]
    for version in [TLSContext.Version.v1_2, .v1_3] {
      let clients = try TLSContext.client(verifying: .nothing, versions: [version])
      for (name, subject) in expected {
        let (client, server) = try connect(context, clients, name: name)
        #expect(client.connection.details.peerSubject == "CN=\(subject)", "asked for \(name ?? "")")
        #expect(server.connection.details.serverName == (name == "127.0.0.1" ? nil : name))
      }
    }
  }

  @Test("Of two certificates with one name but different keys the client's algorithms choose")
  func twoKinds() throws {
    let plan = TestCertificates.Plan("ec", names: ["both.test"])
    let curve = try directory.make(plan)
    let classic = try directory.make(
      plan.with {
        $0.commonName = "rsa"
        $0.key = .rsa(bits: 2048)
      })
    let second = try directory.make(
      plan.with {
        $0.commonName = "ec-again"
      })
    let context = try TLSContext.server(
      TLSSettings(certificates: [server.files, curve.files, classic.files, second.files]))
    let (client, _) = try connect(context, .client(verifying: .nothing), name: "both.test")
    // The first of a kind is shown, never the later one.
    #expect(["CN=ec", "CN=rsa"].contains(client.connection.details.peerSubject))
  }

  // MARK: Resumption

  @Test(
    "A session is resumed by its ticket, also on another connection's buffers, RFC 8446 §2.2",
    arguments: [TLSContext.Version.v1_2, .v1_3])
  func resumption(version: TLSContext.Version) throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    let clients = try TLSContext.client(
      verifying: .authorities(authority.certificate), versions: [version])
    let (first, _) = try connect(context, clients)
    #expect(!first.connection.details.isResumed)
    let session = try #require(first.connection.session)
    let (second, server) = try connect(context, clients, resuming: session)
    #expect(second.connection.details.isResumed)
    #expect(server.connection.details.isResumed)
    #expect(server.connection.details.serverName == "server.test")
    #expect(server.connection.details.applicationProtocol == "http/1.1")
    // Each one that is resumed gets a new ticket.
    var last = try #require(second.connection.session)
    for _ in 0..<3 {
      let (next, _) = try connect(context, clients, resuming: last)
      #expect(next.connection.details.isResumed)
      last = try #require(next.connection.session)
    }
    // A reloaded server has another key for tickets, and makes a full handshake.
    let reloaded = try TLSContext.server(TLSSettings(certificates: [self.server.files]))
    let (third, _) = try connect(reloaded, clients, resuming: session)
    #expect(third.connection.isOpen)
    #expect(!third.connection.details.isResumed)
  }

  // MARK: Client certificates

  @Test(
    "A client certificate is asked for, checked and named, RFC 8446 §4.3.2",
    arguments: [TLSContext.Version.v1_2, .v1_3])
  func clientCertificates(version: TLSContext.Version) throws {
    let good = try directory.make(.init("Jané, of/ops", names: []), signedBy: authority)
    let stranger = try directory.make(.init("stranger", names: []))
    func clients(_ pair: TestCertificates.Pair?) throws -> TLSContext {
      try .client(verifying: .nothing, identity: pair?.files, versions: [version])
    }
    func servers(_ clients: TLSSettings.ClientCertificates) throws -> TLSContext {
      try .server(TLSSettings(certificates: [server.files], clientCertificates: clients))
    }
    let required = try servers(.required(authorities: authority.certificate))
    let optional = try servers(.optional(authorities: authority.certificate))
    for context in [required, optional] {
      let (client, server) = try connect(context, clients(good))
      #expect(server.connection.isOpen)
      #expect(server.connection.details.peerSubject == "CN=Jané\\, of/ops")
      // It is remembered in the ticket.
      let session = try #require(client.connection.session)
      let (again, other) = try connect(context, clients(good), resuming: session)
      #expect(again.connection.details.isResumed)
      #expect(other.connection.details.peerSubject == "CN=Jané\\, of/ops")
      let (_, refusing) = try connect(context, clients(stranger))
      #expect(failure(of: refusing)?.kind == .certificateRefused)
    }
    let (_, refusing) = try connect(required, clients(nil))
    #expect(failure(of: refusing)?.kind == .certificateRefused)
    #expect(failure(of: refusing)?.reason == "the client shows no certificate")
    let (_, anonymous) = try connect(optional, clients(nil))
    #expect(anonymous.connection.isOpen)
    #expect(anonymous.connection.details.peerSubject == nil)
    let (_, ignoring) = try connect(servers(.ignored), clients(good))
    #expect(ignoring.connection.isOpen)
    #expect(ignoring.connection.details.peerSubject == nil)
  }

  // MARK: Bad input

  @Test(
    "A client that gets another protocol for an answer says that there is no TLS",
    arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
  func noTLS(answer: String) throws {
    let client = try MemoryPeer(client: .client(verifying: .nothing))
    client.take(Array(answer.utf8), split: 1 << 10)
    guard case .failed(let error)? = client.end else {
      Issue.record("the client goes on: \(String(describing: client.end))")
      return
    }
    #expect(error.reason == "there is no TLS at the other end")
  }

  @Test("HTTP without TLS is told from other garbage")
  func notTLS() throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    for text in ["GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n", "CONNECT a:1 HTTP/1.1\r\n"] {
      let peer = try MemoryPeer(server: context)
      peer.take(Array(text.utf8), split: 1 << 18)
      #expect(failure(of: peer)?.kind == .plainHTTP)
    }
    for bytes in [[UInt8](repeating: 0, count: 64), Array("\r\n\r\nhello there".utf8)] {
      let peer = try MemoryPeer(server: context)
      peer.take(bytes, split: 3)
      #expect(failure(of: peer)?.kind == .connection)
      // What follows a failure changes nothing.
      let error = failure(of: peer)
      peer.take(bytes, split: 1 << 18)
      #expect(failure(of: peer) == error)
    }
  }

  @Test("Every ClientHello with one byte changed is refused or served, and harms nobody")
  func damagedHello() throws {
    let context = try TLSContext.server(TLSSettings(certificates: [server.files]))
    let hello = try MemoryPeer(client: .client(verifying: .nothing), name: "server.test")
      .takeOutput()
    for index in hello.indices {
      var bytes = hello
      bytes[index] ^= 0x55
      let peer = try MemoryPeer(server: context)
      peer.take(bytes, split: 1 << 18)
      #expect(!peer.connection.isOpen)
    }
  }
}
