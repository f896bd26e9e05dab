import ControlProtocol
import Testing
import Vocabulary

@Suite("Mistakes in filters")
struct FilterErrorTests {
  @Test(
    "An error has a column and says what would be right",
    arguments: [
      (
        "chat", 1,
        "\"chat\" is no flag (tls compressed tapped throttled); to look for it write path~chat"
      ),
      (
        "tls chat", 5,
        "\"chat\" is no flag (tls compressed tapped throttled); to look for it write path~chat"
      ),
      (
        "a\"b", 1,
        "\"a\"b\" is no flag (tls compressed tapped throttled); to look for it write path~\"a\\\\\"b\""
      ),
      ("idle", 1, "idle wants an operator and a value without spaces between, such as idle>5m"),
      (
        "idle > 5m", 1, "idle wants an operator and a value without spaces between, such as idle>5m"
      ),
      ("idle> 5m", 6, "idle wants a value without a space before it, such as idle>5m"),
      ("idle>", 6, "idle wants a value without a space before it, such as idle>5m"),
      ("!", 2, "\"!\" stands before a flag or a term, such as !tls"),
      ("! tls", 2, "\"!\" stands before a flag or a term, such as !tls"),
      ("!!tls", 2, "one \"!\" is enough"),
      ("path!x", 5, "the operators are = != > < >= <= ~"),
      ("path<x", 5, "path takes = != ~, not <, such as path~lobby"),
      ("idle~5", 5, "idle takes = != > < >= <=, not ~, such as idle>5m"),
      ("state~op", 6, "state takes = !=, not ~, such as state=open"),
      ("addr>=10.0.0.1", 5, "addr takes = != ~, not >=, such as addr=10.0.0.0/8"),
      (
        "idle>5", 6,
        "\"5\" is not a time with its unit, such as idle>5m: 5 has no unit: 5ms, 5s, 5m, 5h or 5d"
      ),
      (
        "idle>-5m", 6,
        "\"-5m\" is not a time with its unit, such as idle>5m: it has no sign: 5m"
      ),
      ("in.bytes>lots", 10, "\"lots\" is not a size, such as in.bytes>1MiB"),
      (
        "in.bytes>1*", 10,
        "\"1*\" is not a size, such as in.bytes>1MiB: \"*\" is no unit; they are B k KiB MiB GiB TiB "
          + "kB MB GB TB"
      ),
      (
        "in.bytes>4KB", 10,
        "\"4KB\" is not a size, such as in.bytes>1MiB: \"KB\" is no unit: 4kB is 4000B, 4KiB is "
          + "4096B"
      ),
      (
        "in.messages>1k", 13,
        "\"1k\" is not a whole number, such as in.messages>1000: a count has no unit, digits alone "
          + "such as 1"
      ),
      (
        "compresed", 1,
        "\"compresed\" is no flag (tls compressed tapped throttled); the nearest is compressed; to "
          + "look for it write path~compresed"
      ),
      ("port=http", 6, "\"http\" is not a whole number, such as port>=1024"),
      (
        "rtt>20", 5,
        "\"20\" is not a time with its unit, such as rtt>20ms: 20 has no unit: 20ms, 20s, 20m, 20h "
          + "or 20d"
      ),
      ("code=65536", 6, "\"65536\" is not a close code, such as code=1009"),
      (
        "state=opened", 7,
        "\"opened\" is not one of opening open closing closed, such as state=open"
      ),
      (
        "who=me", 5,
        "\"me\" is not one of peer handler operator limit protocol timeout shutdown network "
          + "upstream, or one with its detail, such as who=limit:message-bytes"
      ),
      ("id=4k2", 4, "\"4k2\" is not a session's ID, such as id=s-4k2"),
      (
        "addr=10.0.0", 6,
        "\"10.0.0\" is not an address, a block of addresses or a pattern with *, "
          + "such as addr=10.0.0.0/8"
      ),
      ("ua=\"open", 4, "the quote is not closed"),
      ("ua=\"a\"b", 7, "a space must follow the closing quote"),
      ("ua=\"a\\n\"", 6, "in quotes a \\ stands only before \" \\ and *"),
      ("ü=1 x", 1, nil), ("path~ü chat", 8, nil), ("=x", 1, nil), ("\u{1b}", 1, nil),
    ] as [(String, Int, String?)] as [(String, Int, String?)])
  func errors(text: String, column: Int, message: String?) {
    let error = #expect(throws: FilterError.self) { try SessionFilter(text) }
    #expect(error?.column == column)
    if let message { #expect(error?.message == message) }
    #expect(error?.description.hasPrefix("column \(column): ") == true)
  }

  @Test("An unknown key lists the keys")
  func unknownKey() {
    let error = #expect(throws: FilterError.self) { try SessionFilter("tls foo=1") }
    #expect(error?.column == 5)
    #expect(
      error?.message
        == "no key is called \"foo\"; the keys are id route path query room addr port state age idle "
        + "in.messages out.messages in.bytes out.bytes largest backlog rtt in.messages/s "
        + "out.messages/s in.bytes/s out.bytes/s in.wire out.wire ratio dropped subprotocol ua "
        + "rooms tag closed code who actor, and the flags tls compressed tapped throttled")
  }

  @Test(
    "An unknown key names the nearest one first",
    arguments: [("adr", "addr"), ("Route", "route")])
  func nearestKey(typed: String, nearest: String) {
    let error = #expect(throws: FilterError.self) { try SessionFilter("\(typed)=1") }
    #expect(
      error?.message.hasPrefix("no key is called \"\(typed)\"; the nearest is \(nearest); the keys")
        == true)
  }

  @Test("What was typed is shown escaped")
  func escaped() {
    let error = #expect(throws: FilterError.self) { try SessionFilter("\u{1b}[2J") }
    #expect(error?.message.unicodeScalars.contains("\u{1b}") == false)
  }

  @Test("A refusal carries the column")
  func refusal() {
    let error = #expect(throws: FilterError.self) { try SessionFilter("tls chat") }
    guard let error else { return }
    #expect(
      ControlError(error)
        == ControlError(code: "invalid-filter", message: error.message, column: 5))
  }
}
