import COpenSSL
import TestCertificates
import Testing

@testable import EventLoop

@Suite("TLS records in memory")
struct TLSRecordTests {
  private let directory: TestCertificates
  private let context: TLSContext

  init() throws {
    directory = try TestCertificates()
    context = try TLSContext.server(TLSSettings(certificates: [directory.make().files]))
  }

  private func connect(
    _ version: TLSContext.Version
  ) throws -> (client: MemoryPeer, server: MemoryPeer) {
    let server = try MemoryPeer(server: context)
    let client = try MemoryPeer(client: .client(verifying: .nothing, versions: [version]))
    carry(client, server)
    return (client, server)
  }

  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  @Test(
    "Bytes of every size arrive whatever the pieces are, and nothing decrypted stays inside",
    arguments: [TLSContext.Version.v1_2, .v1_3], [1, 5, 1000, 16_389, 1 << 18])
  func sizes(version: TLSContext.Version, split: Int) throws {
    let (client, server) = try connect(version)
    for count in [1, 125, 16_383, 16_384, 16_385, split < 5 ? 20_000 : 300_000] {
      let bytes = pattern(count)
      try client.send(bytes)
      try server.send(bytes)
      carry(client, server, split: split)
      #expect(server.takeReceived() == bytes)
      #expect(client.takeReceived() == bytes)
      #expect(SSL_pending(server.connection.pointer) == 0)
    }
  }

  @Test(
    "A peer that ends its stream says so, and may be answered",
    arguments: [
      TLSContext.Version.v1_2, .v1_3,
    ])
  func closeNotify(version: TLSContext.Version) throws {
    let (client, server) = try connect(version)
    try client.send([1, 2, 3])
    client.connection.sealCloseNotify()
    server.take(client.takeOutput(), split: 1 << 18)
    #expect(server.takeReceived() == [1, 2, 3])
    #expect(server.end == .closeNotify)
    #expect(server.connection.hasReceivedCloseNotify)
    try server.send([4, 5])
    server.connection.sealCloseNotify()
    server.connection.sealCloseNotify()
    client.take(server.takeOutput(), split: 1)
    #expect(client.takeReceived() == [4, 5])
    #expect(client.end == .closeNotify)
    #expect(server.takeOutput().isEmpty)
  }

  @Test("A record with one bit changed ends the connection, and an alert says so")
  func tampered() throws {
    for version in [TLSContext.Version.v1_2, .v1_3] {
      let (client, server) = try connect(version)
      try client.send([1, 2, 3])
      var record = client.takeOutput()
      record[record.count - 1] ^= 1
      server.take(record, split: 1 << 18)
      guard case .failed(let error)? = server.end else {
        Issue.record("it was taken")
        return
      }
      #expect(error.kind == .connection)
      #expect(!server.connection.isOpen)
      #expect(throws: error) { try server.connection.seal([1].span) }
      client.take(server.takeOutput(), split: 1 << 18)
      guard case .failed? = client.end else {
        Issue.record("no alert")
        return
      }
    }
  }

  @Test("A TLS 1.2 client that wants to renegotiate is refused, and the session goes on")
  func renegotiation() throws {
    let (client, server) = try connect(.v1_2)
    SSL_clear_options(client.connection.pointer, COpenSSL_noRenegotiation)
    #expect(SSL_renegotiate(client.connection.pointer) == 1)
    _ = SSL_do_handshake(client.connection.pointer)
    let hello = client.takeOutput()
    #expect(!hello.isEmpty)
    server.take(hello, split: 1 << 18)
    #expect(server.end == nil)
    #expect(server.connection.isOpen)
    let refusal = server.takeOutput()
    #expect(refusal.first == 21, "an alert is sent")
    try server.send([7])
    #expect(!server.takeOutput().isEmpty)
  }

  @Test("Key updates are answered; a flood of them ends the connection, RFC 8446 §4.6.3")
  func keyUpdates() throws {
    let (client, server) = try connect(.v1_3)
    func update() {
      #expect(SSL_key_update(client.connection.pointer, Int32(SSL_KEY_UPDATE_REQUESTED)) == 1)
      #expect(SSL_do_handshake(client.connection.pointer) == 1)
    }
    update()
    try client.send([1])
    carry(client, server)
    #expect(server.takeReceived() == [1])
    try server.send([2])
    carry(client, server)
    #expect(client.takeReceived() == [2])
    var flood: [UInt8] = []
    while flood.count < 200_000 {
      update()
      flood += client.takeOutput()
    }
    server.take(flood, split: 1 << 18)
    guard case .failed(let error)? = server.end else {
      Issue.record("every one is answered")
      return
    }
    #expect(error.kind == .tooMuchOutput)
    #expect(server.takeOutput().count <= server.buffers.sealed.count)
  }

  @Test("An idle connection holds no buffer of OpenSSL's")
  func idleMemory() throws {
    let (client, server) = try connect(.v1_3)
    try client.send(pattern(50_000))
    carry(client, server)
    #expect(server.takeReceived().count == 50_000)
    #expect(SSL_alloc_buffers(server.connection.pointer) == 1)
    #expect(SSL_free_buffers(server.connection.pointer) == 1)
  }
}
