import ControlProtocol
import Testing
import Vocabulary

@Suite("Filters of sessions")
struct SessionFilterTests {
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
      "ua~\"x11; \"", "!room=lobby", "room!=lobby", "!tag=vip", "!code=1000", "code!=1000",
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
      "who=peer", "tls compressed", "path~lobby path~echo",
    ])
  func fails(text: String) throws {
    #expect(try !SessionFilter(text).matches(Samples.row(), now: Samples.now))
  }

  @Test("What a session does not have matches only negated")
  func missing() throws {
    let row = Samples.row {
      $0.roundTripMilliseconds = nil
      $0.userAgent = nil
      $0.address = "unix"
    }
    for text in ["rtt<1s", "rtt>=0ms", "ua=*", "ua~\"\"", "addr=0.0.0.0/0", "addr=::/0"] {
      #expect(try !SessionFilter(text).matches(row, now: Samples.now))
      #expect(try SessionFilter("!" + text).matches(row, now: Samples.now))
    }
    #expect(try SessionFilter("addr=unix").matches(row, now: Samples.now))
    let throttled = Samples.row { $0.throttled = true }
    #expect(try SessionFilter("throttled").matches(throttled, now: Samples.now))
    #expect(try SessionFilter("addr=u*x").matches(row, now: Samples.now))
  }

  @Test("A closed session's record is matched without a row")
  func record() throws {
    struct Closed: SessionFilterSubject {
      var id: SessionID { SessionID(rawValue: 1) }
      var state: SessionState { .closed }
      var closeInitiator: CloseInitiator? { .limit(.messageBytes) }
      func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
        switch key {
        case .room: ["lobby", "garden"].contains { test($0.utf8.span) }
        case .address: test("2001:db8::7".utf8.span)
        default: false
        }
      }
      func number(_ key: FilterNumberKey, now: Double) -> Double? { key == .code ? 1009 : nil }
      func flag(_ flag: FilterFlag) -> Bool { flag == .tapped }
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
