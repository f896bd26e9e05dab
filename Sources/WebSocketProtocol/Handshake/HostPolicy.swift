/// The hosts that a server answers to.
///
/// A page whose own name was made to resolve to this machine (DNS rebinding) has that name as its
/// Host and its Origin: it is of the server's own host as ``OriginPolicy`` sees it. Addresses and
/// `localhost` cannot be rebound, so that a listener that is bound to loopback takes these, the
/// hosts of allowed origins, and the hosts named here; any other listener takes the hosts named
/// here, or all if none is.
package struct HostPolicy: Hashable, Sendable {
  private struct Entry: Hashable, Sendable {
    var host: HostPattern
    /// The port that the Host must have; nil for any.
    var port: Int?
  }

  private let allowsAny: Bool
  private let entries: [Entry]

  /// The policy that names hosts: `example.com`, `*.example.com` for all names under it, an
  /// address, each with or without a port, or `*` for all.
  ///
  /// Nil if an entry is none of these.
  package init?(allowing entries: [String] = []) {
    allowsAny = entries.contains("*")
    var read: [Entry] = []
    for entry in entries where entry != "*" {
      guard let (host, port) = HTTPGrammar.authority(entry), let host = HostPattern(host) else {
        return nil
      }
      read.append(Entry(host: host, port: port))
    }
    self.entries = read
  }

  /// Whether a request for `host`, a host with an optional port, is answered.
  ///
  /// - Parameters:
  ///   - isLoopback: whether the listener that it came to is bound to a loopback address.
  ///   - origins: the origins that were allowed.
  package func allows(_ host: String, isLoopback: Bool, origins: OriginPolicy) -> Bool {
    guard !allowsAny, isLoopback || !entries.isEmpty else { return true }
    guard let (name, port) = HTTPGrammar.authority(host) else { return false }
    // The dot of the root names the same host.
    let isAbsolute = name.utf8.count > 1 && name.utf8.last == UInt8(ascii: ".")
    let host = isAbsolute ? Substring(name.utf8.dropLast()) : name
    if entries.contains(where: { $0.host.matches(host) && ($0.port ?? port) == port }) {
      return true
    }
    return isLoopback
      && (HTTPGrammar.lowercased(host) == "localhost" || HostPattern.isAddress(host)
        || origins.names(host))
  }
}
