/// The pages that may open a WebSocket here: the server's side of RFC 6455 §4.2.2 and §10.2.
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
      guard let (scheme, host, port) = OriginPolicy.parts(of: text) else { return nil }
      self.scheme = scheme
      self.host = HostPattern.comparable(host)
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

  /// An entry of the list.
  private struct Entry: Hashable, Sendable {
    var scheme: String
    var host: HostPattern
    var port: Int?

    /// Reads an entry; nil for a text that no page's origin can be.
    init?(_ text: some StringProtocol) {
      guard let (scheme, host, port) = OriginPolicy.parts(of: text),
        // A page comes over HTTP, not over WebSocket; and `file` has no host.
        !["ws", "wss", "file"].contains(scheme), let host = HostPattern(host)
      else { return nil }
      self.scheme = scheme
      self.host = host
      self.port = port ?? Origin.defaultPort(scheme)
    }

    func matches(_ origin: Origin) -> Bool {
      scheme == origin.scheme && port == origin.port && host.matches(origin.host[...])
    }
  }

  /// The origins that browsers send for pages without a host, and that may be named as they stand:
  /// an opaque origin, such as a sandboxed frame's, and a file's.
  private static let hostless: Set<String> = ["null", "file://"]

  private let allowsAny: Bool
  private let allowedHostless: Set<String>
  private let allowed: [Entry]

  /// The policy that lets in pages of the server's own host, and those of the origins listed.
  ///
  /// `https://*.example.com` lets in the pages of all hosts under that name, of one more label or
  /// of several, but not of the name itself; `null` those of an opaque origin, such as a sandboxed
  /// frame; `file://` those of files; `*` all. Nil if an entry is none of these and no origin such
  /// as `https://example.com`: it would match nothing.
  package init?(allowing entries: [String] = []) {
    allowsAny = entries.contains("*")
    allowedHostless = Self.hostless.intersection(entries)
    var allowed: [Entry] = []
    for entry in entries where entry != "*" && !Self.hostless.contains(entry) {
      guard let origin = Entry(entry) else { return nil }
      allowed.append(origin)
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
    guard !Self.hostless.contains(origin) else { return allowedHostless.contains(origin) }
    guard let origin = Origin(origin) else { return false }
    if allowed.contains(where: { $0.matches(origin) }) { return true }
    guard origin.scheme == "https" || (origin.scheme == "http" && !isSecure),
      let (name, port) = HTTPGrammar.authority(host)
    else { return false }
    return HostPattern.comparable(name) == origin.host
      && (port ?? Origin.defaultPort(origin.scheme)) == origin.port
  }

  /// Whether pages of a host are let in by the list, whatever their scheme and port.
  func names(_ host: Substring) -> Bool {
    allowsAny || allowed.contains { $0.host.matches(host) }
  }

  /// Scheme, host and port of `scheme "://" host [ ":" port ]`, RFC 6454 §6.2.
  private static func parts(
    of text: some StringProtocol
  ) -> (scheme: String, host: Substring, port: Int?)? {
    let text = Substring(text)
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
      text[colon...].utf8.starts(with: "://".utf8),
      let (host, port) = HTTPGrammar.authority(Substring(text[colon...].utf8.dropFirst(3)))
    else { return nil }
    let scheme = HTTPGrammar.lowercased(text[..<colon])
    guard isScheme(scheme) else { return nil }
    return (scheme, host, port)
  }

  /// `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`, RFC 3986 §3.1, in lower case.
  private static func isScheme(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return text.utf8.first.map(letters.contains) == true
      && text.utf8.allSatisfy { byte in
        letters.contains(byte) || HTTPGrammar.isDigit(byte) || "+-.".utf8.contains(byte)
      }
  }
}
