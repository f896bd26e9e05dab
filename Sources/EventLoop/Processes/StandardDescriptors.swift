internal import CLinux
internal import Glibc

/// The descriptors 0, 1 and 2, which every part of a program takes for input, output and errors.
package enum StandardDescriptors {
  /// Opens `/dev/null` where one of them is closed; to be called before anything else is opened.
  ///
  /// A program that is started without one would give its number to the next descriptor it opens,
  /// and then write its output into that. The corresponding C functions are `fcntl` and `open`.
  ///
  /// - Throws: `SystemError` if one cannot be opened.
  package static func open() throws(SystemError) {
    for number in STDIN_FILENO...STDERR_FILENO {
      guard fcntl(number, F_GETFD) < 0, errno == EBADF else { continue }
      // The lowest number that is free is given, and those below this one are open.
      let opened = try Syscalls.call("open", about: "/dev/null") {
        unsafe CLinux_open("/dev/null", O_RDWR, 0)
      }
      precondition(opened == number, "descriptor \(number) was opened by somebody else meanwhile")
    }
  }
}
