import EventLoop
import Vocabulary
import WebSocketProtocol

extension OpeningConnection {
  /// The client, as trusted proxies tell.
  struct Client {
    /// Its address without a port; `unix` for a Unix socket.
    var address: String
    /// Its port; 0 if it is not known.
    var port: Int
    /// Whether it comes over the Internet protocol, and not through a Unix socket.
    var isInternet: Bool
    /// Whether its connection is encrypted.
    var isSecure: Bool
    /// The proxy that told the client's address, or nil.
    var via: String?
  }

  /// The client that sent a request.
  func client(of headers: Headers) -> Client {
    let isSecure = tls != nil
    guard sessions.server.isTrustedProxy(peer) else {
      return Client(
        address: peer.address, port: Int(peer.port), isInternet: peer.port != 0,
        isSecure: isSecure)
    }
    let proxy = ClientAddress(peer)
    let (address, isSecureThere) = sessions.server.configuration.trustedProxies.client(
      of: headers, from: proxy, isSecure: isSecure, proxyHeader: proxyHeader)
    return Client(
      address: address.text, port: Int(address.port), isInternet: address.address != nil,
      isSecure: isSecureThere, via: address == proxy ? nil : proxy.description)
  }
}

extension Server {
  /// Whether the far end of a connection is a trusted proxy.
  func isTrustedProxy(_ peer: PeerAddress) -> Bool {
    let proxies = configuration.trustedProxies
    return !proxies.isEmpty && proxies.contains(ClientAddress(peer))
  }
}

extension ClientAddress {
  /// The far end of a connection.
  init(_ peer: PeerAddress) {
    self.init(IPAddress(peer.address), port: peer.port)
  }
}
