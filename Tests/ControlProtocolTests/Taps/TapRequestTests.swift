import ControlProtocol
import Testing
import Vocabulary

@Suite("Requests for taps")
struct TapRequestTests {
  private let id = SessionID(rawValue: 4706)

  @Test(
    "What is written is read again",
    arguments: [
      TapRequest(.session(SessionID(rawValue: 4706))),
      TapRequest(.filter("")),
      TapRequest(.filter("path=\"/ws/a b\" idle>5m"), messagesPerSecond: 10_000),
      TapRequest(
        .session(SessionID(rawValue: 64)),
        options: TapOptions(
          direction: .out, kinds: [.text, .close], minimumBytes: 10, maximumBytes: 1 << 20,
          text: "ä&b=c +%"), messagesPerSecond: 1),
    ])
  func roundTrip(_ request: TapRequest) throws {
    let parts = request.target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = parts.count > 1 ? parts[1] : nil
    #expect(try TapRequest(path: parts[0], query: query) == request)
    let json = ControlJSON.encode(request.options)
    #expect(try ControlJSON.decode(TapOptions.self, from: json) == request.options)
  }

  @Test(
    "A text behind ! is one that messages do not have; a backslash makes it a character",
    arguments: [
      ("order", "order", false), ("!order", "order", true), ("\\!order", "!order", false),
      ("\\\\!order", "\\!order", false), ("!!order", "!order", true), ("!\\!", "\\!", true),
      ("or!der", "or!der", false), ("\\order", "\\order", false), ("", "", false), ("!", "", true),
    ])
  func patterns(_ written: String, _ text: String, _ isNegated: Bool) {
    let pattern = TapPattern(written)
    #expect(pattern.text == text && pattern.isNegated == isNegated)
  }

  @Test("An exclamation mark alone names no text")
  func negatedNothing() throws {
    #expect(throws: ControlError.self) { try TapOptions(text: "!").checked() }
    #expect(try TapOptions(text: "\\!").checked().text == "\\!")
    #expect(throws: ControlError.self) { try TapRequest(path: "/v1/tap", query: "text=!") }
  }

  @Test(
    "Other paths are no taps",
    arguments: [
      "/v1/taps", "/v1/tap/", "/v1/sessions/tap", "/v1/sessions//tap", "/v1/sessions/x/tap",
      "/v1/sessions/s-4k2", "/v1/sessions/s-4k2/tap/", "",
    ])
  func otherPaths(_ path: String) throws {
    #expect(try TapRequest(path: path, query: nil) == nil)
  }

  @Test(
    "What is wrong in a query is said",
    arguments: [
      ("direction=up", "direction is in or out"),
      ("kind=text,", "kind is one or more of text,binary,ping,pong,close, with commas between"),
      ("min=-1", "min is a whole number of bytes"), ("max=x", "max is a whole number of bytes"),
      ("min=2&max=1", "min is at least 0 and at most max"),
      ("rate=0", "rate is 1 to 10000"), ("rate=10001", "rate is 1 to 10000"),
      ("rate=x", "rate is a whole number"),
      ("text=" + String(repeating: "a", count: 129), "text has at most 128 bytes"),
      ("min=1&min=1", "the parameter min comes twice"),
      ("text=%ff", "the query is not percent-encoded UTF-8"),
    ])
  func faults(_ query: String, _ message: String) {
    #expect(throws: ControlError(code: "invalid-query", message: message)) {
      try TapRequest(path: "/v1/tap", query: query)
    }
  }

  @Test("A filter's fault has its column, and a path takes no filter")
  func filters() {
    let fault = #expect(throws: ControlError.self) {
      try TapRequest(path: "/v1/tap", query: "filter=tls%20nonsense")
    }
    #expect(fault?.error.code == "invalid-filter" && fault?.error.column == 5)
    #expect(throws: ControlError.self) {
      try TapRequest(path: "/v1/sessions/\(id)/tap", query: "filter=tls")
    }
  }

  @Test("Sizes take units")
  func units() throws {
    let request = try TapRequest(path: "/v1/tap", query: "min=1KiB&max=1MiB")
    #expect(request?.options.minimumBytes == 1024 && request?.options.maximumBytes == 1 << 20)
  }

  @Test("The bytes of a message come back from text and from base 64")
  func payload() {
    var message = TapMessage(session: id, direction: .in, kind: .text, bytes: 2, at: 0, text: "ä")
    #expect(message.payload == [0xC3, 0xA4])
    message.text = nil
    message.binary = "AP8="
    #expect(message.payload == [0, 0xFF])
    message.binary = "no base 64!"
    #expect(message.payload == [])
  }

  @Test(
    "A filter that looks only at what does not change is settled when a session opens",
    arguments: [
      ("", true), ("route=/ws/* addr=10.0.0.0/8 ua~firefox !tls port>1000 id=s-4k2", true),
      ("path=/a in.messages>1", false), ("room=lobby", false), ("state=open", false),
      ("tapped", false), ("age>1s", false), ("tag=vip", false),
    ])
  func settled(_ filter: String, _ isSettled: Bool) throws {
    #expect(try SessionFilter(filter).isSettledAtOpening == isSettled)
  }
}
