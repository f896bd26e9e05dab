internal import Vocabulary

/// A name that no column has; its text names the nearest one, by its key and its title.
public struct UnknownColumn: Error, Equatable, Sendable, CustomStringConvertible {
  /// The end of the sentence: the nearest column, or all of them.
  private let advice: String
  private let name: String

  /// The fault of a name, where the columns are some keys.
  public init<Key: SortKey>(_ name: String, among keys: Key.Type) {
    self.name = name
    // A title or a heading is what a person sees of a column.
    let titled = Key.sortable.first { key in
      key.titles.contains { $0.lowercased() == name.lowercased() }
    }
    let nearest =
      titled
      ?? NearestName.of(name, among: Key.sortable.map(\.rawValue)).flatMap { Key(column: $0) }
    advice = nearest.map { "the nearest is \($0.named)" } ?? "they are \(Key.names)"
  }

  /// The sentence; safe to show.
  public var description: String {
    "no column is called \"\(UntrustedText.escaped(name, limit: 64))\"; \(advice)"
  }
}
