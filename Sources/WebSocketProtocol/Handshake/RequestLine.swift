/// The first line of a request, RFC 9112 §3: method, target and version, one space between.
struct RequestLine: Sendable {
  let method: String
  let target: String
  /// The path of the target, which begins with a slash.
  let path: String
  let query: String?
  /// The authority of a target in absolute-form.
  let authority: String?

  /// Reads the line without its CRLF.
  ///
  /// The version comes first, so that another protocol's request (`PRI * HTTP/2.0`) is told that
  /// the version is the trouble.
  init(_ line: Span<UInt8>) throws(HandshakeRefusal) {
    guard let text = String(validating: line) else { throw .malformedRequestLine }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformedRequestLine }
    try Self.check(version: parts[2])
    guard HTTPGrammar.isToken(parts[0]) else { throw .malformedRequestLine }
    method = String(parts[0])
    target = String(parts[1])

    guard target.utf8.allSatisfy(HTTPGrammar.isTargetByte) else { throw .malformedTarget }
    let (authority, pathAndQuery) = try Self.split(target: parts[1])
    self.authority = authority.map(String.init)
    if let mark = pathAndQuery.firstIndex(of: "?") {
      let rawPath = pathAndQuery[..<mark]
      path = rawPath.isEmpty ? "/" : String(rawPath)
      query = String(pathAndQuery[pathAndQuery.index(after: mark)...])
    } else {
      path = pathAndQuery.isEmpty ? "/" : String(pathAndQuery)
      query = nil
    }
  }

  /// `HTTP/1.1`; another version in the same form is one this server does not speak.
  private static func check(version: Substring) throws(HandshakeRefusal) {
    guard version != "HTTP/1.1" else { return }
    let bytes = Array(version.utf8)
    guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), HTTPGrammar.isDigit(bytes[5]),
      bytes[6] == UInt8(ascii: "."), HTTPGrammar.isDigit(bytes[7])
    else { throw .malformedRequestLine }
    throw .unsupportedHTTPVersion
  }

  /// Splits origin-form (`/path`) or absolute-form (`http://host/path`), RFC 9112 §3.2.
  private static func split(
    target: Substring
  ) throws(HandshakeRefusal) -> (authority: Substring?, pathAndQuery: Substring) {
    if target.utf8.first == UInt8(ascii: "/") { return (nil, target) }
    guard let colon = target.firstIndex(of: ":"), target[colon...].utf8.starts(with: "://".utf8)
    else { throw .malformedTarget }
    let scheme = HTTPGrammar.lowercased(target[..<colon])
    guard ["http", "https", "ws", "wss"].contains(scheme) else { throw .malformedTarget }
    let rest = target[colon...].dropFirst(3)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    guard HTTPGrammar.authority(rest[..<end]) != nil else { throw .malformedTarget }
    return (rest[..<end], rest[end...])
  }
}
