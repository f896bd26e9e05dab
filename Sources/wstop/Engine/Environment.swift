import Glibc
import Vocabulary

/// The environment variables that the program reads.
enum Environment {
  /// Those that set limits.
  static var limits: [String: String] {
    var found: [String: String] = [:]
    for key in LimitKey.allCases {
      for name in [key.environmentName, key.definition.inheritedName].compactMap(\.self) {
        found[name] = self[name]
      }
    }
    return found
  }

  /// The value of a variable, or nil if it is not set.
  static subscript(name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
