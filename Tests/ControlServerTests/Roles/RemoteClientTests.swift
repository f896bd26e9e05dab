import ControlClient
import ControlProtocol
import EventLoop
import Foundation
import TestCertificates
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

@testable import ControlServer

@Suite("The client of an engine elsewhere", .limited, .timeLimit(.minutes(5)))
struct RemoteClientTests {
  private func target(
    _ remote: RemoteEngine, host: String = "localhost", trusting trust: RemoteTarget.Trust? = nil,
    token: String = RemoteEngine.operate
  ) throws -> ControlTarget {
    guard case .internet(_, let port) = remote.address else { throw ControlClientError.timedOut }
    return .remote(
      try RemoteTarget(
        try WebSocketURL("wss://\(host):\(port)"),
        trusting: trust ?? .authorities(remote.pair.certificate), token: token))
  }

  /// The digest of a certificate, as other programs make it.
  private func fingerprint(_ path: String) throws -> SHA256Digest {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let der = try #require(
      Data(base64Encoded: lines.filter { !$0.hasPrefix("-----") }.joined()))
    return SHA256Digest(of: Array(der).span)
  }

  @Test("Requests, a watch and a tap go through TLS", arguments: ["localhost", "127.0.0.1"])
  func all(host: String) async throws {
    try await RemoteEngine.run { remote in
      let target = try target(remote, host: host)
      let client = ControlClient(target)
      let reply = try client.perform(.statistics, timeout: ByteStream.patience)
      guard case .statistics(let statistics) = reply else {
        Issue.record("no statistics")
        return
      }
      #expect(statistics.engine.name == "test")
      let session = try remote.engine.sessions(1)[0]
      let connection = try ControlConnection(to: target)
      for text in ["a", String(repeating: "b", count: 60_000)] {
        var request = SendRequest(ActSelection(sessions: [session.id]))
        request.text = text
        let reply = try ControlClient.perform(
          .send(request), on: connection, timeout: ByteStream.patience)
        guard case .act = reply else {
          Issue.record("no act")
          return
        }
        #expect(try session.peer.receive() == .text(text))
      }
      let snapshot = try client.snapshot(of: WatchRequest(), timeout: ByteStream.patience)
      #expect(snapshot.role == .operate)
      let tap = try TapConnection(to: target, TapRequest(.session(session.id)))
      let deadline = SystemClock.monotonic().advanced(by: .seconds(60))
      #expect(try ControlClient.nextBatches(on: tap, until: deadline)?.first?.sessions == 1)
    }
  }

  @Test("A certificate is taken by its fingerprint, whoever signed it and whatever its name")
  func pinned() async throws {
    try await RemoteEngine.run { remote in
      let right = try fingerprint(remote.pair.certificate)
      let client = ControlClient(try target(remote, trusting: .fingerprint(right)))
      guard case .statistics = try client.perform(.statistics, timeout: ByteStream.patience) else {
        Issue.record("no statistics")
        return
      }
      let other = try fingerprint(
        try remote.certificates.make(.init("other")).certificate)
      let wrong = try target(remote, trusting: .fingerprint(other))
      let error = #expect(throws: ControlClientError.self) {
        try ControlClient(wrong).perform(.statistics, timeout: ByteStream.patience)
      }
      #expect(
        error
          == .notSecured(
            path: wrong.text,
            reason: "the engine shows another certificate, with the SHA-256 \(right)"))
      // It went before the token was said: nothing was refused, and nothing counted as wrong.
      let events = try remote.engine.events(remote.engine.client())
      #expect(!events.contains { $0.kind == .problem })
    }
  }

  @Test("A certificate of another authority or name is not taken, and no token is said")
  func untrusted() async throws {
    try await RemoteEngine.run { remote in
      let other = try remote.certificates.make(.init("other", names: ["other.example"]))
      for trust in [RemoteTarget.Trust.system, .authorities(other.certificate)] {
        let target = try target(remote, trusting: trust)
        let error = #expect(throws: ControlClientError.self) {
          try ControlClient(target).perform(.statistics, timeout: ByteStream.patience)
        }
        guard case .notSecured(_, let reason)? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(reason.contains("certificate"))
      }
    }
    let certificates = try TestCertificates()
    let named = try certificates.make(.init("named", names: ["other.example"]))
    try await RemoteEngine.run {
      $0.remote?.tls = TLSSettings(certificate: named.certificate, privateKey: named.privateKey)
    } _: { remote in
      let target = try target(remote, trusting: .authorities(named.certificate))
      let error = #expect(throws: ControlClientError.self) {
        try ControlClient(target).perform(.statistics, timeout: ByteStream.patience)
      }
      #expect(error?.description.contains("hostname mismatch") == true)
    }
  }

  @Test("A wrong token and a role that may not are refusals with their sentences")
  func refused() async throws {
    try await RemoteEngine.run { remote in
      let unknown = try target(remote, token: "unknown-0123456789abcdef")
      #expect(throws: ControlClientError.self) {
        try ControlClient(unknown).perform(.statistics, timeout: ByteStream.patience)
      }
      do throws(ControlClientError) {
        _ = try ControlClient(unknown).snapshot(
          of: WatchRequest(), timeout: ByteStream.patience)
        Issue.record("it was let in")
      } catch {
        #expect(error.description == "the engine does not know the token")
      }
      let view = try target(remote, token: RemoteEngine.view)
      do throws(ControlClientError) {
        _ = try ControlClient(view).perform(.stop, timeout: ByteStream.patience)
        Issue.record("it was let in")
      } catch {
        #expect(error.description.contains("the role view, which may look and not act"))
      }
    }
  }

  @Test("Nobody there, and somebody who does not speak TLS or says nothing, are told apart")
  func noEngine() throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    let (descriptor, address) = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    defer { Syscalls.close(descriptor) }
    guard case .internet(_, let port) = address else { return }
    func client(port: UInt16) throws -> ControlClient {
      ControlClient(
        .remote(
          try RemoteTarget(
            try WebSocketURL("wss://127.0.0.1:\(port)"), trusting: .authorities(pair.certificate),
            token: RemoteEngine.view)))
    }
    let silent = try client(port: port)
    #expect(throws: ControlClientError.timedOut) {
      try silent.perform(.statistics, timeout: .milliseconds(300))
    }
    let nobody = try UnusedPort()
    let refused = try client(port: nobody.port)
    #expect(throws: ControlClientError.noEngine(path: "wss://127.0.0.1:\(nobody.port)")) {
      try refused.perform(.statistics)
    }
    #expect(throws: ControlClientError.self) {
      try RemoteTarget(
        try WebSocketURL("wss://no-such-host.invalid:1"), trusting: .system,
        token: RemoteEngine.view)
    }
  }
}
