import Testing
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Matching of routes")
struct RouteTableTests {
  /// A table whose targets are the patterns themselves.
  private func table(_ patterns: String...) throws -> RouteTable<String> {
    var table = RouteTable<String>()
    for pattern in patterns { try table.add(pattern, pattern) }
    return table
  }

  @Test("The built-in routes")
  func builtIn() throws {
    let table = try table("/ws/echo", "/ws/api", "/ws/chat/{room}", "/ws/stream")
    #expect(try table.match("/ws/echo").route.index == 0)
    let chat = try table.match("/ws/chat/lobby")
    #expect(chat.route.index == 2 && chat.route.pattern == "/ws/chat/{room}")
    #expect(chat.parameters["room"] == "lobby")
    #expect(chat.parameters["other"] == nil)
    #expect(table.routes.map(\.target) == ["/ws/echo", "/ws/api", "/ws/chat/{room}", "/ws/stream"])
  }

  @Test(
    "Paths that no route takes are refused with 404",
    arguments: [
      "/", "/ws", "/ws/", "/ws/echo/", "//ws/echo", "/ws//echo", "/ws/Echo", "/ws/echo/x",
      "/ws/chat", "/ws/chat/", "/ws/chat//", "/ws/chat/a/b", "/ws/chat/a/", "ws/echo", "", "*",
      "/ws/./echo", "/ws/x/../echo",
    ])
  func notFound(path: String) throws {
    let table = try table("/ws/echo", "/ws/chat/{room}")
    let refusal = try #require(throws: HandshakeRefusal.self) { try table.match(path) }
    #expect(refusal == .noRoute)
    #expect(refusal.status == .notFound)
  }

  @Test("A combining mark after a slash leaves the slash one")
  func combiningMark() throws {
    let table = try table("/a/\u{301}b/{c}")
    #expect(try table.match("/a/%CC%81b/x").parameters["c"] == "x")
  }

  @Test("Patterns that are equivalent for a String and other bytes are other routes")
  func otherBytes() throws {
    let table = try table("/\u{E9}", "/e\u{301}", "/K", "/\u{212A}", "/{x}/\u{E9}", "/{x}/e\u{301}")
    let paths = ["/%C3%A9", "/e%CC%81", "/K", "/%E2%84%AA", "/a/%C3%A9", "/a/e%CC%81"]
    for (index, path) in paths.enumerated() {
      #expect(try table.match(path).route.index == index)
    }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/%CC%81e") }
    #expect(throws: RouteError.self) { try self.table("/\u{E9}", "/\u{E9}") }
  }

  @Test("The root, and a slash at the end, are paths of their own")
  func slashes() throws {
    let table = try table("/", "/a", "/a/")
    #expect(try table.match("/").route.target == "/")
    #expect(try table.match("/a").route.target == "/a")
    #expect(try table.match("/a/").route.target == "/a/")
  }

  @Test(
    "A segment is decoded once, and an encoded slash stays inside it",
    arguments: [
      ("/ws/chat/a%2Fb", "a/b"), ("/ws/chat/a%2fb", "a/b"), ("/ws/chat/%2525", "%25"),
      ("/ws/chat/%252F", "%2F"), ("/ws/chat/caf%C3%A9", "café"), ("/ws/chat/a+b", "a+b"),
      ("/ws/chat/%20", " "), ("/%77s/chat/x", "x"), ("/ws/ch%61t/x", "x"), ("/ws/chat/..", ".."),
    ])
  func decoding(path: String, room: String) throws {
    let match = try table("/ws/chat/{room}").match(path)
    #expect(match.parameters["room"] == room)
    #expect(match.parameters.first?.value as? String == room)
  }

