import Vocabulary

/// The number of sessions that a person has to type before an act on many of them.
package enum TypedCount {
  /// From more than this many on a yes is not enough.
  package static let threshold = 100

  /// Whether the number has to be typed.
  package static func isWanted(for count: Int) -> Bool { count > threshold }

  /// Whether what was typed is the number; its groups may stand apart, as they are shown.
  package static func matches(_ text: String, _ count: Int) -> Bool {
    QuantityText.count(from: text.filter { !$0.isWhitespace }) == count
  }
}
