import ControlProtocol
import Vocabulary

/// The static completions of values for shells.
enum CompletionWords {
  /// The names of the close codes that may be sent, and some numbers of applications.
  static let closeCodes = CloseCode.named.compactMap(\.word) + ["4000", "4001"]

  /// The beginnings of a filter's terms.
  static let filterKeys = SessionFilter.vocabulary

  /// The columns to sort by, in their own order and both ways.
  static let sortKeys = SessionField.sortable.flatMap { key in
    [key.rawValue, "-" + key.rawValue, "+" + key.rawValue]
  }

  /// The keys of the limits.
  static let limitKeys = LimitKey.allCases.map(\.rawValue)

  /// The keys of the limits, as the beginnings of settings.
  static let limitSettings = limitKeys.map { $0 + "=" }
}
