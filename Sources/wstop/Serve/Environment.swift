import EventLoop
import Glibc
import Vocabulary

/// The environment variables that the program reads; an empty one counts as not set.
enum Environment {
  /// The variables that set limits.
  static var limits: [String: String] {
    var found: [String: String] = [:]
    for key in LimitKey.allCases {
      for name in [key.environmentName, key.definition.inheritedName].compactMap(\.self) {
        found[name] = self[name]
      }
    }
    return found
  }

  /// The value of a variable, or nil if it is unset or empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    // `FileName.text` keeps any bytes, which names of files may have.
    return FileName.text(Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
  }

  /// Variables that libraries read, and whose empty value they would take for a file's name.
  private static let namesOfLibraries = [
    "SSL_CERT_FILE", "SSL_CERT_DIR", "TERMINFO", "TERMINFO_DIRS",
  ]

  /// Unsets empty variables that libraries read; must be called before any thread starts.
  static func forgetEmpty() {
    for name in namesOfLibraries where getenv(name) != nil && self[name] == nil { unsetenv(name) }
  }

  /// The user's directory for sockets; nil if there is none that can be trusted.
  ///
  /// "The directory MUST be owned by the user" (XDG Base Directory Specification): another user's,
  /// as `su` and `sudo -E` leave it behind, is not used.
  static func runtimeDirectory(
    _ path: String? = Environment["XDG_RUNTIME_DIR"], userID: UInt32 = geteuid()
  ) -> (path: String?, complaint: String?) {
    guard let path else { return (nil, nil) }
    let shown = FileName.shown(path)
    do throws(SystemError) {
      guard let found = try FileStatus(at: path, followsLinks: true), found.owner != userID else {
        return (path, nil)
      }
      return (
        nil, "XDG_RUNTIME_DIR \(shown) belongs to user \(found.owner) and is not used"
      )
    } catch {
      return (nil, "XDG_RUNTIME_DIR is not used: \(UntrustedText.escaped(error.description))")
    }
  }

  /// The directory of named engines' sockets, determined once.
  static let socketDirectory = runtimeDirectory()

  /// Warns, once, why the directory of `XDG_RUNTIME_DIR` is not used.
  static let complainOnce: Void = {
    if let complaint = socketDirectory.complaint { StandardError.write("wstop: \(complaint)") }
  }()
}
