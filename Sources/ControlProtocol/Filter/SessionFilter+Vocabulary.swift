extension SessionFilter {
  /// The words that terms begin with: keys with an operator that fits, and flags.
  public static let vocabulary: [String] =
    FilterKey.all.map { key in
      switch key {
      case .number(let number) where number != .code && number != .port: "\(key.name)>"
      default: "\(key.name)="
      }
    } + FilterFlag.allCases.map(\.rawValue)
}
