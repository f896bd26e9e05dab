import Vocabulary

/// The proxies whose headers are believed on where a client comes from, and the client by them.
///
/// Anybody can send a header: it counts only from a connection of a trusted proxy, and each proxy
/// that it names is believed only if it is trusted itself.
package struct TrustedProxies: Hashable, Sendable {
  private let blocks: [AddressBlock]
  private let trustsUnixSockets: Bool

  /// Trusts nobody.
  package init() {
    blocks = []
    trustsUnixSockets = false
  }

  /// Proxies at addresses such as `10.0.0.7`, in blocks such as `10.0.0.0/8`, or behind a Unix
  /// socket: `unix`; nil if an entry is none of these.
  package init?(_ entries: [String]) {
    var blocks: [AddressBlock] = []
    for entry in entries where entry != "unix" {
      guard let block = AddressBlock(entry) else { return nil }
      blocks.append(block)
    }
    self.blocks = blocks
    trustsUnixSockets = entries.contains("unix")
  }

  /// Whether nobody is trusted.
  package var isEmpty: Bool { blocks.isEmpty && !trustsUnixSockets }

  /// Whether a peer is trusted.
  package func contains(_ peer: ClientAddress) -> Bool {
    guard let address = peer.address else { return trustsUnixSockets }
    return blocks.contains { $0.contains(address) }
  }

  /// The client of a request, and whether the request came to the first proxy over TLS.
  ///
  /// The PROXY header tells the client of the connection. If that is a trusted proxy itself, or no
  /// header came, X-Forwarded-For does: its rightmost address that is not trusted, since each proxy
  /// adds the sender of the request at the right, and anybody may have written the addresses left
  /// of that. If all are trusted it is the leftmost; if an element on the way is no address, the
  /// field is ignored. X-Forwarded-Proto is taken from its last proxy.
  ///
  /// - Parameters:
  ///   - peer: the far end of the connection.
  ///   - isSecure: whether the connection itself is encrypted.
  ///   - proxyHeader: the header in front of it, read from a trusted peer alone.
  package func client(
    of headers: Headers, from peer: ClientAddress, isSecure: Bool, proxyHeader: ProxyHeader?
  ) -> (address: ClientAddress, isSecure: Bool) {
    guard contains(peer) else { return (peer, isSecure) }
    var client = (address: proxyHeader?.client ?? peer, isSecure: proxyHeader?.isSecure ?? isSecure)
    guard contains(client.address) else { return client }
    if let forwarded = forwardedClient(of: headers) { client.address = forwarded }
    switch headers.listElements(of: "X-Forwarded-Proto").last.map(HTTPGrammar.lowercased) {
    case "https", "wss": client.isSecure = true
    case "http", "ws": client.isSecure = false
    default: break
    }
    return client
  }

  private func forwardedClient(of headers: Headers) -> ClientAddress? {
    var farthest: ClientAddress?
    for element in headers.listElements(of: "X-Forwarded-For").reversed() {
      guard let address = ClientAddress(forwarded: Substring(element)) else { return nil }
      farthest = address
      guard contains(address) else { break }
    }
    return farthest
  }
}
