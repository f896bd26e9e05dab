internal import CLinux
internal import Glibc

extension Syscalls {
  /// Fills memory with random bytes that nobody can foresee.
  ///
  /// The corresponding C function is `getrandom`.
  package static func fillRandomly(_ bytes: inout MutableSpan<UInt8>) {
    unsafe bytes.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < buffer.count {
        guard let start = buffer.baseAddress else { return }
        let count = unsafe getrandom(start + filled, buffer.count - filled, 0)
        // It is interrupted by a signal, or the kernel has no such call, which Swift needs as well.
        precondition(count >= 0 || errno == EINTR, "getrandom(2) fails")
        filled += max(0, count)
      }
    }
  }

  /// This process.
  ///
  /// The corresponding C function is `getpid`.
  package static var processID: Int32 { getpid() }

  /// The user that this process acts as.
  ///
  /// The corresponding C function is `geteuid`.
  package static var effectiveUserID: UInt32 { geteuid() }

  /// The name of a user, or nil if the system knows none.
  ///
  /// It may ask the network, and waits. The corresponding C function is `getpwuid_r`.
  package static func userName(of id: UInt32) -> String? {
    var entry = unsafe passwd()
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    var found: UnsafeMutablePointer<passwd>?
    guard unsafe getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil,
      let name = unsafe entry.pw_name
    else { return nil }
    return unsafe String(cString: name)
  }
}
