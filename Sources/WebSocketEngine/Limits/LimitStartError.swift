package import Vocabulary

/// A limit that was set wrongly when the engine started.
package struct LimitStartError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the value stood.
  package enum Place: Hashable, Sendable {
    /// In an environment variable of that name.
    case environment(String)
    /// In a flag `KEY=VALUE`.
    case flag
    /// In what is declared for the route of that pattern.
    case route(String)
  }

  /// Where the value stood.
  package var place: Place
  /// What is wrong with it.
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
