import Vocabulary

/// The count of sessions that a person types before an act on many of them.
package enum TypedCount {
  /// The most sessions for which a yes is enough.
  package static let threshold = 100

  /// Whether the count has to be typed.
  package static func isWanted(for count: Int) -> Bool { count > threshold }

  /// Whether the text is the count; its groups may be separated, as they are shown.
  package static func matches(_ text: String, _ count: Int) -> Bool {
    QuantityText.count(from: text.filter { !$0.isWhitespace }) == count
  }
}
