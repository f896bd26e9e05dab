package import EventLoop
package import WebSocketProtocol

extension UpstreamURL {
  /// The address to connect to, whose host may be a name.
  package var address: SocketAddress {
    switch place {
    case .internet(let host, let port): .internet(host: host, port: port)
    case .unix(let path): .unix(path: path)
    }
  }

  /// The name or address that its certificate has to be for; nil for a Unix socket.
  var serverName: String? {
    if case .internet(let host, _) = place { host } else { nil }
  }
}
