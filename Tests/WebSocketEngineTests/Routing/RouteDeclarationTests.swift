import Testing
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Declaration of routes")
struct RouteDeclarationTests {
  /// Middleware that is told apart by its name.
  private struct Named: HandshakeMiddleware {
    var name: String
    func handshake(_ request: inout Request) {}
  }

  private func names(_ middleware: [any HandshakeMiddleware]) -> [String] {
    middleware.compactMap { ($0 as? Named)?.name }
  }

  @Test(
    "Malformed patterns are refused, and say what is wrong",
    arguments: [
      ("", .missingSlash(pattern: "")),
      ("ws", .missingSlash(pattern: "ws")),
      ("/a//b", .emptySegment(pattern: "/a//b")),
      ("/a{b}", .malformedSegment("a{b}", pattern: "/a{b}")),
      ("/{a}b", .malformedSegment("{a}b", pattern: "/{a}b")),
      ("/{a", .malformedSegment("{a", pattern: "/{a")),
      ("/a}", .malformedSegment("a}", pattern: "/a}")),
      ("/a%20b", .malformedSegment("a%20b", pattern: "/a%20b")),
      ("/a?b", .malformedSegment("a?b", pattern: "/a?b")),
      ("/a#b", .malformedSegment("a#b", pattern: "/a#b")),
      ("/a b", .malformedSegment("a b", pattern: "/a b")),
      ("/{}", .invalidParameterName("", pattern: "/{}")),
      ("/{:int}", .invalidParameterName("", pattern: "/{:int}")),
      ("/{1a}", .invalidParameterName("1a", pattern: "/{1a}")),
      ("/{a-b}", .invalidParameterName("a-b", pattern: "/{a-b}")),
      ("/{{a}}", .invalidParameterName("{a}", pattern: "/{{a}}")),
      ("/{a}/{a}", .repeatedParameter("a", pattern: "/{a}/{a}")),
      ("/{a}/{a:path}", .repeatedParameter("a", pattern: "/{a}/{a:path}")),
      ("/{a:}", .unknownConverter("", pattern: "/{a:}")),
      ("/{a:float}", .unknownConverter("float", pattern: "/{a:float}")),
      ("/{a:path}/b", .restNotLast("a", pattern: "/{a:path}/b")),
      ("/{a:path}/", .restNotLast("a", pattern: "/{a:path}/")),
      ("/*/b", .misplacedWildcard("*", pattern: "/*/b")),
      ("/a/*/", .misplacedWildcard("*", pattern: "/a/*/")),
      ("/*/*", .misplacedWildcard("*", pattern: "/*/*")),
      ("/a*", .misplacedWildcard("a*", pattern: "/a*")),
      ("/*.js", .misplacedWildcard("*.js", pattern: "/*.js")),
      ("/a/**", .misplacedWildcard("**", pattern: "/a/**")),
      ("/{*}", .invalidParameterName("*", pattern: "/{*}")),
    ] as [(String, RouteError)])
  func malformed(pattern: String, expected: RouteError) {
    var table = RouteTable<Int>()
    #expect(throws: expected) { try table.add(pattern, 1) }
    #expect(table.routes.isEmpty)
    #expect(expected.description.contains("\"\(pattern)\""))
  }

