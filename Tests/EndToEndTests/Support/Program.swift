import Foundation

/// The program under test, as it was built beside the tests.
enum Program {
  /// The path of `wstop`.
  static let path: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("wstop").path
  }()

  /// The environment of every program that a test starts: nothing of the person's own settings
  /// reaches it.
  static func environment(in directory: String) -> [String: String] {
    [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory, "LANG": "C.UTF-8", "TZ": "UTC",
      "XDG_RUNTIME_DIR": directory, "SWIFT_BACKTRACE": "enable=no", "PS1": "$ ",
    ]
  }
}
