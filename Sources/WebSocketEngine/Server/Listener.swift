public import EventLoop

/// Where a server listens, and whether what comes there is encrypted.
public struct Listener: Hashable, Sendable, CustomStringConvertible {
  /// The address; port 0 lets the system choose.
  public var address: SocketAddress
  /// The certificates of a listener for `wss`; nil for one in the clear.
  public var tls: TLSSettings?

  /// A listener.
  public init(_ address: SocketAddress, tls: TLSSettings? = nil) {
    self.address = address
    self.tls = tls
  }

  /// A listener on an IPv4 or IPv6 address, or a name that the system resolves.
  public static func internet(host: String, port: UInt16, tls: TLSSettings? = nil) -> Listener {
    Listener(.internet(host: host, port: port), tls: tls)
  }

  /// A listener on a path in the file system.
  public static func unix(path: String, tls: TLSSettings? = nil) -> Listener {
    Listener(.unix(path: path), tls: tls)
  }

  /// The address, and `tls` behind it if it is secured.
  public var description: String { address.description + (tls == nil ? "" : " tls") }
}