  @Test("An encoded slash does not separate segments")
  func encodedSlashIsNoSeparator() throws {
    let table = try table("/ws/chat/{room}", "/ws/echo")
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/ws%2Fecho") }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/ws%2Fchat/a") }
  }

  @Test(
    "What is not percent-encoded UTF-8 is refused with 400",
    arguments: [
      "/ws/chat/%", "/ws/chat/%2", "/ws/chat/%zz", "/ws/chat/%C3", "/ws/chat/%FF", "/%GG",
      "/ws/chat/a/b/%C0%AF", "/ws/chat/%ED%A0%80",
    ])
  func malformed(path: String) throws {
    let table = try table("/ws/chat/{room}")
    let refusal = try #require(throws: HandshakeRefusal.self) { try table.match(path) }
    #expect(refusal == .malformedPercentEncoding)
    #expect(refusal.status == .badRequest)
  }

  @Test("Text that is not ASCII is written decoded in a pattern")
  func unicodeLiteral() throws {
    let table = try table("/café/{id}")
    #expect(try table.match("/caf%C3%A9/1").parameters["id"] == "1")
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/cafe%CC%81/1") }
  }

  @Test("Text wins over a parameter, whichever is declared first")
  func literalFirst() throws {
    let table = try table("/{a}/{b}", "/{a}/list", "/items/{b}", "/items/list")
    #expect(try table.match("/items/list").route.target == "/items/list")
    #expect(try table.match("/items/7").route.target == "/items/{b}")
    #expect(try table.match("/users/list").route.target == "/{a}/list")
    #expect(try table.match("/users/7").route.target == "/{a}/{b}")
  }

  @Test("Between parameters the one declared first wins")
  func declarationOrder() throws {
    let narrow = try table("/x/{id:int}", "/x/{name}")
    #expect(try narrow.match("/x/7").route.target == "/x/{id:int}")
    #expect(try narrow.match("/x/seven").route.target == "/x/{name}")
    let wide = try table("/x/{name}", "/x/{id:int}")
    #expect(try wide.match("/x/7").route.target == "/x/{name}")
    let between = try table("/{a}/p", "/{n:int}/{b}", "/{a}/{b}")
    #expect(try between.match("/1/q").route.target == "/{n:int}/{b}")
    #expect(try between.match("/1/p").route.target == "/{a}/p")
  }

  @Test("The rest of a path takes slashes, and text at its place wins over it")
  func rest() throws {
    let table = try table("/files/{rest:path}", "/files/{name}/info", "/files/index")
    #expect(try table.match("/files/a/b%2Fc/d.txt").parameters["rest"] == "a/b/c/d.txt")
    #expect(try table.match("/files/a/").parameters["rest"] == "a/")
    #expect(try table.match("/files/a//b").parameters["rest"] == "a//b")
    #expect(try table.match("/files/index").route.target == "/files/index")
    #expect(try table.match("/files/a/info").route.target == "/files/{name}/info")
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/files/") }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/files") }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/files//etc/passwd") }
  }

  @Test(
    "A last segment * takes the rest of a path, also an empty one",
    arguments: [
      ("/app/*", "/app/", true), ("/app/*", "/app/x", true), ("/app/*", "/app/x/", true),
      ("/app/*", "/app/x//y", true), ("/app/*", "/app//", true), ("/app/*", "/%61pp/x", true),
      ("/app/*", "/app/x%2Fy", true), ("/app/*", "/app/.", true), ("/app/*", "/app/...", true),
      ("/app/*", "/app", false), ("/app/*", "/apple", false), ("/app/*", "/App/x", false),
      ("/app/*", "//app/x", false), ("/app/*", "/app%2Fx", false), ("/app/*", "/", false),
      ("/app/*", "app/x", false), ("/app/*", "", false), ("/app/*", "*", false),
      ("/*", "/", true), ("/*", "/x", true), ("/*", "//", true), ("/*", "/x/y/z/", true),
      ("/*", "*", false), ("/*", "", false),
      ("/{room}/*", "/a/", true), ("/{room}/*", "/a%2Fb/c/d", true), ("/{room}/*", "//x", false),
      ("/{room}/*", "/a", false), ("/{id:int}/*", "/7/x", true), ("/{id:int}/*", "/x/7", false),
    ])
  func wildcard(pattern: String, path: String, isTaken: Bool) throws {
    let table = try table(pattern)
    #expect((try? table.match(path))?.route.pattern == (isTaken ? pattern : nil))
  }

  @Test("A parameter in front of * has its value, and what * takes is no parameter")
  func wildcardParameters() throws {
    let match = try table("/{tenant}/{id:int}/*").match("/acme/7/x/y")
    #expect(match.parameters.map(\.name) == ["tenant", "id"])
    #expect(match.parameters.map(\.text) == ["acme", "7"])
  }

  @Test(
    "What * takes need not be percent-encoded UTF-8",
    arguments: ["/app/%", "/app/%zz", "/app/%FF/x", "/app/x/%C0%AF", "/app/%E4/%"])
  func undecodedRest(path: String) throws {
    #expect(try table("/app/*").match(path).route.pattern == "/app/*")
    #expect(try table("/*").match(path).route.pattern == "/*")
    #expect(throws: HandshakeRefusal.malformedPercentEncoding) {
      try table("/app/{x}", "/app/{x}/{y}", "/app/{rest:path}", "/b/*").match(path)
    }
    #expect(throws: HandshakeRefusal.malformedPercentEncoding) {
      try table("/app/x/{y}/*", "/app/{x}/{y}/*").match(path)
    }
  }

  @Test("A malformed segment in front of * is refused with 400")
  func malformedInFrontOfWildcard() throws {
    for path in ["/%zz/x", "/%FF/", "/%"] {
      #expect(throws: HandshakeRefusal.malformedPercentEncoding) {
        try table("/app/*", "/{x}/*").match(path)
      }
    }
  }

  @Test(
    "* takes no path that leads out of what it stands for",
    arguments: [
      ("/app/..", false), ("/app/../admin", false), ("/app/x/../../admin", false),
      ("/app/%2e%2E/admin", false), ("/app/.%2e", false), ("/app/x%2F..%2f../admin", false),
      ("/app/%zz/../../admin", false), ("/app/..%2fadmin", false), ("/app/x/..", false),
      ("/app/..x", true), ("/app/x..", true), ("/app/...", true), ("/app/./x", true),
      ("/app/%252e%252e/x", true), ("/app/a%2Fb", true), ("/app/..%20/x", true),
    ])
  func parentSegments(path: String, isTaken: Bool) throws {
    let table = try table("/app/*")
    #expect(((try? table.match(path)) != nil) == isTaken)
    if !isTaken, !path.contains("%zz") {
      #expect(throws: HandshakeRefusal.noRoute) { try table.match(path) }
    }
    // A segment in front of * is what its pattern says.
    #expect(try self.table("/{a}/*").match("/../x").parameters["a"] == "..")
  }

  @Test(
    "More exact patterns win over *, whatever the order of declaration",
    arguments: [
      ("/app", "/app"), ("/app/", "/app/*"), ("/app/list", "/app/list"), ("/app/x", "/app/{x}"),
      ("/app/x/y", "/app/*"), ("/app/list/x", "/app/list/*"), ("/app/x/z", "/app/{x}/z"),
      ("/other", "/{y}"), ("/other/x", "/*"), ("/", "/*"), ("/app/x/z/1", "/app/{x}/z/*"),
      ("/files/a/b", "/files/{rest:path}"), ("/files/", "/files/*"), ("/files//a", "/files/*"),
    ])
  func wildcardOrder(path: String, expected: String) throws {
    let patterns = [
      "/*", "/{y}", "/app", "/app/*", "/app/{x}", "/app/list", "/app/list/*", "/app/{x}/z",
      "/app/{x}/z/*", "/files/*", "/files/{rest:path}",
    ]
    for shift in patterns.indices {
      let rotated = Array(patterns[shift...] + patterns[..<shift])
      for order in [rotated, rotated.reversed()] {
        var table = RouteTable<String>()
        for pattern in order { try table.add(pattern, pattern) }
        #expect(try table.match(path).route.pattern == expected)
      }
    }
  }

  @Test("Where two * differ first in text and a parameter, the text wins")
  func wildcardsAmongThemselves() throws {
    for patterns in [["/a/*", "/{x}/b/*"], ["/{x}/b/*", "/a/*"]] {
      var table = RouteTable<String>()
      for pattern in patterns { try table.add(pattern, pattern) }
      #expect(try table.match("/a/b/c").route.pattern == "/a/*")
      #expect(try table.match("/c/b/c").route.pattern == "/{x}/b/*")
    }
  }

  @Test("A converter's refusal leaves the path to *")
  func wildcardBehindConverter() throws {
    let table = try table("/items/{id:int}", "/items/*")
    #expect(try table.match("/items/7").route.pattern == "/items/{id:int}")
    #expect(try table.match("/items/x").route.pattern == "/items/*")
  }

  @Test("* takes a path of any number of segments")
  func manySegmentsUnderWildcard() throws {
    let table = try table("/{rest:path}", "/a/*")
    let longest = String(repeating: "/a", count: 256)
    for path in [longest, longest + "/a", String(repeating: longest, count: 30)] {
      #expect(try table.match(path).route.pattern == "/a/*")
    }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match(longest + "/..") }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/b" + longest) }
  }

  @Test("A path of 256 segments is matched, a longer one is not")
  func segmentLimit() throws {
    let table = try table("/{rest:path}")
    let longest = String(repeating: "/a", count: 256)
    #expect(try table.match(longest).parameters["rest"]?.utf8.count == 511)
    #expect(throws: HandshakeRefusal.noRoute) { try table.match(longest + "/a") }
    #expect(throws: HandshakeRefusal.noRoute) {
      try table.match(String(repeating: "/", count: 16_384))
    }
  }

  @Test("A parameter that its converter refuses is 404 by its own name, unless another route fits")
  func refusedByConverter() throws {
    let table = try table("/items/{id:int}", "/days/{day:date}/log")
    for path in ["/items/abc", "/items/1.5", "/days/2025-02-30/log"] {
      let refusal = try #require(throws: HandshakeRefusal.self) { try table.match(path) }
      #expect(refusal == .invalidPathParameter)
      #expect(refusal.status == .notFound)
    }
    #expect(throws: HandshakeRefusal.noRoute) { try table.match("/days/2025-02-30/other") }
  }

  @Test("A converter of the program's own, by its name in the pattern")
  func ownConverter() throws {
    var table = RouteTable<Int>()
    try table.register(
      PathConverter { $0 == "red" ? 0xFF0000 : $0 == "blue" ? 0x0000FF : nil }, as: "color")
    try table.register(PathConverter(matching: { $0.utf8.count == 2 }), as: "country-code")
    try table.add("/{code:country-code}/{paint:color}", 1)
    let match = try table.match("/de/blue")
    #expect(match.parameters.value("paint", as: Int.self) == 255)
    #expect(match.parameters["paint"] == "blue")
    #expect(match.parameters.value("code", as: String.self) == "de")
    #expect(match.parameters.map(\.name) == ["code", "paint"])
    #expect(throws: HandshakeRefusal.invalidPathParameter) { try table.match("/de/green") }
    #expect(throws: HandshakeRefusal.invalidPathParameter) { try table.match("/deu/red") }
  }

  @Test("Values are typed by their converters")
  func typedValues() throws {
    let table = try table("/{id:int}/{day:date}/{key:uuid}/{text}")
    let match = try table.match("/-7/2024-02-29/00112233-4455-6677-8899-AABBCCDDEEFF/7")
    #expect(match.parameters.int("id") == -7)
    #expect(match.parameters.date("day") == CalendarDate(year: 2024, month: 2, day: 29))
    #expect(match.parameters.uuid("key") == "00112233-4455-6677-8899-aabbccddeeff")
    #expect(match.parameters["key"] == "00112233-4455-6677-8899-AABBCCDDEEFF")
    #expect(match.parameters.int("text") == nil && match.parameters.int("none") == nil)
  }
}
