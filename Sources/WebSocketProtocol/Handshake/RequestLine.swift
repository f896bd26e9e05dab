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
  /// The version is checked first, so that a request of another protocol (`PRI * HTTP/2.0`) is
  /// refused for its version.
  init(_ line: Span<UInt8>) throws(HandshakeRefusal) {
    guard let first = Self.space(in: line, from: 0),
      let second = Self.space(in: line, from: first + 1),
      Self.space(in: line, from: second + 1) == nil
    else { throw .malformedRequestLine }
    try Self.check(version: line.extracting((second + 1)...))
    guard let method = Self.method(line.extracting(..<first)) else { throw .malformedRequestLine }
    self.method = method

    let rawTarget = line.extracting((first + 1)..<second)
    for index in rawTarget.indices where !HTTPGrammar.isTargetByte(rawTarget[index]) {
      throw .malformedTarget
    }
    target = String(latin1: rawTarget)
    let (authority, pathAndQuery) = try Self.split(target: target[...])
    self.authority = authority.map(String.init)
    let bytes = pathAndQuery.utf8
    if let mark = bytes.firstIndex(of: UInt8(ascii: "?")) {
      path = mark == bytes.startIndex ? "/" : String(pathAndQuery[..<mark])
      query = String(pathAndQuery[bytes.index(after: mark)...])
    } else {
      // The path of a target in origin-form without a query is the same text, and shared.
      path = authority == nil ? target : bytes.isEmpty ? "/" : String(pathAndQuery)
      query = nil
    }
  }

  private static func space(in line: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < line.count {
      if line[index] == HTTPGrammar.space { return index }
      index += 1
    }
    return nil
  }

  private static func method(_ bytes: Span<UInt8>) -> String? {
    for index in bytes.indices where !HTTPGrammar.isTokenByte(bytes[index]) { return nil }
    return bytes.isEmpty ? nil : String(latin1: bytes)
  }

  /// `HTTP/1.1`; another version in the same form is one this server does not speak.
  private static func check(version: Span<UInt8>) throws(HandshakeRefusal) {
    let spoken = "HTTP/1.1"
    let expected = spoken.utf8Span.span
    guard version.count == expected.count else { throw .malformedRequestLine }
    for index in version.indices where version[index] != expected[index] {
      let isDigit = index == 5 || index == 7
      guard isDigit, HTTPGrammar.isDigit(version[index]) else { throw .malformedRequestLine }
    }
    guard version[5] == expected[5], version[7] == expected[7] else {
      throw .unsupportedHTTPVersion
    }
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
