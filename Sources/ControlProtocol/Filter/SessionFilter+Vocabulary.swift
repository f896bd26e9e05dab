extension SessionFilter {
  /// The words that terms begin with: keys with an operator that fits, and flags.
  public static let vocabulary: [String] =
    SessionField.filterKeys.map { field in
      switch field.kind {
      case .port, .code: "\(field.rawValue)="
      case let kind: field.rawValue + (kind.isCompared ? ">" : "=")
      }
    } + SessionField.flags.map(\.rawValue)
}
