/// The values of fields that are known where a filter is typed, which completion offers.
public struct KnownValues: Equatable, Sendable {
  /// The most values of a field.
  public static let maximumCount = 1000

  private var values: [SessionField: Set<String>] = [:]

  /// The values of routes, and none of other fields.
  public init(routes: [String] = []) {
    add(routes, to: .route)
  }

  /// Adds values of a field; empty ones, and those beyond the most, are left out.
  public mutating func add(_ texts: some Sequence<String>, to field: SessionField) {
    for text in texts where !text.isEmpty && self[field].count < Self.maximumCount {
      values[field, default: []].insert(text)
    }
  }

  /// The values of a field, in no order.
  subscript(field: SessionField) -> Set<String> { values[field] ?? [] }
}
