internal import CLinux
internal import Glibc
internal import Vocabulary

/// Sockets: made, bound, listened on, accepted from, connected; all close-on-exec and non-blocking.
package enum Socket {
  /// The result of an accept.
  package enum AcceptResult {
    /// A connection; the caller owns the descriptor.
    case connection(Int32, PeerAddress)
    /// No connection waits.
    case wouldBlock
    /// No descriptor is left (EMFILE, ENFILE, ENOBUFS, ENOMEM), or the listener is broken.
    case exhausted(SystemError)
  }

  /// A socket that listens on the first address of a host.
  ///
  /// - Parameters:
  ///   - sharesPort: whether other listeners may bind the same port (SO_REUSEPORT).
  ///   - fileMode: the mode that a Unix socket's file has from its first moment on, less the umask;
  ///     nil: the mode that the umask leaves.
  /// - Returns: the descriptor, which the caller owns, and the address that was bound: the port is
  ///   the system's choice for port 0.
  /// - Throws: `SystemError` for a name that does not resolve, an address in use or forbidden.
  package static func listen(
    on address: SocketAddress, sharesPort: Bool, fileMode: UInt32? = nil, backlog: Int32 = 4096
  ) throws(SystemError) -> (descriptor: Int32, address: SocketAddress) {
    let resolved: ResolvedAddress
    switch address {
    case .unix: resolved = try ResolvedAddress(address)
    case .internet(let host, let port):
      let all = try ResolvedAddress.all(of: host, port: port, isIPv6Only: false)
      guard let first = all.first else {
        throw SystemError(
          call: "getaddrinfo", number: EAI_NONAME, subject: address.description)
      }
      resolved = first
    }
    return try listen(
      on: resolved, sharesPort: sharesPort, fileMode: fileMode, backlog: backlog)
  }

  /// Listens on each address of a place, or on none.
  ///
  /// Addresses of a name that this machine does not have are passed over, unless it has none of
  /// them. With port 0 all get the port that the first one got.
  ///
  /// - Parameter bind: listens on one of them, at a port or, without one, at its own.
  /// - Parameter release: gives up a result of `bind`.
  /// - Throws: the error of `bind`, or `SystemError` for a name that does not resolve.
  package static func listen<Bound>(
    everywhere place: ListenAddress,
    _ bind: (ResolvedAddress, UInt16?) throws(SystemError) -> Bound,
    port: (Bound) -> UInt16?, release: (Bound) -> Void
  ) throws(SystemError) -> [Bound] {
    guard case .internet(let host, let wanted) = place.address else {
      return [try bind(try ResolvedAddress(place.address), nil)]
    }
    let addresses = try ResolvedAddress.all(
      of: host, port: wanted, isIPv6Only: place.isIPv6Only)
    var bound: [Bound] = []
    var missing = SystemError(
      call: "getaddrinfo", number: EAI_NONAME, subject: place.address.description)
    for address in addresses {
      do throws(SystemError) {
        bound.append(try bind(address, wanted == 0 ? bound.first.flatMap(port) : nil))
      } catch {
        guard error.isNoSuchAddress else {
          bound.forEach(release)
          throw error
        }
        missing = error
      }
    }
    guard !bound.isEmpty else { throw missing }
    return bound
  }

  /// A socket that listens on an address that was looked up.
  ///
  /// - Parameter port: a port to take instead of the address's own.
  package static func listen(
    on resolved: ResolvedAddress, port: UInt16? = nil, sharesPort: Bool, fileMode: UInt32? = nil,
    backlog: Int32 = 4096
  ) throws(SystemError) -> (descriptor: Int32, address: SocketAddress) {
    var resolved = resolved
    if let port { resolved.setPort(port) }
    let address = resolved.address
    let subject = address.description
    let descriptor = OwnedDescriptor(
      owning: try Syscalls.call("socket", about: subject) {
        socket(resolved.family, Int32(SOCK_STREAM.rawValue) | flags, 0)
      })
    let number = descriptor.number
    if case .internet = address {
      try set(number, SOL_SOCKET, SO_REUSEADDR, about: subject)
      if sharesPort { try set(number, SOL_SOCKET, SO_REUSEPORT, about: subject) }
      if resolved.family == AF_INET6 {
        try set(
          number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: resolved.takesIPv4 ? 0 : 1, about: subject)
      }
    }
    if let fileMode, case .unix = address {
      // Linux gives the file the mode of the socket itself; a chmod after bind(2) would be late.
      try Syscalls.call("fchmod", about: subject) { fchmod(number, fileMode) }
    }
    try unsafe resolved.withPointer { (pointer, length) throws(SystemError) in
      _ = try Syscalls.call("bind", about: subject) { unsafe bind(number, pointer, length) }
    }
    // TCP_NODELAY is inherited by accepted connections on Linux, without a call for each.
    if case .internet = address { disableDelay(number) }
    try Syscalls.call("listen", about: subject) { Glibc.listen(number, backlog) }
    let bound = try localAddress(of: number, like: resolved)
    return (descriptor.take(), bound)
  }

  /// Takes the next connection from a listener.
  ///
  /// The corresponding C function is `accept4`.
  ///
  /// Connections that died while they waited are passed over.
  package static func accept(from listener: Int32) -> AcceptResult {
    while true {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let descriptor = unsafe withUnsafeMutablePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe CLinux_accept(listener, address, &length)
        }
      }
      if descriptor >= 0 { return .connection(descriptor, peerAddress(storage)) }
      let number = errno
      switch number {
      case EAGAIN, EWOULDBLOCK: return .wouldBlock
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        return .exhausted(SystemError(call: "accept4", number: number))
      // The connection died while it waited (accept(2) passes on its errors), or a signal came.
      case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH,
        ENETUNREACH, ETIMEDOUT, EPERM:
        continue
      // The listener itself is at fault, and will be the next time.
      default: return .exhausted(SystemError(call: "accept4", number: number))
      }
    }
  }

  /// Starts to connect; the descriptor is writable when that is done.
  ///
  /// - Returns: the descriptor, which the caller owns.
  /// - Throws: `SystemError`, at once for a Unix socket where nobody listens.
  package static func connect(to address: SocketAddress) throws(SystemError) -> Int32 {
    try connect(to: try ResolvedAddress(address))
  }

  /// Starts to connect to an address that was looked up before.
  ///
  /// - Parameter source: the local address to connect from; its port should be 0: the system then
  ///   chooses one that is free for this destination (IP_BIND_ADDRESS_NO_PORT, ip(7)).
  /// - Returns: the descriptor, which the caller owns.
  /// - Throws: `SystemError`, at once for a Unix socket where nobody listens.
  package static func connect(
    to resolved: ResolvedAddress, from source: ResolvedAddress? = nil
  ) throws(SystemError) -> Int32 {
    let subject = resolved.address.description
    let descriptor = OwnedDescriptor(
      owning: try Syscalls.call("socket", about: subject) {
        socket(resolved.family, Int32(SOCK_STREAM.rawValue) | flags, 0)
      })
    let number = descriptor.number
    if let source {
      try set(number, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, about: subject)
      try unsafe source.withPointer { (pointer, length) throws(SystemError) in
        _ = try Syscalls.call("bind", about: source.address.description) {
          unsafe bind(number, pointer, length)
        }
      }
    }
    do {
      try unsafe resolved.withPointer { (pointer, length) throws(SystemError) in
        _ = try Syscalls.call("connect", about: subject) {
          unsafe Glibc.connect(number, pointer, length)
        }
      }
    } catch let error where error.number == EINPROGRESS {
      // The descriptor is writable once the connection is made.
    }
    if case .internet = resolved.address { disableDelay(number) }
    return descriptor.take()
  }

  /// The error of a connection attempt that has ended, or nil if it succeeded (SO_ERROR).
  package static func connectError(_ descriptor: Int32) -> SystemError? {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length)
    return number == 0 ? nil : SystemError(call: "connect", number: number)
  }

  /// Sends small segments at once (TCP_NODELAY, tcp(7)); without effect on a Unix socket.
  package static func disableDelay(_ descriptor: Int32) {
    var one: Int32 = 1
    _ = unsafe setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The process at the other end of a Unix socket (SO_PEERCRED).
  ///
  /// - Throws: `SystemError` if the socket is of another family.
  package static func peerCredentials(
    of descriptor: Int32
  ) throws(SystemError) -> PeerCredentials {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
    try Syscalls.call("getsockopt") {
      unsafe CLinux_peerCredentials(descriptor, &process, &user, &group)
    }
    return PeerCredentials(processID: process, userID: user)
  }

  /// Two Unix sockets that are connected to each other, both owned by the caller.
  ///
  /// The corresponding C function is `socketpair`.
  package static func pair() throws(SystemError) -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    try Syscalls.call("socketpair") {
      unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0, &ends)
    }
    return (ends[0], ends[1])
  }

  private static var flags: Int32 {
    Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  }

  private static func set(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32 = 1,
    about subject: String
  ) throws(SystemError) {
    var value = value
    try Syscalls.call("setsockopt", about: subject) {
      unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  /// Has the system find out whether the peer is still there when nothing comes from it for a while
  /// (SO_KEEPALIVE, tcp(7)): a connection whose peer is gone fails within about half a minute.
  package static func keepAlive(_ descriptor: Int32) {
    for (level, option, value) in [
      (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 15),
      (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5), (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
    ] {
      var number = Int32(value)
      _ = unsafe setsockopt(
        descriptor, level, option, &number, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  /// The address that an Internet socket is bound to.
  ///
  /// The corresponding C function is `getsockname`.
  package static func boundAddress(of descriptor: Int32) throws(SystemError) -> PeerAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    try Syscalls.call("getsockname") {
      unsafe withUnsafeMutablePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe getsockname(descriptor, address, &length)
        }
      }
    }
    return peerAddress(storage)
  }

  /// How many of the bytes that were sent the peer's TCP has not taken yet, or a Unix socket's peer
  /// has not read; 0 for a descriptor that is no socket any more.
  ///
  /// The corresponding request of `ioctl` is SIOCOUTQ, tcp(7).
  package static func untakenByteCount(_ descriptor: Int32) -> Int {
    var count: Int32 = 0
    return unsafe CLinux_untakenByteCount(descriptor, &count) == 0 ? Int(count) : 0
  }

  /// The state of the peer's TCP acknowledgements; nil for a socket of another kind.
  ///
  /// The corresponding option of `getsockopt` is TCP_INFO, tcp(7).
  package static func acknowledgement(_ descriptor: Int32) -> Acknowledgement? {
    var milliseconds: UInt32 = 0
    var segmentCount: UInt32 = 0
    var probeCount: UInt32 = 0
    guard
      unsafe CLinux_acknowledgement(descriptor, &milliseconds, &segmentCount, &probeCount) == 0
    else { return nil }
    return Acknowledgement(
      age: .milliseconds(milliseconds), unansweredSegmentCount: Int(segmentCount),
      unansweredProbeCount: Int(probeCount))
  }

  /// The bound address, in numbers; `*` for all addresses of both families.
  private static func localAddress(
    of descriptor: Int32, like resolved: ResolvedAddress
  ) throws(SystemError) -> SocketAddress {
    guard case .internet(let host, _) = resolved.address else { return resolved.address }
    let bound = try boundAddress(of: descriptor)
    let zone = HostName.isAddress(host) ? HostName.zone(of: host).map { "%\($0)" } ?? "" : ""
    return .internet(
      host: resolved.takesIPv4 ? "*" : bound.address + zone, port: bound.port)
  }

  /// The address and port in a socket address of the system's form.
  static func peerAddress(_ storage: sockaddr_storage) -> PeerAddress {
    var storage = storage
    switch Int32(storage.ss_family) {
    case AF_INET:
      return unsafe withUnsafePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
          let bits = unsafe UInt32(bigEndian: address.pointee.sin_addr.s_addr)
          return unsafe PeerAddress(
            address: IPAddress(v4: bits).description,
            port: UInt16(bigEndian: address.pointee.sin_port))
        }
      }
    case AF_INET6:
      return unsafe withUnsafePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
          let bits = unsafe withUnsafeBytes(of: address.pointee.sin6_addr) { bytes in
            unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
          }
          return unsafe PeerAddress(
            address: IPAddress(v6: bits).description,
            port: UInt16(bigEndian: address.pointee.sin6_port))
        }
      }
    default:
      return PeerAddress(address: "unix", port: 0)
    }
  }
}
