internal import Glibc
internal import Vocabulary

/// An address in the system's form, looked up once: a name's first answer.
package struct ResolvedAddress: Sendable {
  /// The address that was looked up.
  package private(set) var address: SocketAddress
  private var storage = sockaddr_storage()
  private var length: socklen_t = 0
  /// Whether a socket that listens on it takes IPv4 too: `::` for both families.
  private(set) var takesIPv4 = false

  /// The address in numbers and the port, such as `2001:db8::7` and 443; `unix` for a path.
  package var numeric: PeerAddress { Socket.peerAddress(storage) }

  /// Its family, such as AF_INET.
  var family: Int32 { Int32(storage.ss_family) }

  /// Looks an address up; this may ask the network, and waits for the answer.
  ///
  /// The corresponding C function is `getaddrinfo`.
  ///
  /// - Throws: `SystemError` for a name that does not resolve, and a path that is too long.
  package init(_ address: SocketAddress) throws(SystemError) {
    switch address {
    case .unix(let path): try self.init(path: path)
    case .internet(let host, let port):
      guard let first = try Self.all(host: host, port: port).first else {
        throw SystemError(
          call: "getaddrinfo", number: EADDRNOTAVAIL, subject: address.description)
      }
      self = first
    }
  }

  private init(_ address: SocketAddress, bytes: UnsafeRawBufferPointer) {
    self.address = address
    let count = min(bytes.count, MemoryLayout<sockaddr_storage>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { storage in
      unsafe storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
    length = socklen_t(count)
  }

  /// All addresses of a name or literal, in the order in which they should be tried (RFC 6724).
  ///
  /// A host that is neither an address nor a name is not asked for, and an address asks nobody.
  ///
  /// - Throws: `SystemError` for a name that does not resolve.
  package static func all(host: String, port: UInt16) throws(SystemError) -> [ResolvedAddress] {
    let address = SocketAddress.internet(host: host, port: port)
    guard HostName.isHost(host) else {
      throw SystemError(call: "getaddrinfo", number: EAI_NONAME, subject: address.description)
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | (HostName.isAddress(host) ? AI_NUMERICHOST : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(literal(host), String(port), &hints, &list)
    defer { unsafe list.map { unsafe freeaddrinfo($0) } }
    guard code == 0 else {
      throw SystemError(
        call: "getaddrinfo", number: code == EAI_SYSTEM ? errno : code,
        subject: address.description)
    }
    var found: [ResolvedAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let bytes = unsafe entry.pointee.ai_addr {
        unsafe found.append(
          ResolvedAddress(
            address,
            bytes: UnsafeRawBufferPointer(start: bytes, count: Int(entry.pointee.ai_addrlen))))
      }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }

  /// The text to look up: an IPv4 address written as one of IPv6 is looked up as IPv4.
  private static func literal(_ host: String) -> String {
    guard let address = IPAddress(host), address.isIPv4 else { return host }
    return address.description
  }

  /// Each address that a listening host means.
  ///
  /// - Throws: `SystemError` for a name that does not resolve.
  static func all(
    of host: String, port: UInt16, isIPv6Only: Bool
  ) throws(SystemError) -> [ResolvedAddress] {
    let isWildcard = host == "*"
    guard isWildcard || isUnspecifiedIPv6(host) && !isIPv6Only else {
      return try all(host: host, port: port)
    }
    // All addresses are those of IPv4 where the system has no IPv6 at all.
    if isWildcard, !hasIPv6 { return try all(host: "0.0.0.0", port: port) }
    return try all(host: "::", port: port).map { address in
      var address = address
      address.takesIPv4 = true
      return address
    }
  }

  /// Whether a host is the address that stands for all of IPv6.
  static func isUnspecifiedIPv6(_ host: String) -> Bool {
    guard let address = IPAddress(host) else { return false }
    return !address.isIPv4 && address.bits == 0
  }

  private static var hasIPv6: Bool {
    let number = socket(AF_INET6, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return errno != EAFNOSUPPORT }
    Syscalls.close(number)
    return true
  }

  /// The first address of a name where somebody listens, else the very first.
  ///
  /// So `localhost` means 127.0.0.1 if nobody listens on ::1. It waits at most 3 s for each.
  ///
  /// - Throws: `SystemError` for a name that does not resolve.
  package static func listening(
    host: String, port: UInt16
  ) throws(SystemError) -> ResolvedAddress {
    let addresses = try all(host: host, port: port)
    guard let first = addresses.first else {
      throw SystemError(call: "getaddrinfo", number: EADDRNOTAVAIL, subject: host)
    }
    guard addresses.count > 1 else { return first }
    return addresses.first(where: \.isListenedOn) ?? first
  }

  private var isListenedOn: Bool {
    let number: Int32
    do throws(SystemError) {
      number = try Socket.connect(to: self)
    } catch {
      // The error is told to the caller that connects in the end.
      return false
    }
    let descriptor = OwnedDescriptor(owning: number)
    let readiness = Poll.wait(for: descriptor.number, .writable, milliseconds: 3000)
    return !readiness.isEmpty && Socket.connectError(descriptor.number) == nil
  }

  /// Exchanges the port of an Internet address.
  mutating func setPort(_ port: UInt16) {
    guard case .internet(let host, _) = address else { return }
    address = .internet(host: host, port: port)
    // The port follows the family in both kinds of address.
    unsafe withUnsafeMutableBytes(of: &storage) { storage in
      unsafe storage.storeBytes(
        of: port.bigEndian, toByteOffset: MemoryLayout<sa_family_t>.size, as: UInt16.self)
    }
  }

  private init(path: String) throws(SystemError) {
    address = .unix(path: path)
    let name = FileName.bytes(path)
    guard name.count <= SocketAddress.maximumPathByteCount else {
      throw SystemError(call: "bind", number: ENAMETOOLONG, subject: address.description)
    }
    var unix = sockaddr_un()
    unix.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &unix.sun_path) { unsafe $0.copyBytes(from: name) }
    unsafe withUnsafeMutableBytes(of: &storage) { storage in
      unsafe withUnsafeBytes(of: &unix) { unsafe storage.copyMemory(from: $0) }
    }
    length = socklen_t(MemoryLayout<sockaddr_un>.size)
  }

  func withPointer(
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
  ) throws(SystemError) {
    var copy = storage
    let length = self.length
    let outcome: Result<Void, SystemError> = unsafe withUnsafeMutablePointer(to: &copy) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        do throws(SystemError) {
          try unsafe body(pointer, length)
          return .success(())
        } catch {
          return .failure(error)
        }
      }
    }
    try outcome.get()
  }
}
