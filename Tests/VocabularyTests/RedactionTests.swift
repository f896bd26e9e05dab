import TestSupport
import Testing
import Vocabulary

@Suite("What is secret in a request is told by its length alone")
struct RedactionTests {
  private let redaction = Redaction()

  @Test(
    "The values of secret keys in a query",
    arguments: [
      ("access_token=abc", "access_token=‹redacted 3 B›"),
      ("room=1&token=abcd&x=2", "room=1&token=‹redacted 4 B›&x=2"),
      ("TOKEN=a&Sig=b", "TOKEN=‹redacted 1 B›&Sig=‹redacted 1 B›"),
      ("api_key=k&Api-Key=kk", "api_key=‹redacted 1 B›&Api-Key=‹redacted 2 B›"),
      ("%74oken=abc", "%74oken=‹redacted 3 B›"),
      ("acc%65ss%5Ftoken=a%26b&x=1", "acc%65ss%5Ftoken=‹redacted 5 B›&x=1"),
      ("token[]=a&user[password]=b", "token[]=‹redacted 1 B›&user[password]=‹redacted 1 B›"),
      ("a=1;token=b;c&d=e", "a=1;token=‹redacted 3 B›&d=e"),
      ("token=a=b=c", "token=‹redacted 5 B›"),
      ("token=a?b/c;d#e f&g=h", "token=‹redacted 11 B›&g=h"),
      (
        "next=https%3A%2F%2Fh%2F%3Ftoken%3Dsecret%26x%3D1&y=2",
        "next=https%3A%2F%2Fh%2F%3Ftoken%3D‹redacted 6 B›%26x%3D1&y=2"
      ),
      ("next=/a?jwt=abc&y=2", "next=/a?jwt=‹redacted 3 B›&y=2"),
      ("token=ß", "token=‹redacted 2 B›"),
    ])
  func query(_ raw: String, _ shown: String) {
    #expect(redaction.query(raw) == shown)
    #expect(redaction.query(shown) == shown, "what is redacted stays as it is")
  }

  @Test(
    "A query without secrets is told as it was sent",
    arguments: [
      "", "token", "token=", "tokens=a", "mytoken=a", "x=token", "x=%", "%=%%", "a&b=c&&", "=x",
      "sessions=1", "x=1&%zz=2", "monkey=1",
    ])
  func plainQuery(_ raw: String) {
    #expect(redaction.query(raw) == raw)
  }

  @Test(
    "Headers with credentials, and lists of subprotocols",
    arguments: [
      ("Authorization", "Bearer abc", "‹redacted 10 B›"),
      ("AUTHORIZATION", "x", "‹redacted 1 B›"),
      ("proxy-authorization", "Basic QQ==", "‹redacted 10 B›"),
      ("Cookie", "a=b; c=d", "‹redacted 8 B›"),
      ("Token", "abc", "‹redacted 3 B›"), ("X-Api-Key", "abc", "‹redacted 3 B›"),
      ("Sec-WebSocket-Protocol", "chat, v2", "chat, v2"),
      (
        "Sec-WebSocket-Protocol", "chat, 0123456789abcdef0123456789abcdefX,v2",
        "chat, ‹redacted 33 B›,v2"
      ),
      (
        "sec-websocket-protocol", "0123456789abcdef0123456789abcdef, b",
        "0123456789abcdef0123456789abcdef, b"
      ),
      ("Referer", "https://h/p?token=abc#x", "https://h/p?token=‹redacted 3 B›#x"),
      ("User-Agent", "agent/1 (code=7)", "agent/1 (code=7)"), ("Host", "h:1", "h:1"),
      ("Authorization", "", ""),
    ])
  func headers(_ name: String, _ value: String, _ shown: String) {
    #expect(redaction.value(value, ofHeader: name) == shown)
    #expect(redaction.value(shown, ofHeader: name) == shown)
  }

