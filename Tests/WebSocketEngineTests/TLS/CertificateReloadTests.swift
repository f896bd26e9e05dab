import EventLoop
import Foundation
import TestCertificates
import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Reloading certificates", .limited, .timeLimit(.minutes(10)))
struct CertificateReloadTests {
  private let certificates: TestCertificates

  init() throws {
    certificates = try TestCertificates()
  }

  /// The subject of the certificate that a fresh client is shown.
  private func subject(_ fixture: ServerFixture) async throws -> String? {
    let client = try await fixture.client()
    return client.tls?.details.peerSubject
  }

  /// What is told since the last time, but for turns that took long on a busy machine.
  private func notices(_ fixture: ServerFixture) -> [Notices.Notice] {
    fixture.server.notices.takeAll().filter { !$0.isCondition }
  }

  @Test("New clients see the new certificate on every reactor; open sessions go on")
  func reload() async throws {
    let old = try certificates.make(.init("old"), file: "shown")
    let settings = TLSSettings(certificate: old.certificate, privateKey: old.privateKey)
    try await withServer(reactors: 3, tls: settings) { fixture in
      var sessions: [TestClient] = []
      for _ in 0..<6 { sessions.append(try await fixture.session()) }
      #expect(try await subject(fixture) == "CN=old")
      _ = try certificates.make(.init("new"), file: "shown")
      #expect(try await subject(fixture) == "CN=old")
      #expect(try await fixture.server.reloadCertificates() == 1)
      for _ in 0..<6 { #expect(try await subject(fixture) == "CN=new") }
      for (index, session) in sessions.enumerated() {
        try await session.send("\(index)")
        #expect(try await session.nextAnsweringPings() == .text("\(index)"))
      }
      #expect(notices(fixture) == [.certificatesReloaded(count: 1)])
    }
  }

  @Test("A handshake that began before a reload ends with what it began with")
  func duringHandshake() async throws {
    let old = try certificates.make(.init("old"), file: "shown")
    let extra = try certificates.make(.init("extra", names: ["extra.test"]))
    let settings = TLSSettings(
      certificates: [
        .init(certificate: old.certificate, privateKey: old.privateKey),
        .init(certificate: extra.certificate, privateKey: extra.privateKey),
      ])
    try await withServer(tls: settings) { fixture in
      let buffers = TLSBuffers()
      let slow = try TLSConnection(
        client: .client(verifying: .nothing), serverName: "extra.test", buffers)
      try slow.handshake()
      let hello = buffers.takeSealed()
      let client = try await fixture.bareClient()
      // All but the last byte: the server has the connection's context, and chooses later.
      try await client.send(raw: Array(hello.dropLast()))
      try await eventually("a handshake") { await fixture.count(.openingNow) == 1 }
      _ = await fixture.server.reactors[0].run { _ in }
      #expect(try await fixture.server.reloadCertificates() == 2)
      try await client.send(raw: [hello[hello.count - 1]])
      let first = try await client.read(atMost: 5).bytes
      #expect(first.first == 22, "a ServerHello")
      client.close()
      try await fixture.becomesEmpty()
    }
  }

  @Test("A bad file keeps the old certificates, and the event and the log say why")
  func badFile() async throws {
    let old = try certificates.make(.init("old"), file: "shown")
    let other = try certificates.make(.init("other"))
    let settings = TLSSettings(
      certificates: [
        .init(certificate: old.certificate, privateKey: old.privateKey),
        .init(certificate: other.certificate, privateKey: other.privateKey),
      ])
    try await withServer(tls: settings) { fixture in
      let session = try await fixture.session()
      _ = try certificates.make(.init("new"), file: "shown")
      try certificates.write("broken", to: "other.pem")
      let expected = "\(other.certificate): there is no certificate in it; wants PEM"
      let error = await #expect(throws: TLSError.self) {
        try await fixture.server.reloadCertificates()
      }
      #expect(error?.description == expected)
      // All or none: the first one is not taken over either.
      #expect(try await subject(fixture) == "CN=old")
      #expect(notices(fixture) == [.certificatesKept(reason: expected)])
      #expect(fixture.log.all == ["certificates were not reloaded error=\(expected)"])
      try await session.send("still here")
      #expect(try await session.nextAnsweringPings() == .text("still here"))
    }
  }

  @Test("An expired certificate is served, and warned of at the start and at each reload")
  func expired() async throws {
    let old = try certificates.make(TestCertificates.Plan("old").with { $0.ends = -3600 })
    let settings = TLSSettings(certificate: old.certificate, privateKey: old.privateKey)
    let warning = "\(old.certificate): the certificate has expired; clients will refuse it"
    try await withServer(tls: settings) { fixture in
      #expect(notices(fixture) == [.certificate(warning: warning)])
      #expect(fixture.log.all == [warning])
      #expect(try await fixture.server.replaceCertificates().warnings == [warning])
      #expect(notices(fixture) == [.certificate(warning: warning)])
      try await fixture.expectAlive()
    }
  }

  @Test("Without a listener that speaks TLS there is nothing to reload")
  func nothing() async throws {
    let server = try Server(
      ServerConfiguration(listeners: [.internet(host: "127.0.0.1", port: 0)]), routes: Router())
    #expect(try await server.reloadCertificates() == 0)
  }
}
