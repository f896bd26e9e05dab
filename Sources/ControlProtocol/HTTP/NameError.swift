internal import Vocabulary

/// An unknown name in a request, with the nearest known one.
///
/// Requests that act refuse unknown names: a misspelt `dryRun` would otherwise be an act.
struct NameError {
  /// The kind of the name.
  enum Kind: String {
    /// A field of a body.
    case field
    /// A parameter of a query.
    case parameter
  }

  private let name: String
  private let known: [String]

  /// The error of an unknown name.
  init(_ name: String, among known: [String]) {
    self.name = name
    self.known = known
  }

  /// The refusal.
  func error(_ kind: Kind) -> ControlError {
    let shown = UntrustedText.escaped(name, limit: 64)
    let advice =
      if let nearest = NearestName.of(name, among: known) {
        "the nearest is \(nearest)"
      } else if known.isEmpty {
        "the request takes none"
      } else {
        "the \(kind.rawValue)s are \(known.joined(separator: " "))"
      }
    return ControlError(
      code: "unknown-\(kind.rawValue)",
      message: "no \(kind.rawValue) is called \"\(shown)\"; \(advice)")
  }
}
