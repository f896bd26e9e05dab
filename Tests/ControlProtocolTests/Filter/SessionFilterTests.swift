import ControlProtocol
import Testing
import Vocabulary

@Suite("Filters of sessions")
struct SessionFilterTests {
  @Test(
    "A path matches as people read it, and as it came",
    arguments: [
      ("/ws/chat/caf%C3%A9%20au%2Flait", "path=\"/ws/chat/café au/lait\"", true),
      ("/ws/chat/caf%C3%A9%20au%2Flait", "path=/ws/chat/caf%C3%A9%20au%2Flait", true),
      ("/ws/chat/caf%C3%A9%20au%2Flait", "path~AU/LAIT", true),
      ("/ws/chat/caf%C3%A9%20au%2Flait", "path!=\"/ws/chat/café au/lait\"", false),
      ("/ws/chat/caf%C3%A9%20au%2Flait", "path~x", false),
      // Decoded once: what was encoded twice is still encoded.
      ("/a%2520b", "path=/a%20b", true), ("/a%2520b", "path=\"/a b\"", false),
      // No UTF-8, and no escape at all: as it came.
      ("/a%FFb", "path=/a%FFb", true), ("/a%zz", "path=/a%zz", true), ("/a%", "path~%", true),
    ])
  func decodedPaths(path: String, filter: String, matches: Bool) throws {
    let row = Samples.row { $0.path = path }
    #expect(try SessionFilter(filter).matches(row, now: Samples.now) == matches)
  }

  @Test(
    "A path is shown decoded once, or as it came",
    arguments: [
      ("/a%20b", "/a b"), ("/a%2520b", "/a%20b"), ("/a%FFb", "/a%FFb"), ("/a%zz", "/a%zz"),
      ("/%E2%80%AE%1B", "/\u{202E}\u{1B}"), ("/plain+", "/plain+"),
    ])
  func shownPaths(path: String, shown: String) {
    let row = Samples.row { $0.path = path }
    #expect(row.decodedPath == shown && row.shownTexts(.path) == [shown])
    #expect(row.texts(.path) == [path])
  }

  @Test("The empty filter matches every session", arguments: ["", " ", "\t \n"])
  func empty(text: String) throws {
    let filter = try SessionFilter(text)
    #expect(filter == SessionFilter())
    #expect(filter.isEmpty)
    #expect(filter.matches(Samples.row(), now: Samples.now))
    #expect(filter.description == "")
  }

  @Test(
    "Terms that hold for the sample session",
    arguments: [
      "id=s-4k2", "id=S-4K2", "id=s-4*", "id~4K", "id!=s-4k3", "route=/ws/chat/{room}",
      "route=/ws/chat*", "route!=/ws/echo", "path=/ws/chat/lobby", "path=*/lobby",
      "path=/*/chat/*y",
      "path=*", "path~LOBBY", "path~l*y", "path!=/WS/CHAT/LOBBY", "!path~echo", "addr=10.0.3.7",
      "addr=10.0.0.0/8", "addr=10.0.*", "addr!=10.0.3.8", "addr=::ffff:10.0.3.7", "addr~0.3",
      "addr!=::/0", "addr!=unix", "port=51544", "port>51543", "port>=51544", "port<51545",
      "port<=51544", "port!=80", "!port=80", "age>2h", "idle<1s", "idle>=200ms",
      "in.messages>12000", "out.messages=48233", "in.bytes>=3MiB", "out.bytes>12000k",
      "largest=64KiB", "backlog=2k", "rtt>12ms", "rtt<1s", "state=open", "state!=closing", "tls",
      "!compressed", "!tapped", "!throttled", "ua~mozilla",
      "ua=\"Mozilla/5.0 (X11; \\\"quoted\\\")\"",
      "ua~\"x11; \"", "!tag=vip", "tag!=vip", "!code=1000", "code!=1000",
      "!who=peer", "who!=limit", "tls !compressed route=/ws/chat* addr=10.0.0.0/8 in.bytes>1MiB",
    ])
  func holds(text: String) throws {
    #expect(try SessionFilter(text).matches(Samples.row(), now: Samples.now))
  }

  @Test(
    "Terms that do not hold for the sample session",
    arguments: [
      "id=s-4k3", "id=s-5*", "route=/ws/chat", "path=/WS/CHAT/LOBBY", "path=lobby", "path=*lobb",
      "path=/ws/chat/lobby?*", "!path~lobby", "addr=10.0.3.8", "addr=11.0.0.0/8", "addr=::/0",
      "addr=unix", "port>51544", "age<2h", "idle>5m", "in.bytes>3MiB", "rtt>20ms", "state=closed",
      "!tls", "compressed", "tapped", "ua~chrome", "room=lobby", "tag=vip", "code=1000", "code>0",
      "who=peer", "tls compressed", "path~lobby path~echo", "!room=lobby", "room!=lobby",
    ])
  func fails(text: String) throws {
    #expect(try !SessionFilter(text).matches(Samples.row(), now: Samples.now))
  }

