internal import Glibc

extension Syscalls {
  /// How many descriptors the process has open; 3, the standard streams, if that cannot be found
  /// out.
  ///
  /// The corresponding C function is `readdir`, of `/proc/self/fd` (proc(5)).
  package static var openDescriptorCount: Int {
    guard let directory = unsafe opendir("/proc/self/fd") else { return 3 }
    defer { unsafe closedir(directory) }
    var count = 0
    while unsafe readdir(directory) != nil { count += 1 }
    // The entries `.` and `..` and the descriptor of the listing itself do not count.
    return max(0, count - 3)
  }
}
