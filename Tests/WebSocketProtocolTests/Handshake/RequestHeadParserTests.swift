import Testing
import WebSocketProtocol

@Suite("Request heads, RFC 9112 §2–§5")
struct RequestHeadParserTests {
  @Test("A head in its parts")
  func parts() throws {
    let head = try head(
      "POST /v1/close?dry=1&x=%20 HTTP/1.1\r\nHost: example.com:8080\r\nX-A: one\r\n"
        + "x-a:two\r\nEmpty:\r\nSpaced: \t a  b \t \r\n\r\n")
    #expect(head.method == "POST" && head.version == "HTTP/1.1")
    #expect(head.target == "/v1/close?dry=1&x=%20")
    #expect(head.path == "/v1/close" && head.query == "dry=1&x=%20")
    #expect(head.host == "example.com:8080")
    #expect(head.headers["X-a"] == "one" && head.headers.values(of: "X-A") == ["one", "two"])
    #expect(head.headers["Empty"] == "" && head.headers["Spaced"] == "a  b")
    #expect(head.headers.map(\.name) == ["Host", "X-A", "x-a", "Empty", "Spaced"])
    #expect(head.headers["Absent"] == nil && head.headers.values(of: "Absent") == [])
  }

  @Test(
    "Targets in origin-form and absolute-form, RFC 9112 §3.2",
    arguments: [
      ("/", "/", nil, "h"), ("/a/b%2Fc", "/a/b%2Fc", nil, "h"), ("/?", "/", "", "h"),
      ("/a?b?c", "/a", "b?c", "h"), ("//x//", "//x//", nil, "h"),
      ("/a|b^[c]", "/a|b^[c]", nil, "h"),
      ("http://other", "/", nil, "other"), ("http://other:81/a?b", "/a", "b", "other:81"),
      ("HTTPS://other?q", "/", "q", "other"), ("ws://[::1]:9/a", "/a", nil, "[::1]:9"),
      ("wss://o/a:b@c", "/a:b@c", nil, "o"),
    ] as [(String, String, String?, String)])
  func targets(target: String, path: String, query: String?, host: String) throws {
    let head = try head("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(head.target == target && head.path == path && head.query == query)
    #expect(head.host == host)
  }

  @Test(
    "Targets of no use here",
    arguments: [
      "*", "a", "example.com:443", "http:/a", "http:///a", "ftp://h/", "://h/", "http://u@h/",
      "http://h:x/", "http://h:65536/", "http://[::1/", "/a#b", "/\u{7F}", "/ä", "",
    ])
  func badTargets(target: String) {
    let expected: HandshakeRefusal = target.contains("\u{7F}") ? .malformedLine : .malformedTarget
    #expect(parse("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == .refused(expected))
  }

  @Test(
    "A request line is three parts with one space between",
    arguments: [
      "GET", "GET /", "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
      "GET\t/\tHTTP/1.1", "G(T / HTTP/1.1", " / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1",
      "GET / HTTP/11", "GET / HTTP/1.10", "GET / HTTP/1,1", "GET / HTTQ/1.1", "GET / HTTP/x.1",
    ])
  func badRequestLine(line: String) {
    #expect(parse(line + "\r\nHost: h\r\n\r\n") == .refused(.malformedRequestLine))
  }

  @Test(
    "Another version of HTTP is refused with 505",
    arguments: ["GET / HTTP/1.0", "GET / HTTP/2.0", "GET / HTTP/1.2", "PRI * HTTP/2.0"])
  func version(line: String) {
    #expect(parse(line + "\r\n\r\n") == .refused(.unsupportedHTTPVersion))
  }

  @Test(
    "Lines end with CRLF and hold no control bytes",
    arguments: [
      "GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\nHost: h\n\r\n", "GET / HTTP/1.1\rHost: h",
      "GET / HTTP/1.1\r\nHost: h\r\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: b\u{0}c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: h\r\nA: \u{1B}[2J\r\n\r\n", "GET / HTTP/1.1\r\nA: \u{7F}\r\n\r\n",
      "GET /\u{0} HTTP/1.1\r\n\r\n", "\n", "\u{16}\u{3}\u{1}",
    ])
  func lineEnds(text: String) {
    #expect(parse(text) == .refused(.malformedLine))
  }

  @Test("A TLS hello on a plain port is refused at its first byte")
  func tlsHello() {
    #expect(parse([0x16]) == .refused(.malformedLine))
  }

  @Test(
    "Fields against the grammar, RFC 9112 §5",
    arguments: [
      "Host : h", ": v", "No-Colon", " Folded: v", "\tFolded: v", "A(b): v", "A b: v", "Ä: v",
    ])
  func badFields(line: String) {
    let text = "GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n"
    #expect(parse(text) == .refused(.malformedField))
  }

  @Test("A value that is not UTF-8 is read as ISO-8859-1; one that is, as UTF-8")
  func encodings() {
    func value(_ bytes: [UInt8]) -> String? {
      let start = Array("GET / HTTP/1.1\r\nHost: h\r\nA: ".utf8)
      guard case .head(let head, _) = parse(start + bytes + Array("\r\n\r\n".utf8)) else {
        return nil
      }
      return head.headers["A"]
    }
    #expect(value([0x63, 0xE9]) == "cé")
    #expect(value([0x63, 0xC3, 0xA9]) == "cé")
  }

  @Test(
    "There is one Host, and it is a host with an optional port",
    arguments: [
      ("", .missingHost), ("Host: a\r\nHost: a\r\n", .malformedHost),
      ("Host: a\r\nhost: b\r\n", .malformedHost), ("Host:\r\n", .malformedHost),
      ("Host: a b\r\n", .malformedHost), ("Host: a/b\r\n", .malformedHost),
      ("Host: u@a\r\n", .malformedHost), ("Host: a:x\r\n", .malformedHost),
      ("Host: a:65536\r\n", .malformedHost), ("Host: [::1\r\n", .malformedHost),
      ("Host: []\r\n", .malformedHost), ("Host: [::1]x\r\n", .malformedHost),
      ("Host: :80\r\n", .malformedHost),
    ] as [(String, HandshakeRefusal)])
  func badHosts(fields: String, refusal: HandshakeRefusal) {
    #expect(parse("GET / HTTP/1.1\r\n\(fields)\r\n") == .refused(refusal))
    #expect(parse("GET http://h/ HTTP/1.1\r\n\(fields)\r\n") == .refused(refusal))
  }

  @Test(
    "Hosts that are well-formed", arguments: ["a", "a:0", "a:65535", "a:", "[::1]:80", "1.2.3.4"])
  func hosts(host: String) throws {
    #expect(try head("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").host == host)
  }

  @Test("One empty line before the request line is let pass, two are not, RFC 9112 §2.2")
  func emptyLine() throws {
    let text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    #expect(try head("\r\n" + text).path == "/")
    #expect(parse("\r\n\r\n" + text) == .refused(.malformedRequestLine))
  }

  @Test("A head at the limit passes, one byte more is refused, and no later than there")
  func limit() throws {
    let text = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    let count = text.utf8.count
    #expect(try head(text).path == "/")
    guard case .head = parse(text, limit: count) else {
      Issue.record("a head of exactly the limit")
      return
    }
    #expect(parse(text, limit: count - 1) == .refused(.headTooLarge))
    let endless = [UInt8](repeating: 0x61, count: 100)
    #expect(parse(Array(endless[..<99]), limit: 100) == .incomplete)
    #expect(parse(endless, limit: 100) == .refused(.headTooLarge))
  }

  @Test("128 fields pass, 129 do not")
  func fieldCount() throws {
    func text(_ count: Int) -> String {
      "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "A: b\r\n", count: count - 1) + "\r\n"
    }
    #expect(try head(text(128)).headers.count == 128)
    #expect(parse(text(129)) == .refused(.tooManyFields))
  }

  @Test("The bytes after a head are not the head's, and the parser is ready for the next one")
  func pipelined() {
    let one = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
    let two = "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
    var parser = RequestHeadParser(maximumByteCount: one.utf8.count)
    let both = Array((one + two).utf8)
    guard case .head(let first, let count) = parser.parse(both.span) else {
      Issue.record("no first head")
      return
    }
    let rest = Array(both[count...])
    guard case .head(let second, _) = parser.parse(rest.span) else {
      Issue.record("no second head")
      return
    }
    #expect(first.path == "/1" && second.path == "/2" && count == one.utf8.count)
  }

  @Test("A refusal is repeated, whatever comes after")
  func refusedForGood() {
    var parser = RequestHeadParser(maximumByteCount: 100)
    let (bad, good) = (Array("\n".utf8), Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
    #expect(parser.parse(bad.span) == .refused(.malformedLine))
    #expect(parser.parse(good.span) == .refused(.malformedLine))
  }

  @Test(
    "How the body is delimited, RFC 9112 §6.3",
    arguments: [
      ("", .byteCount(0)), ("Content-Length: 0\r\n", .byteCount(0)),
      ("Content-Length: 42\r\n", .byteCount(42)),
      ("Transfer-Encoding: chunked\r\n", .transferCoding),
      ("Content-Length: -1\r\n", nil), ("Content-Length: +1\r\n", nil),
      ("Content-Length: 1, 1\r\n", nil), ("Content-Length:\r\n", nil),
      ("Content-Length: 99999999999999999999\r\n", nil),
      ("Content-Length: 1\r\nContent-Length: 1\r\n", nil),
      ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", nil),
    ] as [(String, BodyFraming?)])
  func bodyFraming(fields: String, expected: BodyFraming?) throws {
    let head = try head("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
    if let expected {
      #expect(try head.bodyFraming() == expected)
    } else {
      #expect(throws: HandshakeRefusal.malformedBodyLength) { try head.bodyFraming() }
    }
  }
}
