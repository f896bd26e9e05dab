internal import Glibc

/// An address as the system wants it, looked up once: a name's first answer.
package struct ResolvedAddress: Sendable {
  /// The address that was looked up.
  package let address: SocketAddress
  private var storage = sockaddr_storage()
  private var length: socklen_t = 0

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
  /// - Throws: `SystemError` for a name that does not resolve.
  package static func all(host: String, port: UInt16) throws(SystemError) -> [ResolvedAddress] {
    let address = SocketAddress.internet(host: host, port: port)
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    defer { unsafe list.map { unsafe freeaddrinfo($0) } }
    guard code == 0 else {
      throw SystemError(
        call: "getaddrinfo", number: code == EAI_SYSTEM ? errno : EADDRNOTAVAIL,
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
    guard let number = try? Socket.connect(to: self) else { return false }
    let descriptor = OwnedDescriptor(owning: number)
    let readiness = Poll.wait(for: descriptor.number, .writable, milliseconds: 3000)
    return !readiness.isEmpty && Socket.connectError(descriptor.number) == nil
  }

  private init(path: String) throws(SystemError) {
    address = .unix(path: path)
    guard path.utf8.count <= SocketAddress.maximumPathByteCount else {
      throw SystemError(call: "bind", number: ENAMETOOLONG, subject: address.description)
    }
    var unix = sockaddr_un()
    unix.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &unix.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
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
