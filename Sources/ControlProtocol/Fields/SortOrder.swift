/// A column to sort by and its order, by the one notation of commands and files: `-KEY` is the
/// greatest first, `+KEY` the least first, and `KEY` the column's own order.
public struct SortOrder<Key: SortKey>: Equatable, Sendable {
  /// The column.
  public var key: Key
  /// Whether the greatest comes first; nil: the column's own order.
  public var isDescending: Bool?

  /// An order.
  public init(_ key: Key, isDescending: Bool? = nil) {
    self.key = key
    self.isDescending = isDescending
  }

  /// Reads an order.
  ///
  /// - Throws: `UnknownColumn` for a name that the table cannot be sorted by.
  public init(_ text: String) throws(UnknownColumn) {
    let sign = text.first.flatMap { "-+".contains($0) ? $0 : nil }
    let name = sign == nil ? text : String(text.dropFirst())
    guard let key = Key(column: name) else { throw UnknownColumn(name, among: Key.self) }
    self.init(key, isDescending: sign.map { $0 == "-" })
  }

  /// The order that holds.
  public var isGreatestFirst: Bool { isDescending ?? key.isDescendingByDefault }

  /// The shortest text that means the same.
  public var text: String {
    guard let isDescending, isDescending != key.isDescendingByDefault else { return key.rawValue }
    return (isDescending ? "-" : "+") + key.rawValue
  }

  /// The rule of the notation, for errors and help.
  public static var rule: String { "- in front is the greatest first, + the least" }
}
