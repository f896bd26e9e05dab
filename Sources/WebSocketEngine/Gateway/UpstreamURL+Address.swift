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
}
