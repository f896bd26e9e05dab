import Testing

@testable import ControlProtocol

@Suite("Completion of filters")
struct FilterCompletionTests {
  private let routes = ["/ws/echo", "/ws/chat/{room}", "/with space"]

  private func labels(_ text: String) -> [String] {
    FilterCompletion(of: text, knowing: KnownValues(routes: routes)).candidates.map(\.label)
  }

  @Test(
    "Keys, flags, operators, states, initiators, routes and close codes by their names",
    arguments: [
      ("ro", ["route", "room", "rooms"]), ("t", ["tag", "tls", "tapped", "throttled"]),
      ("!t", ["tag", "tls", "tapped", "throttled"]),
      ("tls r", ["route", "room", "rtt", "ratio", "rooms"]),
      ("rou", ["route=", "route!=", "route~"]),
      ("port", ["port=", "port!=", "port>", "port<", "port>=", "port<="]),
      ("route!", ["route!="]), ("state=", ["opening", "open", "closing", "closed"]),
      ("state!=clo", ["closing", "closed"]), ("who=p", ["peer", "protocol"]),
      ("who=limit:messages-p", ["limit:messages-per-second"]),
      ("route=/ws/e", ["/ws/echo"]), ("route=\"", ["/with space", "/ws/chat/{room}", "/ws/echo"]),
      (
        "code=100",
        [
          "1000 normal closure", "1001 going away", "1002 protocol error", "1003 unsupported data",
          "1005 no status received", "1006 abnormal closure", "1007 invalid frame payload data",
          "1008 policy violation", "1009 message too big",
        ]
      ),
      ("code=big", ["1009 message too big"]), ("code=message-too", ["1009 message too big"]),
      ("idle>", []), ("nose=", []), ("nose", []), ("idle>>", []), ("path~\"a b", []),
    ] as [(String, [String])])
  func candidates(text: String, expected: [String]) {
    #expect(labels(text) == expected)
  }

  @Test("Everything fits where nothing is typed, within the bound")
  func empty() {
    let all = FilterCompletion(of: "", knowing: KnownValues())
    #expect(all.candidates.count == SessionField.filterKeys.count + SessionField.flags.count)
    #expect(all.candidates.count <= FilterCompletion.maximumCandidateCount)
    let many = FilterCompletion(
      of: "route=", knowing: KnownValues(routes: (0..<500).map { "/\($0)" }))
    #expect(many.candidates.count == FilterCompletion.maximumCandidateCount)
  }

  @Test("What is put in place of the word makes a filter, wherever a value follows")
  func valid() throws {
    for text in ["tl", "state=cl", "who=net", "route=/ws/c", "route=\"/w", "code=pol", "!tl"] {
      let found = FilterCompletion(of: text, knowing: KnownValues(routes: routes))
      for candidate in found.candidates {
        let whole = String(text.prefix(found.start)) + candidate.text
        #expect(throws: Never.self) { try SessionFilter(whole) }
      }
    }
  }

  @Test("Values that are known are completed, in the quotes that they are typed in or need")
  func known() {
    var known = KnownValues(routes: routes)
    known.add(["lobby", "lounge", "my \"own\" room", "", "a*b"], to: .room)
    known.add([Samples.row { $0.tags = ["user:olga", "vip"] }])
    func texts(_ text: String) -> [String] {
      FilterCompletion(of: text, knowing: known).candidates.map(\.text)
    }
    #expect(texts("room=lo") == ["lobby ", "lounge "])
    #expect(texts("tls room!=lob") == ["lobby "])
    #expect(texts("room=\"lo") == ["\"lobby\" ", "\"lounge\" "])
    #expect(texts("room=my") == [#""my \"own\" room" "#])
    #expect(texts(#"room="my \"o"#) == [#""my \"own\" room" "#])
    #expect(texts("room=a") == [#""a\*b" "#])
    #expect(texts("tag=u") == ["user:olga "])
    #expect(texts("room=x").isEmpty && texts("tag=\"x").isEmpty)
    #expect(FilterCompletion(of: "room=x", knowing: known).example == "room=lobby")
  }

  @Test("What is known of a field is bounded")
  func bounded() {
    var known = KnownValues()
    known.add((0..<5000).map { "room \($0)" }, to: .room)
    #expect(known[.room].count == KnownValues.maximumCount)
    #expect(
      FilterCompletion(of: "room=", knowing: known).candidates.count
        == FilterCompletion.maximumCandidateCount)
  }

  @Test("Where nothing can be listed there is an example")
  func example() {
    #expect(FilterCompletion(of: "tls idle>", knowing: KnownValues()).example == "idle>5m")
    #expect(FilterCompletion(of: "x", knowing: KnownValues()).example == "")
  }

  @Test("Wide and joined characters count as characters, not as bytes")
  func start() {
    #expect(FilterCompletion(of: "path~日本 ro", knowing: KnownValues()).start == 8)
    #expect(FilterCompletion(of: "ua~\"a b\" !tl", knowing: KnownValues()).start == 10)
    #expect(FilterCompletion(of: #"ua="5\" scr"#, knowing: KnownValues()).start == 3)
    #expect(FilterCompletion(of: #"ua="5\\" tl"#, knowing: KnownValues()).start == 9)
  }
}
