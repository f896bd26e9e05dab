import Foundation

/// A socket that lets connect and never says a word.
final class RawListener: Sendable {
  /// The port that it listens on.
  let port: Int
  private let descriptor: Int32

  init() throws {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(number, pointer, length) == 0 && listen(number, 16) == 0
          && getsockname(number, pointer, &length) == 0
      }
    }
    guard isListening else { throw Subprocess.Failure("listen", errno) }
    descriptor = number
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}
