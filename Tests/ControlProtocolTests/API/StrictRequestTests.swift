import ControlProtocol
import Testing
import Vocabulary

@Suite("What acts takes nothing that it does not know")
struct StrictRequestTests {
  private static func parse(
    _ method: String, _ path: String, query: String? = nil, _ body: String = ""
  ) throws(ControlRefusal) -> ControlRequest {
    try ControlRequest(method: method, path: path, query: query, body: Array(body.utf8))
  }

  @Test(
    "A field that an act does not have is named, with the nearest that it has",
    arguments: [
      ("POST", "/v1/close", #"{"sessions":["s-1"],"dryrun":true}"#, "dryrun", "dryRun"),
      ("POST", "/v1/close", #"{"filter":"tls","token":"t","dry_run":true}"#, "dry_run", "dryRun"),
      ("POST", "/v1/close", #"{"sessions":["s-1"],"raate":5}"#, "raate", "rate"),
      ("POST", "/v1/close", #"{"session":["s-1"]}"#, "session", "sessions"),
      ("POST", "/v1/sessions/s-1/close", #"{"cdoe":4000}"#, "cdoe", "code"),
      ("POST", "/v1/send", #"{"sessions":["s-1"],"txt":"x"}"#, "txt", "text"),
      ("POST", "/v1/sessions/s-1/send", #"{"text":"x","dry":true}"#, "dry", "dryRun"),
      (
        "PATCH", "/v1/limits", #"{"set":{"sessions":"5"},"revertafter":"10m"}"#, "revertafter",
        "revertAfter"
      ),
      (
        "PATCH", "/v1/limits", #"{"set":{"sessions":"5"},"revert-after":"10m"}"#, "revert-after",
        "revertAfter"
      ),
      ("POST", "/v1/sessions/s-1/limits", #"{"unset":["idle-timeout"],"ovr":1}"#, "ovr", "over"),
      ("POST", "/v1/limits/keep", #"{"key":["sessions"]}"#, "key", "keys"),
      ("POST", "/v1/acts/7/abort", #"{"Engine":"r1"}"#, "Engine", "engine"),
      ("DELETE", "/v1/acts/7", #"{"engin":"r1"}"#, "engin", "engine"),
    ])
  func nearest(method: String, path: String, body: String, name: String, nearest: String) {
    let refusal = #expect(throws: ControlRefusal.self) { try Self.parse(method, path, body) }
    #expect(refusal?.status == 400)
    #expect(refusal?.error.error.code == "unknown-field")
    #expect(
      refusal?.error.error.message == "no field is called \"\(name)\"; the nearest is \(nearest)")
  }

  @Test("A field that resembles none is told with all there are, or that there are none")
  func none() {
    let keep = #expect(throws: ControlRefusal.self) {
      try Self.parse("POST", "/v1/limits/keep", #"{"\u001b[2Jquantum":1}"#)
    }
    #expect(
      keep?.error.error.message
        == #"no field is called "\u{1b}[2Jquantum"; the fields are engine scope keys"#)
    for path in ["/v1/stop", "/v1/reload"] {
      let refusal = #expect(throws: ControlRefusal.self) {
        try Self.parse("POST", path, #"{"dryRun":true}"#)
      }
      #expect(
        refusal?.error.error.message == #"no field is called "dryRun"; the request takes none"#)
      #expect(throws: ControlRefusal.self) { try Self.parse("POST", path, "[]") }
      #expect(throws: Never.self) { try Self.parse("POST", path, " {} ") }
      #expect(throws: Never.self) { try Self.parse("POST", path, "") }
    }
  }

  @Test("A field that comes twice is refused: it might be read either way")
  func twice() {
    let refusal = #expect(throws: ControlRefusal.self) {
      try Self.parse(
        "POST", "/v1/close", #"{"sessions":["s-1"],"dryRun":true,"dry\u0052un":false}"#)
    }
    #expect(refusal?.error.error.code == "repeated-field")
    #expect(refusal?.error.error.message == "the field dryRun comes twice")
    let inner = #expect(throws: ControlRefusal.self) {
      try Self.parse("PATCH", "/v1/limits", #"{"set":{"sessions":"5","sessions":"6"}}"#)
    }
    #expect(inner?.error.error.message == "the field set.sessions comes twice")
  }

  @Test("The options of a tap are taken as strictly: a misspelt one would show more than was asked")
  func tapOptions() {
    let error = #expect(throws: ControlError.self) {
      try ControlJSON.decodeRequest(TapOptions.self, from: #"{"diretion":"in"}"#.utf8)
    }
    #expect(error?.error.message == #"no field is called "diretion"; the nearest is direction"#)
  }

  @Test("What only looks, and what answers, passes over what it does not know")
  func tolerant() throws {
    #expect(
      try ControlJSON.decode(WatchRequest.self, from: #"{"wantsMagic":true}"#.utf8)
        == WatchRequest())
    #expect(
      try ControlJSON.decode(
        ReloadResult.self, from: #"{"engine":"r","certificates":1,"moons":2}"#.utf8
      ).certificates == 1)
  }

  @Test(
    "A parameter that a path does not take is named, with the nearest that it takes",
    arguments: [
      ("GET", "/v1/sessions", "fliter=tls", "the nearest is filter"),
      ("GET", "/v1/sessions", "filter=tls&Limit=5", "the nearest is limit"),
      ("GET", "/v1/rooms", "filter=x", "the parameters are name sort order offset limit"),
      ("GET", "/v1/traffic", "windows=1m", "the nearest is window"),
      ("GET", "/v1/history", "kinds=act", "the nearest is kind"),
      ("GET", "/v1/stats", "x=1", "the request takes none"),
      ("GET", "/v1/sessions/s-1", "full", "the request takes none"),
      ("POST", "/v1/close", "dryRun=true", "the request takes none"),
      ("POST", "/v1/stop", "dryRun=true", "the request takes none"),
      ("PATCH", "/v1/limits", "revertAfter=10m", "the request takes none"),
      ("DELETE", "/v1/acts/7", "engine=r1", "the request takes none"),
    ])
  func parameters(method: String, path: String, query: String, advice: String) {
    let refusal = #expect(throws: ControlRefusal.self) {
      try Self.parse(method, path, query: query, #"{"sessions":["s-1"]}"#)
    }
    #expect(refusal?.status == 400)
    #expect(refusal?.error.error.code == "unknown-parameter")
    #expect(refusal?.error.error.message.hasSuffix("; \(advice)") == true)
  }

  @Test(
    "What is wrong in a body is told with its place, and JSON that is right is not called wrong",
    arguments: [
      (#"{"sessions":["s-1"],"code":65536}"#, "code: 65536 is no whole number from 0 to 65535"),
      (#"{"sessions":["s-1"],"code":-1}"#, "code: -1 is no whole number from 0 to 65535"),
      (#"{"sessions":["s-1"],"code":1.5}"#, "code: 1.5 is no whole number from 0 to 65535"),
      (
        #"{"sessions":["s-1"],"code":"1000"}"#,
        "code has the wrong type: a number is wanted, not a text"
      ),
      (
        #"{"sessions":["s-1"],"reason":"ab\ud800"}"#,
        "reason: at character 3 of the text: this is half of a surrogate pair, which means nothing"
      ),
      (
        #"{"sessions":{"id":1}}"#,
        "sessions has the wrong type: an array is wanted, not an object"
      ),
      (
        #"{"sessions":["s-1",7]}"#,
        "sessions[1] has the wrong type: a text is wanted, not a number"
      ),
      (#"{"sessions":["s-1"],"rate":1e999}"#, "rate: 1e999 is out of range"),
      (
        #"{"sessions":["s-1"],"dryRun":1}"#,
        "dryRun has the wrong type: true or false is wanted, not a number"
      ),
      ("[]", "the body has the wrong type: an object is wanted, not an array"),
      ("", "no JSON at column 1: a value is wanted"),
      (#"{"sessions":["s-1",]}"#, "no JSON at column 20: a value is wanted"),
      (#"{"sessions":["s-1"]} x"#, "no JSON at column 22: nothing may follow the value"),
    ])
  func places(body: String, message: String) {
    let refusal = #expect(throws: ControlRefusal.self) { try Self.parse("POST", "/v1/close", body) }
    #expect(refusal?.error.error.code == "invalid-json")
    #expect(refusal?.error.error.message == message)
  }

  @Test("A body is nested no deeper than 64, and is read in one pass")
  func depth() {
    let body = Array((#"{"sessions":"# + String(repeating: "[", count: 500_000)).utf8)
    let duration = ContinuousClock().measure {
      let refusal = #expect(throws: ControlRefusal.self) {
        try ControlRequest(method: "POST", path: "/v1/close", query: nil, body: body)
      }
      #expect(
        refusal?.error.error.message == "no JSON at column 76: it is nested deeper than 64")
    }
    #expect(duration < .seconds(30))
  }

  @Test("Numbers may be written as programs without whole numbers write them")
  func numbers() throws {
    for code in ["1000", "1000.0", "1e3"] {
      let request = try Self.parse("POST", "/v1/sessions/s-1/close", #"{"code":\#(code)}"#)
      guard case .close(let close) = request else {
        Issue.record("it is a close")
        continue
      }
      #expect(close.code == .normalClosure)
    }
    #expect(
      try Self.parse("POST", "/v1/sessions/s-1/close", #"{"code":null,"reason":"\u00e9"}"#)
        == .close(
          CloseRequest(sessions: [try #require(SessionID("s-1"))], code: nil, reason: "é")))
  }
}
