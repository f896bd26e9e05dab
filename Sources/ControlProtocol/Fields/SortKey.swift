/// A column that a table can be sorted by.
public protocol SortKey: RawRepresentable<String>, Equatable, Sendable {
  /// The columns that the table can be sorted by, in the order of lists.
  static var sortable: [Self] { get }
  /// Whether a person who picks the column wants the greatest first.
  var isDescendingByDefault: Bool { get }
}

extension SortKey {
  /// The column of that name; nil for one that the table cannot be sorted by.
  public init?(column name: String) {
    guard let key = Self(rawValue: name), Self.sortable.contains(key) else { return nil }
    self = key
  }

  /// The names of the columns with a space between, for errors and help.
  public static var names: String { sortable.map(\.rawValue).joined(separator: " ") }
}
