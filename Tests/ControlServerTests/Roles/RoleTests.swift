import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("What each role may do, over TLS", .limited, .timeLimit(.minutes(5)))
struct RoleTests {
  private static let id = SessionID(sequence: 999_999, reactor: 0)

  /// Every endpoint of the API; what stands beside them is tested on its own.
  private static let endpoints: [ControlEndpoint] = [
    .statistics, .sessions, .close, .send, .limits, .reload, .stop, .closes, .history,
    .groups(.rooms), .groups(.routes), .sessionGroups, .session(id), .sessionClose(id),
    .sessionSend(id), .upstreams, .upstreamDrain, .upstreamResume,
    .sessionLimits(id), .sessionSecrets(id), .acts, .act(1), .actAbort(1), .limitsKeep, .traffic,
  ]

  @Test("view may GET and nothing else: every endpoint, every method")
  func view() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      for endpoint in Self.endpoints {
        for method in endpoint.methods {
          let what = "\(method.rawValue) \(endpoint.path)"
          let reply = try client.request(
            method.rawValue, endpoint.path, method == .get ? nil : "{}",
            headers: RemoteEngine.showing(RemoteEngine.view))
          guard method != .get else {
            #expect([200, 404].contains(reply.status), "\(what): \(reply.text)")
            continue
          }
          #expect(reply.status == 403, "\(what): \(reply.text)")
          #expect(reply.errorCode == "role-not-allowed")
          #expect(reply.text.contains("the role view, which may look and not act: \(what)"))
        }
      }
      #expect(remote.engine.stopCount == 0)
      for target in ["/healthz", "/readyz", "/v1/events", "/v1/closed"] {
        let reply = try client.request(
          "GET", target, headers: RemoteEngine.showing(RemoteEngine.view))
        #expect(reply.status == 200)
      }
    }
  }

  @Test("operate may do all of it: every endpoint, every method")
  func operate() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      for endpoint in Self.endpoints {
        for method in endpoint.methods {
          let reply = try client.request(
            method.rawValue, endpoint.path, method == .get ? nil : "{}",
            headers: RemoteEngine.showing(RemoteEngine.operate))
          // Refused for what is asked at most, and not for who asks.
          #expect([200, 400, 404].contains(reply.status), "\(endpoint.path): \(reply.text)")
        }
      }
      #expect(remote.engine.stopCount == 1)
    }
  }

  @Test("A dry run is an act, and so is a tap")
  func acts() async throws {
    try await RemoteEngine.run { remote in
      let reply = try remote.client().request(
        "POST", "/v1/close", #"{"filter":"state=open","dryRun":true}"#,
        headers: RemoteEngine.showing(RemoteEngine.view))
      #expect(reply.status == 403)
      let headers = [("Authorization", "Bearer \(RemoteEngine.view)")]
      for target in ["/v1/tap?filter=", "/v1/sessions/\(Self.id)/tap"] {
        let error = #expect(throws: WebSocketPeer.Refused.self) {
          try WebSocketPeer(
            on: try ByteStream(securelyTo: remote.address), target: target, headers: headers)
        }
        #expect(error?.status == 403)
      }
      let tap = try WebSocketPeer(
        on: try ByteStream(securelyTo: remote.address), target: "/v1/tap?filter=",
        headers: [("Authorization", "Bearer \(RemoteEngine.operate)")])
      guard case .text(let batch) = try tap.receive() else {
        Issue.record("a tap pushes texts")
        return
      }
      #expect(batch.contains(#""sessions":0"#))
    }
  }

  @Test("A snapshot says which role looks, but to this machine's own user")
  func snapshots() async throws {
    try await RemoteEngine.run { remote in
      for (token, role) in [
        (RemoteEngine.view, ControlRole.view), (RemoteEngine.operate, .operate),
      ] {
        let watch = try remote.watch(token)
        try watch.look(at: WatchRequest())
        #expect(try watch.snapshot().role == role)
      }
      let local = try WebSocketPeer(watching: remote.engine.path, WatchRequest())
      #expect(try local.snapshot().role == nil)
    }
  }

  @Test("Who did what is in the log and the history: name, role and address, or the user")
  func audit() async throws {
    try await RemoteEngine.run { remote in
      let sessions = try remote.engine.sessions(2)
      let client = try remote.client()
      let reply = try client.request(
        "POST", "/v1/close", #"{"sessions":["\#(sessions[0].id)"],"code":4001}"#,
        headers: RemoteEngine.showing(RemoteEngine.operate))
      #expect(reply.status == 200)
      #expect(try sessions[0].peer.receive() == .close(CloseCode(rawValue: 4001), ""))
      _ = try client.request(
        "PATCH", "/v1/limits", #"{"set":{"message-bytes":"2MiB"}}"#,
        headers: RemoteEngine.showing(RemoteEngine.operate))
      for _ in 0..<3 {
        _ = try client.request(
          "POST", "/v1/stop", "", headers: RemoteEngine.showing(RemoteEngine.view))
      }
      let local = try remote.engine.client()
      _ = try local.post("/v1/close", #"{"sessions":["\#(sessions[1].id)"]}"#)
      let events = try remote.engine.events(local)
      let acts = events.filter { $0.kind == .act || $0.kind == .limit }
      #expect(acts.count == 3)
      for act in acts.prefix(2) {
        #expect(act.actor?.hasPrefix("olga (operate) at 127.0.0.1:") == true)
      }
      let user = try #require(Syscalls.userName(of: Syscalls.effectiveUserID))
      #expect(
        acts.last?.actor
          == "\(user) uid \(Syscalls.effectiveUserID) pid \(Syscalls.processID)")
      // What a role does not allow is told once, however often it is tried.
      let refused = events.filter { $0.kind == .problem }
      #expect(
        refused.map(\.message) == ["refused POST /v1/stop: the role view may look, and not act"])
      #expect(refused.first?.actor?.hasPrefix("vera (view) at 127.0.0.1:") == true)
    }
  }
}