  @Test("Looking for a text costs as much as the texts are long together, whatever they are")
  func work() throws {
    let pattern = String(repeating: "a", count: 1000) + "b"
    let row = Samples.row { $0.path = "/" + String(repeating: "a", count: 16_000) }
    let filter = try SessionFilter("path~\(pattern)")
    let duration = ContinuousClock().measure {
      for _ in 0..<100 { #expect(!filter.matches(row, now: Samples.now)) }
    }
    // Looking anew at each place took a hundred times as long.
    #expect(duration < .seconds(5), "\(duration)")
  }

  @Test("A pattern matches what a slow and simple search finds")
  func patterns() throws {
    var generator = SystemRandomNumberGenerator()
    func letters(_ count: Int) -> String {
      String((0..<count).map { _ in Bool.random(using: &generator) ? "a" : "b" })
    }
    func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      let rest = pattern.dropFirst()
      guard first == "*" else { return text.first == first && matches(rest, text.dropFirst()) }
      return matches(rest, text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
    }
    for _ in 0..<3000 {
      let text = letters(Int.random(in: 0...14))
      let pattern = (0...Int.random(in: 0...3)).map { _ in letters(Int.random(in: 0...4)) }
        .joined(separator: "*")
      guard !pattern.isEmpty else { continue }
      let row = Samples.row { $0.path = text }
      #expect(
        try SessionFilter("path=\(pattern)").matches(row, now: Samples.now)
          == matches(Array(pattern)[...], Array(text)[...]), "\(pattern) \(text)")
      let contained = Array("*\(pattern)*")[...]
      #expect(
        try SessionFilter("path~\(pattern.uppercased())").matches(row, now: Samples.now)
          == matches(contained, Array(text)[...]), "~\(pattern) \(text)")
    }
  }

  @Test("A filter knows whether it looks at rooms, and at texts of any length")
  func looks() throws {
    for text in ["room=a", "!room~a", "tls rooms>1", "room!=a path~x"] {
      #expect(try SessionFilter(text).looksAtRooms, "\(text)")
    }
    for text in ["", "tls", "path~room tag=a age>1h"] {
      #expect(try !SessionFilter(text).looksAtRooms, "\(text)")
    }
    #expect(try SessionFilter("tls !ua~x").looksAtTexts)
    #expect(try !SessionFilter("tls age>1h addr=10.0.0.0/8").looksAtTexts)
  }

  @Test("What a session does not have matches only negated")
  func missing() throws {
    let row = Samples.row {
      $0.userAgent = nil
      $0.subprotocol = nil
      $0.compressed = false
      $0.address = "unix"
    }
    for text in [
      "ua=*", "ua~\"\"", "subprotocol=*", "addr=0.0.0.0/0", "addr=::/0", "ratio>0", "code>0",
      "closed>0s", "who=*", "tag=*",
    ] {
      #expect(try !SessionFilter(text).matches(row, now: Samples.now), "\(text)")
      #expect(try SessionFilter("!" + text).matches(row, now: Samples.now), "\(text)")
    }
    #expect(try SessionFilter("addr=unix").matches(row, now: Samples.now))
    let throttled = Samples.row { $0.throttled = true }
    #expect(try SessionFilter("throttled").matches(throttled, now: Samples.now))
    #expect(try SessionFilter("addr=u*x").matches(row, now: Samples.now))
  }

  @Test(
    "What is not known yet matches neither a term nor its negation",
    arguments: [
      "rtt<1s", "rtt>=0ms", "rtt=5ms", "in.messages/s>0", "out.messages/s=0", "in.bytes/s<1KiB",
      "out.bytes/s>=0", "ratio>0", "rooms>0", "rooms=0", "room=lobby", "room~o",
    ])
  func unknown(text: String) throws {
    let row = Samples.row {
      $0.roundTripMilliseconds = nil
      $0.rates = nil
      $0.compressed = true
      $0.wireBytesIn = 0
      $0.wireBytesOut = 0
    }
    let filter = try SessionFilter(text)
    let negation = try SessionFilter("!" + text)
    #expect(!filter.matches(row, now: Samples.now))
    #expect(!negation.matches(row, now: Samples.now))
    #expect(try !SessionFilter("tls !" + text).matches(row, now: Samples.now))
    // One that is gone will not get it any more.
    let gone = Samples.row {
      $0.roundTripMilliseconds = nil
      $0.state = .closed
      $0.ending = SessionEnding(code: .normalClosure, reason: "", by: .peer, at: Samples.now)
      $0.compressed = true
      $0.wireBytesIn = 0
      $0.wireBytesOut = 0
    }
    #expect(!filter.matches(gone, now: Samples.now))
    #expect(negation.matches(gone, now: Samples.now))
  }

  @Test("Of a row that does not tell all rooms, a room that is not told is not known")
  func cutRooms() throws {
    let row = Samples.row {
      $0.rooms = ["a", "b"]
      $0.roomCount = 3
    }
    #expect(try SessionFilter("room=a").matches(row, now: 0))
    #expect(try !SessionFilter("room!=a").matches(row, now: 0))
    #expect(try !SessionFilter("room=c").matches(row, now: 0))
    #expect(try !SessionFilter("room!=c").matches(row, now: 0))
    let whole = Samples.row {
      $0.rooms = ["a", "b"]
      $0.roomCount = 2
    }
    #expect(try SessionFilter("room!=c").matches(whole, now: 0))
  }

  @Test("Tags are found by key and value, by the key alone, and by what they contain")
  func tags() throws {
    let row = Samples.row { $0.tags = ["user:Olga K", "vip", "x:a:b", "k:"] }
    for text in [
      "tag=\"user:Olga K\"", "tag=user", "tag=user:*", "tag~olga", "tag=vip", "tag=x", "tag=x:a:b",
      "tag=*:b", "tag!=user:sam", "!tag~sam", "tag!=vi", "tag!=a:b", "tag!=\"user:Olga \u{212A}\"",
    ] {
      #expect(try SessionFilter(text).matches(row, now: 0), "\(text)")
    }
    for text in ["tag=user:olga", "tag=x:a", "tag!=vip", "tag!=user", "tag=a", "tag=\"\""] {
      #expect(try !SessionFilter(text).matches(row, now: 0), "\(text)")
    }
  }

  @Test("A filter says which keys it looks at, and is cut down to what handlers change")
  func keys() throws {
    let filter = try SessionFilter("tls tag!=vip room=a rooms<3 idle>5m")
    #expect(filter.uses(.tag) && filter.uses(.room) && !filter.uses(.path))
    #expect(filter.ofRoomsAndTags.description == "tag!=vip room=a rooms<3")
    #expect(filter.keyOfClosed == nil)
    #expect(try SessionFilter("tls").ofRoomsAndTags.isEmpty)
    for (text, key) in [("code!=1000", "code"), ("tls !who=peer", "who"), ("closed>1h", "closed")] {
      #expect(try SessionFilter(text).keyOfClosed == key)
    }
  }

  @Test("A closed session's record is matched without a row")
  func record() throws {
    struct Closed: SessionFieldSubject {
      var id: SessionID { SessionID(rawValue: 1) }
      var state: SessionState { .closed }
      var closeInitiator: CloseInitiator? { .limit(.messageBytes) }
      func hasText(_ key: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
        switch key {
        case .room: ["lobby", "garden"].contains { test($0.utf8.span) }
        case .address: test("2001:db8::7".utf8.span)
        default: false
        }
      }
      func number(_ key: SessionField, now: Double) -> SessionNumber {
        key == .code ? .value(1009) : .absent
      }
      func flag(_ flag: SessionField) -> Bool { flag == .tapped }
    }
    for text in [
      "who=limit", "who=limit:message-bytes", "who=limit:*", "who~MESSAGE", "who!=peer",
      "code=1009", "code>=1002", "state=closed", "room=lobby", "room=garden", "room!=attic",
      "tapped", "addr=2001:db8::/32", "addr=2001:0DB8:0:0::7",
    ] {
      #expect(try SessionFilter(text).matches(Closed(), now: 0), "\(text)")
    }
    for text in ["who=peer", "who=limit:sessions", "room!=lobby", "code=1000", "addr=10.0.0.0/8"] {
      #expect(try !SessionFilter(text).matches(Closed(), now: 0), "\(text)")
    }
  }

  @Test(
    "The canonical text means the same",
    arguments: [
      ("  tls   !compressed ", "tls !compressed"), ("in.bytes>1024k", "in.bytes>1MiB"),
      ("idle>300s", "idle>5m"), ("rtt>=1000ms", "rtt>=1s"), ("!port=0080", "port!=80"),
      ("!port!=80", "port=80"), ("!idle>5m", "!idle>5m"), ("id=S-4K2", "id=s-4k2"),
      ("ua=\"plain\"", "ua=plain"), ("ua=\"a b\"", "ua=\"a b\""), ("ua=\"\"", "ua=\"\""),
      ("path=a\\b", "path=\"a\\\\b\""), ("path=\"a\\*b*\"", "path=\"a\\*b*\""),
      ("path=a\"b", "path=\"a\\\"b\""), ("path=*", "path=*"), ("!path~X*y", "!path~X*y"),
      ("path=a=b", "path=a=b"), ("addr!=10.1.2.3/8", "addr!=10.1.2.3/8"),
      ("code=01009", "code=1009"),
    ] as [(String, String)])
  func canonical(text: String, expected: String) throws {
    let filter = try SessionFilter(text)
    #expect(filter.description == expected)
    #expect(try SessionFilter(filter.description) == filter)
  }

  @Test("A filter has at most 32 terms and 1 KiB")
  func limits() throws {
    let most = Array(repeating: "tls", count: 32).joined(separator: " ")
    #expect(try SessionFilter(most).matches(Samples.row(), now: 0))
    let error = #expect(throws: FilterError.self) { try SessionFilter(most + " tls") }
    #expect(error?.description == "column 129: a filter has at most 32 terms")
    #expect(throws: Never.self) {
      try SessionFilter("path=" + String(repeating: "x", count: 1019))
    }
    let long = #expect(throws: FilterError.self) {
      try SessionFilter("path=" + String(repeating: "x", count: 1020))
    }
    #expect(long?.message == "a filter has at most 1024 bytes")
    #expect(long?.column == 1025)
  }
}
