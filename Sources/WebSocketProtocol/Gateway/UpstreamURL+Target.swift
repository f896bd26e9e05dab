extension UpstreamURL {
  /// The target of the request that goes upstream for a request that a route's pattern took.
  ///
  /// Without a path in the URL it is the client's target, byte for byte, the query included. A path
  /// in the URL replaces what the pattern's segments matched, up to a last segment `*`:
  ///
  ///     pattern   URL's path   client's target    upstream
  ///     /app/*    none         /app/x%2Fy?q       /app/x%2Fy?q
  ///     /app/*    /v2          /app/x%2Fy?q       /v2/x%2Fy?q
  ///     /app/*    /v2/         /app/              /v2/
  ///     /app/*    /            /app/x             /x
  ///     /*        /v2          /x                 /v2/x
  ///     /app      /v2          /app?q             /v2?q
  ///
  /// Segments are counted in the target as it was sent, since they may be percent-encoded, and what
  /// `*` took is not touched. A pattern without `*`, with parameters or not, has its whole path
  /// replaced. The query stays in any case. A whole URI (absolute-form) becomes a path and a query
  /// first, as an origin server gets them (RFC 9112 §3.2.1).
  ///
  /// - Parameters:
  ///   - rawTarget: the target of a `RequestHead`.
  ///   - pattern: the pattern that took its path, such as `/app/*`.
  package func upstreamTarget(for rawTarget: String, pattern: String) -> String {
    let target = Self.originForm(rawTarget)
    guard let path else { return target }
    let bytes = target.utf8
    let pathEnd = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    guard pattern.utf8.suffix(2).elementsEqual("/*".utf8) else { return path + target[pathEnd...] }
    // The slash in front of what `*` took: there is one in front of each segment of the pattern.
    var slashCount = pattern.utf8.count { $0 == UInt8(ascii: "/") }
    let restStart = bytes[..<pathEnd].firstIndex { byte in
      if byte == UInt8(ascii: "/") { slashCount -= 1 }
      return slashCount == 0
    }
    let prefix = path.utf8.last == UInt8(ascii: "/") ? Substring(path.utf8.dropLast()) : path[...]
    let whole = prefix + target[(restStart ?? pathEnd)...]
    // A path that no pattern with `*` takes has no rest, and a target begins with a slash.
    return whole.utf8.first == UInt8(ascii: "/") ? String(whole) : "/" + whole
  }

  /// The path and the query of a target.
  private static func originForm(_ target: String) -> String {
    guard target.utf8.first != UInt8(ascii: "/"),
      let separator = target.utf8.firstRange(of: "://".utf8)
    else { return target }
    let rest = target[separator.upperBound...]
    let start = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
    let pathAndQuery = rest[(start ?? rest.endIndex)...]
    return pathAndQuery.utf8.first == UInt8(ascii: "/")
      ? String(pathAndQuery) : "/" + pathAndQuery
  }
}
