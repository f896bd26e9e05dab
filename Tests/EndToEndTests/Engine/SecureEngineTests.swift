import Foundation
import TestCertificates
import TestSupport
import Testing

@Suite("An engine that speaks TLS", .workspace, .limited, .timeLimit(.minutes(15)))
struct SecureEngineTests {
  private let certificates: TestCertificates

  init() throws {
    certificates = try TestCertificates()
  }

  private func start(
    _ pair: TestCertificates.Pair, _ more: String...
  ) async throws -> Engine {
    try await Engine.start(
      [
        "--listen", "tls:127.0.0.1:0", "--certificate", pair.certificate, "--private-key",
        pair.privateKey,
      ] + more)
  }

  /// Whether curl finds a WebSocket endpoint there whose certificate the file vouches for.
  private func answers(_ engine: Engine, trusting path: String) async throws -> Bool {
    let outcome = try await run(
      "/usr/bin/curl",
      [
        "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", path,
        "https://localhost:\(try engine.securePort)/ws/echo",
      ])
    return outcome.exitCode == 0 && outcome.text == "426"
  }

  @Test("B15: the same routes are served over wss, and the commands show how")
  func echo() async throws {
    let pair = try certificates.make()
    let engine = try await start(pair)
    let plain = try await Client.connect(engine.url("/ws/echo"))
    let secure = try await Client.connect(
      engine.secureURL("/ws/echo"), authority: pair.certificate)
    for client in [plain, secure] {
      try await client.send("hello")
      #expect(try await client.receive() == .text("hello"))
      for size in [100_000, 1_000_000] {
        let digest = try await client.send(byteCount: size)
        #expect(
          try await client.receive() == .long(byteCount: size, digest: digest, isText: false))
      }
    }
    let id = try await engine.id(of: secure)
    let details = try await engine.json("show", id)
    #expect(details["tlsVersion"]?.string?.hasPrefix("TLSv1.3 TLS_") == true)
    #expect(details["tlsResumed"] == .bool(false))
    #expect(details["serverName"]?.string == "localhost")
    #expect(details["row"]?["tls"] == .bool(true))
    #expect(try await engine.wstop("show", id).text.contains("tls\tTLSv1.3 TLS_"))
    let filtered = try await engine.json("sessions", "--filter", "tls")
    #expect(filtered["sessions"]?.array.map { $0["id"]?.string } == [id])
    let clear = try await engine.json("sessions", "--filter", "!tls")
    #expect(clear["sessions"]?.array.count == 1)
    let outcome = try await engine.wstop("close", id, "--code", "4001", "--reason", "over")
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(try await secure.closed() == Client.Close(4001, "over"))
    engine.process.signal(SIGTERM)
    #expect(try await plain.closed().code == 1001)
    #expect(try await engine.process.waitForExit() == 0)
  }

  @Test("SIGHUP and wstop reload show new certificates and drop nobody; a bad file keeps the old")
  func reload() async throws {
    let first = try certificates.make(.init("first"), file: "shown")
    let firstCopy = certificates.path("first.pem")
    try FileManager.default.copyItem(atPath: first.certificate, toPath: firstCopy)
    let engine = try await start(first, "--reactors", "2")
    let client = try await Client.connect(
      engine.secureURL("/ws/echo"), authority: first.certificate)
    #expect(try await answers(engine, trusting: firstCopy))

    let second = try certificates.make(.init("second"), file: "shown")
    let secondCopy = certificates.path("second.pem")
    try FileManager.default.copyItem(atPath: second.certificate, toPath: secondCopy)
    #expect(try await answers(engine, trusting: firstCopy))
    let outcome = try await engine.wstop("reload")
    #expect(outcome.exitCode == 0 && outcome.text == "1 certificate reloaded\n", "\(outcome)")
    #expect(try await answers(engine, trusting: secondCopy))
    #expect(try await !answers(engine, trusting: firstCopy))

    let third = try certificates.make(.init("third"), file: "shown")
    engine.process.signal(SIGHUP)
    try await until("the certificate is not reloaded") {
      try await answers(engine, trusting: third.certificate)
    }

    try certificates.write("broken", to: "shown.key")
    let refused = try await engine.wstop("reload")
    #expect(refused.failed(1, "shown.key", "there is no private key in it"), "\(refused)")
    engine.process.signal(SIGHUP)
    try await until("no event tells of the refusals") {
      let events = try await engine.wstop("events").text
      return events.components(separatedBy: "the old ones stay: ").count == 3
        && events.contains("wstop reload --name x")
    }
    #expect(try await answers(engine, trusting: third.certificate))
    try await client.send("still here")
    #expect(try await client.receive() == .text("still here"))
    #expect(try await client.close().code == 1000)
  }

  @Test("A file that cannot be used ends the start with one line that names it")
  func badFile() async throws {
    let one = try certificates.make(.init("one"))
    let two = try certificates.make(.init("two"))
    let missing = certificates.path("missing.pem")
    for (certificate, key, words) in [
      (missing, one.privateKey, [missing, "No such file"]),
      (one.certificate, two.privateKey, [two.privateKey, "does not belong"]),
    ] {
      let outcome = try await wstop(
        "serve", "--name", "bad", "--listen", "tls:127.0.0.1:0", "--certificate", certificate,
        "--private-key", key)
      #expect(outcome.failed(1, words[0], words[1]), "\(outcome)")
    }
    #expect(!FileManager.default.fileExists(atPath: Workspace.current.controlSocket("bad")))
  }

  @Test("HTTP to the TLS port and TLS to the other one get an answer, and are counted")
  func wrongPort() async throws {
    let pair = try certificates.make()
    let engine = try await start(pair)
    let port = try engine.securePort
    let plain = try await run(
      "/usr/bin/curl", ["-sS", "-w", "%{http_code}", "http://127.0.0.1:\(port)/ws/echo"])
    #expect(plain.text.contains("wss://") && plain.text.hasSuffix("400"), "\(plain)")
    let secure = try await run(
      "/usr/bin/curl", ["-sS", "https://127.0.0.1:\(engine.port)/ws/echo"])
    #expect(secure.exitCode != 0)
    let refusals = try await engine.json("stats")["refusals"]?.array ?? []
    #expect(
      Set(refusals.map { $0["reason"]?.string ?? "" })
        == ["plain-http-to-tls", "malformed-line"])
  }

  @Test("Clients without a certificate of the authority are refused; others are named")
  func clientCertificates() async throws {
    let server = try certificates.make()
    let authority = try certificates.make(
      TestCertificates.Plan("authority", names: []).with { $0.isAuthority = true })
    let jane = try certificates.make(.init("jane", names: []), signedBy: authority)
    let engine = try await start(server, "--client-certificates", authority.certificate)
    let client = try await Client.connect(
      engine.secureURL("/ws/echo"), authority: server.certificate,
      identity: (jane.certificate, jane.privateKey))
    let details = try await engine.json("show", engine.id(of: client))
    #expect(details["clientCertificate"]?.string == "CN=jane")
    await #expect(throws: Client.Failed.self) {
      _ = try await Client.connect(engine.secureURL("/ws/echo"), authority: server.certificate)
    }
    // The alert goes before it is counted.
    let refusals = try await eventually("the refusal is counted") {
      let refusals = try await engine.json("stats")["refusals"]?.array ?? []
      return refusals.isEmpty ? nil : refusals
    }
    #expect(refusals.map { $0["reason"]?.string } == ["client-certificate-refused"])
    #expect(refusals.first?["status"]?.int == 0)
  }
}
