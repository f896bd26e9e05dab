internal import Glibc

extension Syscalls {
  /// This process.
  ///
  /// The corresponding C function is `getpid`.
  package static var processID: Int32 { getpid() }

  /// The user that this process acts as.
  ///
  /// The corresponding C function is `geteuid`.
  package static var effectiveUserID: UInt32 { geteuid() }
}
