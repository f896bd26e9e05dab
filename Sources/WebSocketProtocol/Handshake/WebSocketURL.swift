/// A `ws` or `wss` URL, RFC 6455 §3.
package struct WebSocketURL: Hashable, Sendable, CustomStringConvertible {
  /// The fault of a text that is no such URL.
  package enum Failure: Error, Hashable, Sendable {
    /// It begins neither with `ws://` nor with `wss://`.
    case scheme
    /// The host is neither an address nor a name, or the port is no number from 1 to 65535.
    case authority
    /// The path or query has a byte that must be percent-encoded.
    case target
    /// It has a fragment, which "MUST NOT be used" (§3).
    case fragment
  }

  /// Whether the connection is to be encrypted: `wss`.
  package let isSecure: Bool
  /// The host without the brackets of an IPv6 address; its zone stands behind a `%` (RFC 4007 §11).
  package let host: String
  /// The port, which is 80 or 443 where the URL has none.
  package let port: UInt16
  /// The value of the Host field: the host, and the port if the URL has one.
  ///
  /// A zone has a meaning on this machine alone, and is not sent (RFC 6874 §4).
  package let authority: String
  /// The path and the query; a slash if the URL has neither (§3: resource name).
  package let target: String
  /// The host and the port as they were written.
  private let writtenAuthority: String

  /// Reads a URL.
  ///
  /// - Throws: the `Failure` of the text.
  package init(_ text: String) throws(Failure) {
    guard let separator = text.utf8.firstRange(of: "://".utf8) else { throw .scheme }
    let scheme = HTTPGrammar.lowercased(text[..<separator.lowerBound])
    guard scheme == "ws" || scheme == "wss" else { throw .scheme }
    isSecure = scheme == "wss"
    let rest = text[separator.upperBound...]
    guard !rest.utf8.contains(UInt8(ascii: "#")) else { throw .fragment }
    let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
    guard let authority = URLAuthority(rest[..<(end ?? rest.endIndex)]) else { throw .authority }
    host = authority.host
    port = authority.port ?? (isSecure ? 443 : 80)
    self.authority = authority.hostField
    writtenAuthority = authority.text
    let target = rest[(end ?? rest.endIndex)...]
    guard target.utf8.allSatisfy(HTTPGrammar.isTargetByte) else { throw .target }
    self.target = target.utf8.first == UInt8(ascii: "/") ? String(target) : "/" + target
  }

  /// The URL.
  package var description: String {
    (isSecure ? "wss://" : "ws://") + writtenAuthority + target
  }
}