  @Test("A pattern has at most 256 segments")
  func segmentLimit() throws {
    var table = RouteTable<Int>()
    let longest = String(repeating: "/a", count: 256)
    try table.add(longest, 1)
    #expect(throws: RouteError.tooManySegments(pattern: longest + "/a")) {
      try table.add(longest + "/a", 2)
    }
  }

  @Test(
    "Two routes cannot take the same paths, whatever their parameters are called",
    arguments: [
      ("/a", "/a"), ("/{x}", "/{y}"), ("/{x:int}/b", "/{y:int}/b"), ("/{x:path}", "/{y:path}"),
      ("/*", "/*"), ("/{x}/*", "/{y}/*"),
    ])
  func duplicates(first: String, second: String) throws {
    var table = RouteTable<Int>()
    try table.add(first, 1)
    #expect(throws: RouteError.duplicateRoute(pattern: second, existing: first)) {
      try table.add(second, 2)
    }
    #expect(table.routes.count == 1)
  }

  @Test("The text of a misplaced * says where it may stand")
  func misplacedWildcardText() {
    #expect(
      RouteError.misplacedWildcard("a*", pattern: "/a*").description
        == "route \"/a*\": \"a*\" has a * that is not the last segment, as in /app/*, where it "
        + "takes the rest of the path")
  }

  @Test("Converters keep their names")
  func converterNames() throws {
    var table = RouteTable<Int>()
    for taken in ["int", "uuid", "date", "path"] {
      #expect(throws: RouteError.converterNameTaken(taken)) {
        try table.register(.int, as: taken)
      }
    }
    try table.register(.int, as: "number")
    #expect(throws: RouteError.converterNameTaken("number")) {
      try table.register(.int, as: "number")
    }
    for malformed in ["", "1x", "a b", "a}"] {
      #expect(throws: RouteError.invalidConverterName(malformed)) {
        try table.register(.int, as: malformed)
      }
    }
  }

  @Test("Groups put their prefixes before the patterns, also nested and with parameters")
  func groups() throws {
    var table = RouteTable<Int>()
    try table.group("/api") { api throws(RouteError) in
      try api.add("", 1)
      try api.add("/", 2)
      try api.group("/{tenant}/v1") { tenant throws(RouteError) in
        try tenant.add("/events/{id:int}", 3)
      }
      try api.add("/status", 4)
    }
    try table.add("/status", 5)
    #expect(
      table.routes.map(\.pattern)
        == ["/api", "/api/", "/api/{tenant}/v1/events/{id:int}", "/api/status", "/status"])
    let match = try table.match("/api/acme/v1/events/12")
    #expect(match.route.target == 3)
    #expect(match.parameters.map(\.text) == ["acme", "12"])
  }

  @Test("A group that fails adds nothing, and the table goes on outside it")
  func failedGroup() throws {
    var table = RouteTable<Int>()
    #expect(throws: RouteError.self) {
      try table.group("/api") { api throws(RouteError) in
        try api.add("/a", 1)
        try api.add("/a", 2)
      }
    }
    #expect(table.routes.isEmpty)
    try table.add("/api/a", 3)
    #expect(try table.match("/api/a").route.pattern == "/api/a")
  }

  @Test(
    "Malformed prefixes are refused",
    arguments: [
      ("api", .missingSlash(pattern: "api")), ("", .missingSlash(pattern: "")),
      ("/", .emptySegment(pattern: "/")), ("/api/", .emptySegment(pattern: "/api/")),
      ("/{rest:path}", .restNotLast("rest", pattern: "/{rest:path}")),
      ("/{a:nothing}", .unknownConverter("nothing", pattern: "/{a:nothing}")),
      ("/api/*", .misplacedWildcard("*", pattern: "/api/*")),
    ] as [(String, RouteError)])
  func malformedPrefix(prefix: String, expected: RouteError) {
    var table = RouteTable<Int>()
    #expect(throws: expected) { try table.group(prefix) { _ in } }
  }

  @Test("A pattern in a group needs its slash too")
  func slashInGroup() {
    var table = RouteTable<Int>()
    #expect(throws: RouteError.missingSlash(pattern: "/apix")) {
      try table.group("/api") { api throws(RouteError) in try api.add("x", 1) }
    }
  }

  @Test("Parameters of a prefix and a pattern share one space of names")
  func namesAcrossGroups() {
    var table = RouteTable<Int>()
    #expect(throws: RouteError.repeatedParameter("id", pattern: "/{id}/{id}")) {
      try table.group("/{id}") { group throws(RouteError) in try group.add("/{id}", 1) }
    }
  }

  @Test("Middleware is in order: the table's, the groups' from the outermost, the route's")
  func middlewareOrder() throws {
    var table = RouteTable<Int>()
    try table.add("/early", middleware: [Named(name: "own")], 0)
    table.use(Named(name: "global"))
    try table.group("/a", middleware: [Named(name: "a")]) { a throws(RouteError) in
      try a.add("/x", middleware: [Named(name: "x1"), Named(name: "x2")], 1)
      a.use(Named(name: "a late"))
      try a.group("/b", middleware: [Named(name: "b")]) { b throws(RouteError) in
        try b.add("/y", 2)
      }
    }
    table.use(Named(name: "global late"))
    try table.add("/z", 3)
    #expect(
      table.routes.map { names($0.middleware) } == [
        ["global", "global late", "own"],
        ["global", "global late", "a", "a late", "x1", "x2"],
        ["global", "global late", "a", "a late", "b"],
        ["global", "global late"],
      ])
    #expect(try names(table.match("/a/b/y").route.middleware).last == "b")
  }
}
