import Vocabulary

/// The visible part of a list, and how long the list is.
package struct ListExtent: Equatable, Sendable {
  /// The index of the first visible row.
  package var top: Int
  /// How many rows there is room for.
  package var visible: Int
  /// The rows of the list.
  package var count: Int
  /// Whether there are more that have not come yet.
  package var hasMore = false
  /// Of how many things the list shows those that match a filter; nil: it shows all.
  package var total: Int?

  /// An extent.
  package init(top: Int, visible: Int, count: Int, hasMore: Bool = false, total: Int? = nil) {
    self.top = top
    self.visible = visible
    self.count = count
    self.hasMore = hasMore
    self.total = total
  }

  /// The extent in words: `1–16 of 40`, `12 of 39 match`, `17–32 of 212 of 19 000`.
  package var text: String {
    guard count > 0 || total != nil else { return "" }
    let number = QuantityText.readableCount(count) + (hasMore ? "+" : "")
    let isWhole = count <= visible && !hasMore
    if isWhole, let total {
      return "\(number) of \(QuantityText.readableCount(max(total, count))) match"
    }
    let last = min(top + max(visible, 1), count)
    let part =
      "\(QuantityText.readableCount(top + 1))–\(QuantityText.readableCount(last)) of \(number)"
    return part + (total.map { " of \(QuantityText.readableCount(max($0, count)))" } ?? "")
  }
}
