import Vocabulary

/// The proxies whose word is taken for where a client comes from, and what follows from it.
///
/// A header says what whoever sent it likes: it counts only from a connection of a trusted proxy,
/// and of the proxies that it names each is believed only as far as it is trusted itself.
package struct TrustedProxies: Hashable, Sendable {
  private let blocks: [AddressBlock]
  private let trustsUnixSockets: Bool

  /// Nobody.
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

  /// Whether whoever comes from there is trusted.
  package func contains(_ peer: ClientAddress) -> Bool {
    guard let address = peer.address else { return trustsUnixSockets }
    return blocks.contains { $0.contains(address) }
  }

  /// Who sent a request, and whether it came to the first proxy over TLS.
  ///
  /// The PROXY header speaks for the connection. If what it names is a trusted proxy itself, or
  /// none came, X-Forwarded-For does: its rightmost address that is not trusted, since each proxy
  /// adds at the right whom it got the request from, and what stands left of that anybody may have
  /// written. If all are trusted it is the leftmost; if one on the way is no address, the field
  /// says nothing. X-Forwarded-Proto is taken from its last proxy.
  ///
  /// - Parameters:
  ///   - peer: the far end of the connection.
  ///   - isSecure: whether the connection itself is encrypted.
  ///   - proxyHeader: what came in front of it, read from a trusted peer alone.
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