  @Test(
    "Parameters of a path, and a query whose question mark was encoded",
    arguments: [
      ("/ws/chat/lobby", "/ws/chat/lobby"), ("/ws/token=abc", "/ws/token=abc"),
      ("/ws;token=abc/x", "/ws;token=‹redacted 3 B›/x"),
      ("/ws;a=b;token=abc;c=d/x=y", "/ws;a=b;token=‹redacted 3 B›;c=d/x=y"),
      ("/ws%3Ftoken=a/b&x=1", "/ws%3Ftoken=‹redacted 3 B›&x=1"),
      ("/ws%3Ftoken%3Dabc%26x%3D1", "/ws%3Ftoken%3D‹redacted 3 B›%26x%3D1"),
    ])
  func path(_ raw: String, _ shown: String) {
    #expect(redaction.path(raw) == shown)
    #expect(redaction.path(shown) == shown)
  }

  @Test("URLs in a sentence, and nothing else of it")
  func text() {
    #expect(
      redaction.text("GET \"/ws?a=1&token=abc\" failed: code=1006, key=x")
        == "GET \"/ws?a=1&token=‹redacted 3 B›\" failed: code=1006, key=x")
  }

  @Test("A subprotocol that is longer than names are")
  func subprotocol() {
    #expect(redaction.subprotocol(String(repeating: "a", count: 32)).utf8.count == 32)
    #expect(redaction.subprotocol(String(repeating: "a", count: 33)) == "‹redacted 33 B›")
  }

  @Test("Keys of one's own are added, as keys and as headers")
  func ownKeys() {
    let own = Redaction(adding: ["X-Tenant", "pin"])
    #expect(
      own.query("x_tenant=a&PIN=1234&token=b")
        == "x_tenant=‹redacted 1 B›&PIN=‹redacted 4 B›&token=‹redacted 1 B›")
    #expect(own.value("a", ofHeader: "x-tenant") == "‹redacted 1 B›")
    #expect(redaction.query("pin=1234") == "pin=1234")
    #expect(own != redaction)
    for key in ["", "-", "a b", "a=b", "a&b", String(repeating: "a", count: 65)] {
      #expect(!Redaction.isKey(key), "\(key)")
    }
  }

  @Test(
    "What only begins as if it were redacted is redacted",
    arguments: [
      ("token=‹redactedabc", "token=‹redacted 14 B›"),
      ("token=‹redacted 3 B›abc&a=b", "token=‹redacted 21 B›&a=b"),
      ("token=‹redacted abc B›", "token=‹redacted 20 B›"),
      ("token=‹redacted 3 B›‹redacted 3 B›", "token=‹redacted 36 B›"),
      ("token=‹redacted 12345678901 B›", "token=‹redacted 28 B›"),
    ])
  func forgedMarks(_ raw: String, _ shown: String) {
    #expect(redaction.query(raw) == shown)
    #expect(redaction.query(shown) == shown)
    let value = String(raw.dropFirst("token=".count).prefix { $0 != "&" })
    let header = redaction.value(value, ofHeader: "Cookie")
    #expect(header == shown.dropFirst("token=".count).prefix { $0 != "&" })
    #expect(redaction.value(header, ofHeader: "Cookie") == header)
    #expect(redaction.text("/?" + raw) == redaction.text(redaction.text("/?" + raw)))
    #expect(!redaction.text("/?token=‹redactedabc").contains("abc"))
  }

  @Test("Off, everything is told as it was sent")
  func off() {
    #expect(Redaction.off.query("token=a") == "token=a")
    #expect(Redaction.off.value("a", ofHeader: "Cookie") == "a")
    #expect(Redaction.off.path("/a;token=b") == "/a;token=b")
    #expect(Redaction.off.subprotocol(String(repeating: "a", count: 99)).utf8.count == 99)
  }

  @Test("Long queries take a time that grows with their length", .limited, .timeLimit(.minutes(1)))
  func long() {
    let count = 100_000
    for piece in ["=", "&=", "%3D", ";a[=", "%", "a"] {
      let raw = String(repeating: piece, count: count) + "=1"
      #expect(redaction.query(raw) == raw)
    }
    #expect(
      redaction.query(String(repeating: "token=", count: count))
        == "token=‹redacted \(6 * count - 6) B›")
  }
}
