/// A column that a table can be sorted by.
public protocol SortKey: RawRepresentable<String>, Equatable, Sendable {
  /// The columns that the table can be sorted by, in the order of lists.
  static var sortable: [Self] { get }
  /// Whether a person who picks the column wants the greatest first.
  var isDescendingByDefault: Bool { get }
  /// The column's name in a sentence.
  var title: String { get }
  /// The headings of the column, which a person may take for its name.
  var headings: [String] { get }
}

extension SortKey {
  /// The column of that name; nil for one that the table cannot be sorted by.
  public init?(column name: String) {
    guard let key = Self(rawValue: name), Self.sortable.contains(key) else { return nil }
    self = key
  }

  /// What a person may call the column besides its key.
  var titles: [String] { [title] + headings }

  /// The key with the title behind it, as menus, help and errors show a column: `in.bytes/s
  /// (bytes/s in)`; the key alone where that is the title.
  public var named: String {
    title.lowercased() == rawValue ? rawValue : "\(rawValue) (\(title))"
  }

  /// The names of the columns with a space between, for errors and help.
  public static var names: String { sortable.map(\.rawValue).joined(separator: " ") }
}
