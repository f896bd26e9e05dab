import ControlProtocol
import Testing
import Vocabulary

@Suite("Requests of the control API over HTTP")
struct ControlRequestHTTPTests {
  static let id = SessionID(rawValue: 4706)

  /// Splits a target as a server does.
  static func parse(
    _ method: String, _ target: String, _ body: some Collection<UInt8> = [UInt8]()
  ) throws(ControlRefusal) -> ControlRequest {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    return try ControlRequest(
      method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, body: body)
  }

  @Test(
    "A request is read as it was written",
    arguments: [
      (.statistics, "GET /v1/stats"), (.sessions(SessionQuery()), "GET /v1/sessions"),
      (
        .sessions(SessionQuery(filter: "idle>5m path~\"a&b+c\" ü", sort: .bytesIn, limit: 5)),
        nil
      ),
      (
        .sessions(SessionQuery(filter: "tls in.bytes>1MiB", sort: .bytesIn, offset: 3, limit: 5)),
        "GET /v1/sessions?filter=tls%20in.bytes%3E1MiB&sort=in.bytes&order=desc&offset=3&limit=5"
      ),
      (
        .sessions(SessionQuery(sort: .age, isDescending: false)),
        "GET /v1/sessions?sort=age&order=asc"
      ),
      (
        .sessions(SessionQuery(sort: .id, isDescending: true, limit: 0)),
        "GET /v1/sessions?sort=id&order=desc&limit=0"
      ),
      (.session(id), "GET /v1/sessions/s-4k2"), (.limits, "GET /v1/limits"),
      (.stop, "POST /v1/stop"), (.reload, "POST /v1/reload"),
      (
        .close(CloseRequest(sessions: [id])),
        #"POST /v1/close {"sessions":["s-4k2"]}"#
      ),
      (
        .close(
          CloseRequest(
            engine: "r1", sessions: [id], code: .goingAway, reason: "path/with \"quotes\"")),
        #"POST /v1/close {"code":1001,"engine":"r1","reason":"path/with \"quotes\"","sessions":["s-4k2"]}"#
      ),
      (
        .send(SendRequest(sessions: [id], text: "")),
        #"POST /v1/send {"sessions":["s-4k2"],"text":""}"#
      ),
      (.send(SendRequest(sessions: [id], binary: "AP8=")), nil),
      (.send(SendRequest(sessions: [id], ping: true)), nil),
      (
        .close(
          CloseRequest(
            ActSelection(engine: "r1", filter: "idle>5m", token: "t", rate: 0.5, jitter: 0.2),
            code: .serviceRestart)),
        #"POST /v1/close {"code":1012,"engine":"r1","filter":"idle>5m","jitter":0.2,"rate":0.5,"token":"t"}"#
      ),
      (
        .send(SendRequest(ActSelection(filter: "tls", dryRun: true))),
        #"POST /v1/send {"dryRun":true,"filter":"tls"}"#
      ),
      (.send(SendRequest(ActSelection(sessions: [id], rate: 5, wait: true), text: "x")), nil),
      (.acts, "GET /v1/acts"), (.act(7), "GET /v1/acts/7"),
      (.abort(7, AbortRequest(engine: "r1")), #"POST /v1/acts/7/abort {"engine":"r1"}"#),
      (
        .changeLimits(
          LimitChange(
            scope: .route("/ws/{x}"), set: ["message-bytes": "64KiB"], unset: ["idle-timeout"])),
        #"PATCH /v1/limits {"scope":"route:/ws/{x}","set":{"message-bytes":"64KiB"},"unset":["idle-timeout"]}"#
      ),
      (
        .changeLimits(
          LimitChange(
            set: ["sessions": "5"], dryRun: true, over: .close, order: .newest, revertAfter: "10m")),
        #"PATCH /v1/limits {"dryRun":true,"order":"newest","over":"close","revertAfter":"10m","set":{"sessions":"5"}}"#
      ),
      (.traffic(TrafficQuery(window: .day)), "GET /v1/traffic?window=24h"),
      (
        .traffic(TrafficQuery(window: .hour, route: "/ws/{x}&y")),
        "GET /v1/traffic?window=1h&route=/ws/%7Bx%7D%26y"
      ),
      (
        .keepLimits(LimitKeep(scope: .route("/ws/{x}"), keys: ["message-bytes"])),
        #"POST /v1/limits/keep {"keys":["message-bytes"],"scope":"route:/ws/{x}"}"#
      ),
    ] as [(ControlRequest, String?)])
  func roundTrip(request: ControlRequest, expected: String?) throws {
    let http = request.http
    if let expected {
      let body = String(decoding: http.body, as: UTF8.self)
      #expect(
        "\(http.method.rawValue) \(http.target)" + (body.isEmpty ? "" : " \(body)") == expected)
    }
    #expect(http.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    guard case .sessions(let query) = request, query.filter.contains("ü") else {
      #expect(try Self.parse(http.method.rawValue, http.target, http.body) == request)
      return
    }
    // A bare word is no filter, but the text has arrived whole.
    let refusal = #expect(throws: ControlRefusal.self) { try Self.parse("GET", http.target) }
    #expect(refusal?.error.error.message.contains("ü") == true)
  }

  @Test(
    "What a person may write by hand",
    arguments: [
      (
        "GET", "/v1/sessions?filter=idle%3e5m+tls&sort=-in.bytes", "",
        .sessions(SessionQuery(filter: "idle>5m tls", sort: .bytesIn, isDescending: true))
      ),
      ("GET", "/v1/sessions?sort=in.bytes", "", .sessions(SessionQuery(sort: .bytesIn))),
      (
        "GET", "/v1/sessions?sort=%2Bin.bytes", "",
        .sessions(SessionQuery(sort: .bytesIn, isDescending: false))
      ),
      ("GET", "/v1/sessions?sort=path", "", .sessions(SessionQuery(sort: .path))),
      (
        "GET", "/v1/sessions?sort=-path&order=desc", "",
        .sessions(SessionQuery(sort: .path, isDescending: true))
      ),
      ("GET", "/v1/sessions/S-4K2", "", .session(id)),
      ("GET", "/v1/sessions/%73-4k2", "", .session(id)),
      ("POST", "/v1/sessions/s-4k2/close", "", .close(CloseRequest(sessions: [id]))),
      (
        "POST", "/v1/sessions/s-4k2/close", #"{"code":4000,"sessions":["s-4k2"]}"#,
        .close(CloseRequest(sessions: [id], code: CloseCode(rawValue: 4000)))
      ),
      (
        "POST", "/v1/sessions/s-4k2/send", #"{"text":"hi"}"#,
        .send(SendRequest(sessions: [id], text: "hi"))
      ),
      (
        "POST", "/v1/sessions/s-4k2/limits", #"{"set":{"message-bytes":"1k"}}"#,
        .changeLimits(LimitChange(scope: .session(id), set: ["message-bytes": "1k"]))
      ),
      ("POST", "/v1/stop", "{}", .stop),
      ("DELETE", "/v1/acts/7", "", .abort(7, AbortRequest())),
      ("POST", "/v1/acts/7/abort", "", .abort(7, AbortRequest())),
    ] as [(String, String, String, ControlRequest)])
  func byHand(method: String, target: String, body: String, request: ControlRequest) throws {
    #expect(try Self.parse(method, target, Array(body.utf8)) == request)
  }

  @Test(
    "Unknown paths are 404",
    arguments: [
      "/", "", "/v1", "/v1/", "/v2/stats", "/v1/stats/", "/v1//stats", "v1/stats", "/V1/stats",
      "/v1/sessions/", "/v1/sessions/4k2", "/v1/sessions/s-u", "/v1/sessions/s-1/open",
      "/v1/sessions/s-1/close/", "/v1/sessions/s-1/close/x", "/v1/sessions/%zz", "/v1/sessions/%",
      "x/v1/sessions/s-1", "/v1/acts/", "/v1/acts/x", "/v1/acts/-1", "/v1/acts/1/", "/v1/acts/1/x",
      "/v1/acts/99999999999999999999",
    ])
  func unknownPaths(path: String) {
    let refusal = #expect(throws: ControlRefusal.self) {
      try ControlRequest(method: "GET", path: path, query: nil, body: [])
    }
    #expect(refusal?.status == 404)
    #expect(refusal?.error.error.code == "no-such-path")
  }

  @Test(
    "A method that the path does not take is 405, with those it takes",
    arguments: [
      ("POST", "/v1/stats", [.get]), ("get", "/v1/stats", [.get]),
      ("DELETE", "/v1/sessions", [.get]),
      ("GET", "/v1/close", [.post]), ("POST", "/v1/limits", [.get, .patch]),
      ("GET", "/v1/stop", [.post]), ("HEAD", "/v1/sessions/s-1", [.get]),
      ("GET", "/v1/sessions/s-1/close", [.post]), ("PATCH", "/v1/sessions/s-1/limits", [.post]),
      ("POST", "/v1/acts", [.get]), ("POST", "/v1/acts/1", [.get, .delete]),
      ("DELETE", "/v1/acts/1/abort", [.post]),
      ("GET", "/v1/send", [.post]), ("", "/v1/sessions/s-1/send", [.post]),
    ] as [(String, String, [ControlMethod])])
  func wrongMethods(method: String, path: String, allowed: [ControlMethod]) {
    let refusal = #expect(throws: ControlRefusal.self) {
      try ControlRequest(method: method, path: path, query: nil, body: [])
    }
    #expect(refusal?.status == 405)
    #expect(refusal?.allowedMethods == allowed)
  }

  @Test(
    "Bad queries and bodies are 400 and say why",
    arguments: [
      ("GET", "/v1/sessions?filter=chat", "", "invalid-filter"),
      ("GET", "/v1/sessions?filter=%zz", "", "invalid-query"),
      ("GET", "/v1/sessions?filter=%ff", "", "invalid-query"),
      ("GET", "/v1/sessions?filter=tls&filter=tls", "", "invalid-query"),
      ("GET", "/v1/sessions?sort=colour", "", "invalid-query"),
      ("GET", "/v1/sessions?sort=--id", "", "invalid-query"),
      ("GET", "/v1/sessions?order=up", "", "invalid-query"),
      ("GET", "/v1/sessions?sort=-id&order=asc", "", "invalid-query"),
      ("GET", "/v1/sessions?limit=-1", "", "invalid-query"),
      ("GET", "/v1/sessions?limit=", "", "invalid-query"),
      ("GET", "/v1/sessions?offset=1e3", "", "invalid-query"),
      ("GET", "/v1/sessions?offset=99999999999999999999", "", "invalid-query"),
      ("POST", "/v1/close", "", "invalid-json"), ("POST", "/v1/close", "{", "invalid-json"),
      ("POST", "/v1/close", "{}", "invalid-sessions"),
      ("POST", "/v1/close", #"{"sessions":[]}"#, "invalid-sessions"),
      ("POST", "/v1/close", #"{"sessions":["4k2"]}"#, "invalid-json"),
      ("POST", "/v1/close", #"{"sessions":["s-1"],"code":1005}"#, "invalid-close-code"),
      ("POST", "/v1/close", #"{"sessions":["s-1"],"code":70000}"#, "invalid-json"),
      ("POST", "/v1/sessions/s-1/close", #"{"sessions":["s-2"]}"#, "invalid-sessions"),
      ("POST", "/v1/sessions/s-1/close", #"{"code":999}"#, "invalid-close-code"),
      ("POST", "/v1/send", #"{"text":"x"}"#, "invalid-sessions"),
      ("POST", "/v1/close", #"{"filter":"tls"}"#, "preview-required"),
      ("POST", "/v1/close", #"{"filter":" ","dryRun":true}"#, "invalid-filter"),
      ("POST", "/v1/close", #"{"filter":"tls","token":"t","rate":-1}"#, "invalid-rate"),
      ("POST", "/v1/close", #"{"filter":"tls","sessions":["s-1"]}"#, "invalid-sessions"),
      ("POST", "/v1/sessions/s-1/close", #"{"filter":"tls","token":"t"}"#, "invalid-sessions"),
      ("POST", "/v1/send", #"{"filter":"tls","token":"t"}"#, "invalid-payload"),
      ("POST", "/v1/sessions/s-1/send", "", "invalid-payload"),
      ("POST", "/v1/sessions/s-1/send", #"{"text":"x","ping":true}"#, "invalid-payload"),
      ("POST", "/v1/sessions/s-1/send", #"{"text":"x","binary":"AA=="}"#, "invalid-payload"),
      ("POST", "/v1/sessions/s-1/send", #"{"ping":false}"#, "invalid-payload"),
      ("POST", "/v1/sessions/s-1/send", #"{"binary":"A"}"#, "invalid-binary"),
      ("POST", "/v1/sessions/s-1/send", #"{"sessions":["s-2"],"text":"x"}"#, "invalid-sessions"),
      ("PATCH", "/v1/limits", "", "invalid-json"), ("PATCH", "/v1/limits", "{}", "invalid-limit"),
      ("PATCH", "/v1/limits", #"{"set":{"message-bytes":"-1"}}"#, "invalid-limit"),
      ("PATCH", "/v1/limits", #"{"set":{"quantum-bytes":"1"}}"#, "invalid-limit"),
      ("PATCH", "/v1/limits", #"{"unset":["quantum-bytes"]}"#, "invalid-limit"),
      ("PATCH", "/v1/limits", #"{"scope":"route:/ws","set":{"sessions":"1"}}"#, "invalid-limit"),
      ("PATCH", "/v1/limits", #"{"scope":"session:s-1","unset":["sessions"]}"#, "invalid-limit"),
      (
        "PATCH", "/v1/limits", #"{"set":{"idle-timeout":"1s"},"unset":["idle-timeout"]}"#,
        "invalid-limit"
      ),
      ("PATCH", "/v1/limits", #"{"scope":"galaxy","unset":["sessions"]}"#, "invalid-json"),
      ("POST", "/v1/sessions/s-1/limits", "", "invalid-limit"),
      (
        "POST", "/v1/sessions/s-1/limits", #"{"scope":"engine","unset":["idle-timeout"]}"#,
        "invalid-scope"
      ),
    ])
  func bad(method: String, target: String, body: String, code: String) {
    let refusal = #expect(throws: ControlRefusal.self) {
      try Self.parse(method, target, Array(body.utf8))
    }
    #expect(refusal?.status == 400)
    #expect(refusal?.error.error.code == code)
    #expect(refusal?.error.error.message.isEmpty == false)
  }

  @Test("A reason has at most 123 bytes, an act at most 10 000 sessions")
  func limits() throws {
    let fits = CloseRequest(sessions: [Self.id], reason: String(repeating: "é", count: 61) + "x")
    #expect(try fits.checked() == fits)
    let long = CloseRequest(sessions: [Self.id], reason: String(repeating: "é", count: 62))
    #expect(throws: ControlError.self) { try long.checked() }
    let ids = (0..<10_001).map { SessionID(rawValue: $0) }
    #expect(throws: Never.self) { try CloseRequest(sessions: Array(ids.dropLast())).checked() }
    #expect(throws: ControlError.self) { try CloseRequest(sessions: ids).checked() }
  }

  @Test("Checked settings are values")
  func settings() throws {
    let change = LimitChange(
      set: ["message-bytes": "64k", "idle-timeout": "off"], unset: ["close-timeout"])
    let checked = try change.settings()
    #expect(checked.set == [.messageBytes: .amount(65_536), .idleTimeout: .off])
    #expect(checked.unset == [.closeTimeout])
  }

  @Test("A payload is text, binary or a ping")
  func payload() throws {
    #expect(try SendRequest(text: "x").payload() == .text("x"))
    #expect(try SendRequest(binary: ControlJSON.base64([0, 255])).payload() == .binary([0, 255]))
    #expect(try SendRequest(binary: "").payload() == .binary([]))
    #expect(try SendRequest(ping: true).payload() == .ping)
  }
}
