import Glibc

/// A port of 127.0.0.1 where nobody listens, and which nobody else gets meanwhile: it is bound.
public final class UnusedPort: Sendable {
  /// The system gave no port.
  public struct Failed: Error {}

  private let descriptor: Int32
  /// The port.
  public let port: UInt16

  /// A port that the system chose, kept until this object ends.
  public init() throws {
    let descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else {
      if descriptor >= 0 { close(descriptor) }
      throw Failed()
    }
    self.descriptor = descriptor
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
