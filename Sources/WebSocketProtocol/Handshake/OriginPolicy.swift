/// Which pages may open a WebSocket here: the server's side of RFC 6455 §4.2.2 and §10.2.
///
/// Without a list only pages of the server's own host may. A request without an Origin is no
/// browser's and is let in: the field protects a browser's user, not the server.
package struct OriginPolicy: Hashable, Sendable {
  /// An origin in its parts, RFC 6454 §4, default ports filled in.
  private struct Origin: Hashable, Sendable {
    var scheme: String
    var host: String
    var port: Int?

    init?(_ text: some StringProtocol) {
      let text = Substring(text)
      guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
        text[colon...].utf8.starts(with: "://".utf8),
        let (host, port) = HTTPGrammar.authority(text[colon...].dropFirst(3))
      else { return nil }
      scheme = HTTPGrammar.lowercased(text[..<colon])
      self.host = HTTPGrammar.lowercased(host)
      self.port = port ?? Origin.defaultPort(scheme)
    }

    static func defaultPort(_ scheme: String) -> Int? {
      switch scheme {
      case "http", "ws": 80
      case "https", "wss": 443
      default: nil
      }
    }
  }

  private let allowsAny: Bool
  private let allowsOpaque: Bool
  private let allowed: Set<Origin>

  /// The policy that lets in pages of the server's own host, and those of the origins listed.
  ///
  /// `*` lets in all; `null` those of an opaque origin, such as a sandboxed frame. Nil if an
  /// entry is no origin such as `https://example.com`.
  package init?(allowing entries: [String] = []) {
    allowsAny = entries.contains("*")
    allowsOpaque = entries.contains("null")
    var allowed: Set<Origin> = []
    for entry in entries where entry != "*" && entry != "null" {
      guard let origin = Origin(entry) else { return nil }
      allowed.insert(origin)
    }
    self.allowed = allowed
  }

  /// Whether a page of `origin` may open a WebSocket on `host`, a host with an optional port.
  ///
  /// A host without a port stands for the default port of the origin's scheme, so that a server
  /// behind a proxy that ends TLS takes its own pages for its own; but where this server ends
  /// TLS itself (`isSecure`), a page that came over plain HTTP is of another origin.
  package func allows(origin: String?, host: String, isSecure: Bool) -> Bool {
    guard let origin, !allowsAny else { return true }
    guard origin != "null" else { return allowsOpaque }
    guard let origin = Origin(origin) else { return false }
    if allowed.contains(origin) { return true }
    guard origin.scheme == "https" || (origin.scheme == "http" && !isSecure),
      let (name, port) = HTTPGrammar.authority(host)
    else { return false }
    return HTTPGrammar.lowercased(name) == origin.host
      && (port ?? Origin.defaultPort(origin.scheme)) == origin.port
  }
}
