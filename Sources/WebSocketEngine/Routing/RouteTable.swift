// Routes are asked in an order fixed when they are declared, and the first that takes the path has
// it: where two patterns differ, text comes before a parameter and a parameter before `*`, else the
// one declared first. A trie was rejected: it finds routes faster when there are hundreds, but with
// converters it must go back and try again, and then "declared first" holds between branches, not
// between routes. Here a route that does not fit costs 20 ns, and only handshakes ask: 3 µs for a
// hundred routes.

import Vocabulary
package import WebSocketProtocol

/// The routes of an engine: a value that is built before the engine starts.
package struct RouteTable<Target: Sendable>: Sendable {
  private typealias Middleware = [any HandshakeMiddleware]

  /// The whole table, or a group in it.
  private struct Scope {
    var parent: Int?
    var prefix: String
    var middleware: Middleware
  }

  private struct Entry {
    var pattern: PathPattern
    var route: Int
  }

  /// The routes in the order of their declaration, which is that of their indices.
  package private(set) var routes: [Route<Target>] = []

  /// The patterns in the order of asking.
  private var entries: [Entry] = []
  private var patternsByShape: [[UTF8Name]: String] = [:]
  private var converters: [String: PathConverter] = [
    "int": .int, "uuid": .uuid, "date": .date,
  ]
  private var scopes = [Scope(parent: nil, prefix: "", middleware: [])]
  private var currentScope = 0
  /// The scope and own middleware of each route.
  private var declarations: [(scope: Int, middleware: Middleware)] = []

  /// A table without routes.
  package init() {}

  // MARK: Building

  /// Makes a converter known by a name, for the patterns declared after it.
  ///
  /// - Throws: `RouteError` if the name is malformed or taken, as `int`, `uuid`, `date` and `path`
  ///   are.
  package mutating func register(
    _ converter: PathConverter, as name: String
  ) throws(RouteError) {
    guard PathPattern.isName(name, allowingHyphen: true) else {
      throw .invalidConverterName(name)
    }
    guard converters[name] == nil, name != PathPattern.restConverterName else {
      throw .converterNameTaken(name)
    }
    converters[name] = converter
  }

  /// Adds middleware for all routes of the table, or of the group being declared.
  ///
  /// It holds also for routes declared before it, so that none escapes an authentication by the
  /// order of lines.
  package mutating func use(_ middleware: any HandshakeMiddleware) {
    scopes[currentScope].middleware.append(middleware)
    for index in routes.indices { routes[index].middleware = middlewareInOrder(ofRoute: index) }
  }

  /// Declares a route.
  ///
  /// - Parameters:
  ///   - pattern: the part behind the groups' prefixes; it begins with a slash, or is empty in a
  ///     group for the prefix itself.
  ///   - middleware: the middleware after the table's and the groups'.
  ///   - target: the target of the route.
  /// - Throws: `RouteError`; nothing is added then.
  package mutating func add(
    _ pattern: String, middleware: [any HandshakeMiddleware] = [], _ target: Target
  ) throws(RouteError) {
    let whole = prefix(ofScope: currentScope) + pattern
    guard pattern.isEmpty || pattern.utf8.first == UInt8(ascii: "/") else {
      throw .missingSlash(pattern: whole)
    }
    let parsed = try PathPattern(whole, converters: converters)
    guard routes.count <= SessionIdentity.maximumRouteIndex else {
      throw .tooManyRoutes(pattern: whole)
    }
    if let existing = patternsByShape[parsed.shape] {
      throw .duplicateRoute(pattern: whole, existing: existing)
    }
    let index = routes.count
    patternsByShape[parsed.shape] = whole
    declarations.append((currentScope, middleware))
    routes.append(
      Route(
        index: index, pattern: whole, middleware: middlewareInOrder(ofRoute: index),
        target: target))
    let place = entries.firstIndex { parsed.precedes($0.pattern) } ?? entries.endIndex
    entries.insert(Entry(pattern: parsed, route: index), at: place)
  }

  /// Declares routes that share a prefix and middleware; groups may stand in groups.
  ///
  /// - Parameters:
  ///   - prefix: the beginning of the patterns, such as `/api` or `/{tenant}`.
  ///   - middleware: the middleware before the routes' own.
  ///   - declare: declares the group's routes on the table it is given.
  /// - Throws: `RouteError`; nothing of the group is added then.
  package mutating func group(
    _ prefix: String, middleware: [any HandshakeMiddleware] = [],
    _ declare: (inout RouteTable) throws(RouteError) -> Void
  ) throws(RouteError) {
    let whole = self.prefix(ofScope: currentScope) + prefix
    guard prefix.utf8.first == UInt8(ascii: "/") else { throw .missingSlash(pattern: whole) }
    guard prefix.utf8.last != UInt8(ascii: "/") else { throw .emptySegment(pattern: whole) }
    let parsed = try PathPattern(whole, converters: converters)
    switch parsed.segments.last {
    case .rest(let name)?: throw .restNotLast(name, pattern: whole)
    case .wildcard?: throw .misplacedWildcard("*", pattern: whole)
    case .literal?, .parameter?, nil: break
    }
    var table = self
    table.scopes.append(Scope(parent: currentScope, prefix: prefix, middleware: middleware))
    table.currentScope = table.scopes.count - 1
    try declare(&table)
    table.currentScope = currentScope
    self = table
  }

  private func prefix(ofScope index: Int) -> String {
    let scope = scopes[index]
    return (scope.parent.map { prefix(ofScope: $0) } ?? "") + scope.prefix
  }

  private func middleware(ofScope index: Int) -> Middleware {
    let scope = scopes[index]
    return (scope.parent.map { middleware(ofScope: $0) } ?? []) + scope.middleware
  }

  private func middlewareInOrder(ofRoute index: Int) -> Middleware {
    middleware(ofScope: declarations[index].scope) + declarations[index].middleware
  }

  // MARK: Matching

  /// Finds the route of a path.
  ///
  /// The path is split at its slashes first and each segment is decoded once after that, so that
  /// `%2F` stays inside its segment. Dot segments mean nothing here, except that `*` takes none that
  /// is `..`: a server that the path is passed on to may read `/app/../x` as `/x`.
  ///
  /// What `*` takes is neither decoded nor counted in segments.
  ///
  /// - Parameter rawPath: the path as it was sent, without the query.
  /// - Throws: `HandshakeRefusal.malformedPercentEncoding`; `.invalidPathParameter` if a route
  ///   would have taken the path but for its converter; `.noRoute` otherwise.
  /// - Complexity: O(number of routes), and once the length of the path.
  package func match(_ rawPath: String) throws(HandshakeRefusal) -> RouteMatch<Target> {
    guard let path = SplitPath(rawPath) else { throw .noRoute }
    var isRefusedByConverter = false
    for entry in entries {
      switch entry.pattern.match(path) {
      case .matched(let parameters):
        return RouteMatch(route: routes[entry.route], parameters: parameters)
      case .refusedByConverter:
        isRefusedByConverter = true
      case .different:
        continue
      }
    }
    switch path.end {
    case .malformedEncoding: throw .malformedPercentEncoding
    case .tooManySegments: throw .noRoute
    case nil: throw isRefusedByConverter ? .invalidPathParameter : .noRoute
    }
  }
}
