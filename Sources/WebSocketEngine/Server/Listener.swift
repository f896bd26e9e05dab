public import EventLoop

/// An address that a server listens on, and whether its connections are encrypted.
public struct Listener: Hashable, Sendable, CustomStringConvertible {
  /// The address, with its options; port 0 lets the system choose.
  public var place: ListenAddress
  /// The certificates of a listener for `wss`; nil for a listener in the clear.
  public var tls: TLSSettings?

  /// The address alone.
  public var address: SocketAddress {
    get { place.address }
    set { place.address = newValue }
  }

  /// A listener.
  public init(_ address: SocketAddress, tls: TLSSettings? = nil) {
    self.init(ListenAddress(address), tls: tls)
  }

  /// A listener on an address with options.
  public init(_ place: ListenAddress, tls: TLSSettings? = nil) {
    self.place = place
    self.tls = tls
  }

  /// A listener on an IPv4 or IPv6 address, each address of a name that the system resolves, or
  /// with `*` or `::` on all addresses of both families.
  public static func internet(host: String, port: UInt16, tls: TLSSettings? = nil) -> Listener {
    Listener(.internet(host: host, port: port), tls: tls)
  }

  /// A listener on a path in the file system.
  ///
  /// - Parameter mode: the permissions of the socket's file; nil: the permissions that the umask
  ///   leaves.
  public static func unix(
    path: String, mode: UInt32? = nil, tls: TLSSettings? = nil
  ) -> Listener {
    Listener(ListenAddress(.unix(path: path), fileMode: mode), tls: tls)
  }

  /// The address, and `tls` behind it if it is secured.
  public var description: String { address.description + (tls == nil ? "" : " tls") }
}
