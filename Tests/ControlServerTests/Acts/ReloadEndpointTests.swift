import ControlProtocol
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("POST /v1/reload", .limited, .timeLimit(.minutes(2)))
struct ReloadEndpointTests {
  @Test("Certificates are read again; a bad file is refused with 422, and both are kept as events")
  func reload() async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let tls = TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey)
    try await TestEngine.run(tls: tls) { engine in
      let client = try engine.client()
      let reply = try client.post("/v1/reload", "")
      #expect(reply.status == 200)
      let result = try ControlJSON.decode(ReloadResult.self, from: reply.body)
      #expect(result == ReloadResult(engine: engine.server.run, certificates: 1))
      try certificates.write("broken", to: "test.pem")
      let refused = try client.post("/v1/reload", "")
      #expect(refused.status == 422)
      let error = try ControlJSON.decode(ControlError.self, from: refused.body).error
      #expect(error.code == "invalid-certificate")
      let reason = "\(pair.certificate): there is no certificate in it; wants PEM"
      #expect(error.message == reason)
      let events = try engine.events(client)
      let told = events.filter { $0.message.contains("certificate") }
      #expect(told.map(\.kind) == [.act, .problem])
      #expect(
        told.map(\.message) == [
          "reloaded 1 certificate",
          "the certificates were not reloaded, and the old ones stay: \(reason)",
        ])
      #expect(told.allSatisfy { $0.command?.hasPrefix("wstop reload") == true })
      #expect(told.allSatisfy { $0.actor != nil })
    }
  }

  @Test("Without TLS there is nothing to reload")
  func nothing() async throws {
    try await TestEngine.run { engine in
      let reply = try engine.client().post("/v1/reload", "")
      let result = try ControlJSON.decode(ReloadResult.self, from: reply.body)
      #expect(result.certificates == 0)
      #expect(try engine.client().get("/v1/reload").status == 405)
    }
  }

  @Test("What the engine notices of its certificates is told each time, a lasting trouble once")
  func notices() {
    var filter = NoticeFilter()
    let now = Instant(nanoseconds: 0)
    for _ in 0..<2 {
      let events = filter.events(
        for: [
          .certificatesReloaded(count: 2), .certificatesKept(reason: "a.pem: gone"),
          .certificate(warning: "b.pem: old"),
        ], at: now)
      #expect(
        Set(events.map(\.message)) == [
          "reloaded 2 certificates",
          "the certificates were not reloaded, and the old ones stay: a.pem: gone", "b.pem: old",
        ])
      #expect(events.count { $0.kind == .engine } == 1)
    }
    #expect(filter.events(for: [.slowHandler(route: "/a")], at: now).count == 1)
    #expect(filter.events(for: [.slowHandler(route: "/a")], at: now).isEmpty)
  }
}
