package import Vocabulary

/// A limit that was set wrongly when the engine started.
package struct LimitStartError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place of a setting.
  package enum Place: Hashable, Sendable {
    /// In an environment variable of that name.
    case environment(String)
    /// In a flag `KEY=VALUE`.
    case flag
    /// In the declaration of the route of that pattern.
    case route(String)
  }

  /// The place of the value.
  package var place: Place
  /// The fault of the value.
  package var error: LimitError

  /// The whole sentence, which names the variable too.
  package var description: String {
    switch place {
    case .environment(let name): "\(name): \(error)"
    case .flag: error.description
    case .route(let pattern): "route \(UntrustedText.escaped(pattern)): \(error)"
    }
  }
}
